import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@devfactory/kit';
import { magics, RecordHead } from './records.ts';

const longestLine = 4096;

export interface BackupRecord {
  readonly head: RecordHead;
  /** To be read to its end before the next record is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The records of a backup file, in order. Throws backup_damaged when anything is missing, changed or added. */
export async function* readRecords(path: string): AsyncGenerator<BackupRecord> {
  const bytes = new ByteReader(path);
  const sha = createHash('sha256');
  try {
    const first = `${await bytes.line()}\n`;
    if (!magics.includes(first)) throw damaged('it does not begin like a backup of DevFactory');
    sha.update(first);
    for (;;) {
      const line = await bytes.line();
      const head = parseHead(line);
      if (head.kind === 'end') {
        if (head.sha256 !== sha.digest('hex')) throw damaged('its checksum does not fit');
        if (!(await bytes.isAtEnd())) throw damaged('something follows its end');
        yield { head, body: bytes.take(0) };
        return;
      }
      sha.update(`${line}\n`);
      const body = bytes.take(head.bytes, (chunk) => sha.update(chunk));
      yield { head, body };
      for await (const _rest of body) continue;
    }
  } finally {
    bytes.close();
  }
}

/** Reads the whole file once: only a backup that is known to be whole may be restored. */
export async function verifyBackup(path: string): Promise<void> {
  for await (const { body } of readRecords(path)) for await (const _chunk of body) continue;
}

class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #file;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#file = createReadStream(path);
    const unpacked = createGunzip();
    this.#file.once('error', (error) => unpacked.destroy(error));
    this.#chunks = this.#file.pipe(unpacked)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end >= 0) {
        const line = this.#rest.subarray(0, end).toString();
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > longestLine || !(await this.#more())) throw damaged('it ends too early');
    }
  }

  async *take(count: number, seen: (chunk: Uint8Array) => void = () => undefined): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) throw damaged('it ends too early');
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      seen(chunk);
      yield chunk;
    }
  }

  async isAtEnd(): Promise<boolean> {
    return this.#rest.length === 0 && !(await this.#more());
  }

  close(): void {
    this.#file.destroy();
  }

  async #more(): Promise<boolean> {
    const next = await this.#next();
    if (next.done === true) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }

  /** Bytes that cannot be unpacked show wherever a record is being read. */
  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#chunks.next();
    } catch (error) {
      throw isDataFault(error) ? damaged(error.message) : error;
    }
  }
}

function parseHead(line: string): RecordHead {
  try {
    return RecordHead.parse(JSON.parse(line));
  } catch (error) {
    throw damaged(`a record's head cannot be read (${error instanceof Error ? error.name : 'unknown'})`);
  }
}

function isDataFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

function damaged(why: string): DomainError {
  return new DomainError('backup_damaged', 'invalid', {
    message: `The backup cannot be used: ${why}. Nothing was restored; take another copy of it.`,
  });
}
