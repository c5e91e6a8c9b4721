/** What a record of a ZIP says of an entry. Sizes are numbers: all that a tree can hold is below 2^53. */
export interface ZipEntry {
  readonly name: Buffer;
  /** Of a unix file: type and rights. */
  readonly mode: number;
  readonly deflated: boolean;
  /** Sum and sizes stand behind the data, because they were not known before it. */
  readonly described: boolean;
  /** Whether the entry's own head has room for sizes from 4 GiB on. */
  readonly large: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** From here on a size or a place is written in eight bytes, and this in its four. */
export const most32 = 0xff_ff_ff_ff;
const most16 = 0xff_ff;
/** The first moment that a ZIP can name. It is a local time, so it is the same in every time zone. */
const [time, date] = [0, (1 << 5) | 1];
const namesAreUtf8 = 1 << 11;
const sizesFollow = 1 << 3;

function versionOf(large: boolean): number {
  return large ? 45 : 20;
}

function flagsOf({ described }: ZipEntry): number {
  return namesAreUtf8 | (described ? sizesFollow : 0);
}

/** Before the data. */
export function localHead(entry: ZipEntry): Buffer {
  const { name, deflated, described, large, crc, packed, size } = entry;
  const extra = large ? wide([described ? 0 : size, described ? 0 : packed]) : Buffer.alloc(0);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04_03_4b_50, 0);
  head.writeUInt16LE(versionOf(large), 4);
  head.writeUInt16LE(flagsOf(entry), 6);
  head.writeUInt16LE(deflated ? 8 : 0, 8);
  head.writeUInt16LE(time, 10);
  head.writeUInt16LE(date, 12);
  head.writeUInt32LE(described ? 0 : crc, 14);
  head.writeUInt32LE(large ? most32 : described ? 0 : packed, 18);
  head.writeUInt32LE(large ? most32 : described ? 0 : size, 22);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

/** Behind the data of an entry that is `described`. */
export function descriptor({ large, crc, packed, size }: ZipEntry): Buffer {
  const bytes = Buffer.alloc(large ? 24 : 16);
  bytes.writeUInt32LE(0x08_07_4b_50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (large) {
    bytes.writeBigUInt64LE(BigInt(packed), 8);
    bytes.writeBigUInt64LE(BigInt(size), 16);
  } else {
    bytes.writeUInt32LE(packed, 8);
    bytes.writeUInt32LE(size, 12);
  }
  return bytes;
}

/**
 * In the directory at the end; `at` is where its local head begins. It is kept until then, so it must hold nothing else: a buffer of
 * the shared pool would keep the packed bytes beside it.
 */
export function directoryRecord(entry: ZipEntry, at: number): Buffer {
  const { name, mode, deflated, crc, packed, size, large } = entry;
  const values = [size, packed, at].filter((value) => value >= most32);
  const extra = values.length > 0 ? wide(values) : Buffer.alloc(0);
  const head = Buffer.alloc(46 + name.length + extra.length);
  head.writeUInt32LE(0x02_01_4b_50, 0);
  // Made on unix, so that the mode is one.
  head.writeUInt16LE((3 << 8) | 63, 4);
  head.writeUInt16LE(versionOf(large || values.length > 0), 6);
  head.writeUInt16LE(flagsOf(entry), 8);
  head.writeUInt16LE(deflated ? 8 : 0, 10);
  head.writeUInt16LE(time, 12);
  head.writeUInt16LE(date, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(Math.min(packed, most32), 20);
  head.writeUInt32LE(Math.min(size, most32), 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE((mode << 16) >>> 0, 38);
  head.writeUInt32LE(Math.min(at, most32), 42);
  name.copy(head, 46);
  extra.copy(head, 46 + name.length);
  return head;
}

/** The very end: where the directory is. With more than four bytes can say, a second record says it. */
export function endOfDirectory(directory: {
  readonly entries: number;
  readonly at: number;
  readonly bytes: number;
}): Buffer {
  const { entries, at, bytes } = directory;
  const needed = entries >= most16 || at >= most32 || bytes >= most32;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06_05_4b_50, 0);
  end.writeUInt16LE(Math.min(entries, most16), 8);
  end.writeUInt16LE(Math.min(entries, most16), 10);
  end.writeUInt32LE(Math.min(bytes, most32), 12);
  end.writeUInt32LE(Math.min(at, most32), 16);
  return needed ? Buffer.concat([wideEnd(directory), end]) : end;
}

function wideEnd({
  entries,
  at,
  bytes,
}: {
  readonly entries: number;
  readonly at: number;
  readonly bytes: number;
}): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06_06_4b_50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE((3 << 8) | 63, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  record.writeUInt32LE(0x07_06_4b_50, 56);
  record.writeBigUInt64LE(BigInt(at + bytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** The extra field with eight bytes for each value that four cannot hold. */
function wide(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return extra;
}
