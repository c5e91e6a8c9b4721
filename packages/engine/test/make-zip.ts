import { writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export interface ZipMember {
  readonly path: string;
  readonly content?: string | Buffer;
  /** Type and permission bits as Unix has them. */
  readonly mode?: number;
  readonly compress?: boolean;
}

/** A ZIP as a well-behaved program makes it. */
export async function makeZip(members: readonly ZipMember[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { path, content = '', mode = 0o100644, compress = true } of members) {
    if (path.endsWith('/')) zip.addEmptyDirectory(path, { mode });
    else zip.addBuffer(Buffer.from(content), path, { mode, compress });
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** The same with every occurrence of one text replaced by another of the same length: how a hostile ZIP comes about. */
export function forge(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('lengths differ');
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Changes 32-bit numbers of the first entry in the central directory. Offsets: 16 checksum, 20 packed size, 24 size, 42 place. */
export function forgeDirectory(zip: Buffer, offset: number, value: number): Buffer {
  const forged = Buffer.from(zip);
  forged.writeUInt32LE(value, forged.indexOf('PK\u0001\u0002', 0, 'latin1') + offset);
  return forged;
}

export function writeZip(path: string, zip: Buffer): string {
  writeFileSync(path, zip);
  return path;
}
