import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { limits } from '@devfactory/contracts';
import { inspectZip, type UploadStore } from '@devfactory/engine';
import { DomainError } from '@devfactory/kit';
import { syncFile, syncFolder } from '../server/write-durably.ts';
import type { Database } from '../store/database.ts';

const keptDays = 7;

export interface UploadReceipt {
  readonly uploadId: string;
  readonly files: number;
  readonly bytes: number;
}

/** ZIPs that people sent as the first files of a run. Named by what they hold, so sending one twice is one upload. */
export class UploadFiles implements UploadStore {
  readonly #database: Database;
  readonly #folder: string;

  private constructor(database: Database, folder: string) {
    this.#database = database;
    this.#folder = folder;
  }

  static async in(dataDir: string, database: Database): Promise<UploadFiles> {
    const folder = join(dataDir, 'uploads');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    for (const name of await readdir(folder)) if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
    return new UploadFiles(database, folder);
  }

  /** Keeps a ZIP after every part of it was looked at. Throws upload_too_large, or inspectZip's zip_*, and keeps nothing. */
  async take(zip: AsyncIterable<Uint8Array>): Promise<UploadReceipt> {
    const draft = join(this.#folder, `${randomBytes(8).toString('hex')}.part`);
    try {
      const { digest, bytes } = await receive(zip, draft);
      const { files } = await inspectZip(draft);
      await syncFile(draft);
      await rename(draft, this.#path(digest));
      await syncFolder(this.#folder);
      await this.#database.query(
        'insert into uploads (id, bytes, files) values ($1, $2, $3) on conflict (id) do update set created_at = now()',
        [digest, bytes, files],
      );
      return { uploadId: digest, files, bytes };
    } finally {
      await rm(draft, { force: true });
    }
  }

  async open(uploadId: string): Promise<{ readonly path: string }> {
    const path = this.#path(uploadId);
    const there = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!there)
      throw new DomainError('upload_missing', 'invalid', {
        message: `There is no upload ${uploadId} here; send the ZIP again (POST /api/uploads).`,
      });
    return { path };
  }

  /** Removes uploads that no run names and that are older than a week. */
  async removeOld(): Promise<void> {
    const rows = await this.#database.query<{ id: string }>(
      `delete from uploads where created_at < now() - make_interval(days => $1)
         and not exists (select 1 from runs where runs.upload_id = uploads.id) returning id`,
      [keptDays],
    );
    for (const { id } of rows) await rm(this.#path(id), { force: true });
  }

  /** Size of an upload and the runs that began with it; null when it is not here. */
  async usersOf(uploadId: string): Promise<{ readonly bytes: number; readonly runs: readonly string[] } | null> {
    const [row] = await this.#database.query<{ bytes: string; runs: string[] }>(
      `select bytes, array(select id from runs where upload_id = uploads.id order by id) as runs from uploads where id = $1`,
      [uploadId],
    );
    return row ? { bytes: Number(row.bytes), runs: row.runs } : null;
  }

  /** Removes an upload that no run names any more. */
  async removeUnused(uploadId: string): Promise<void> {
    const rows = await this.#database.query(
      'delete from uploads where id = $1 and not exists (select 1 from runs where runs.upload_id = uploads.id) returning id',
      [uploadId],
    );
    if (rows.length > 0) await rm(this.#path(uploadId), { force: true });
  }

  #path(uploadId: string): string {
    if (!/^[0-9a-f]{64}$/.test(uploadId))
      throw new DomainError('upload_missing', 'invalid', { message: 'That is no upload id.' });
    return join(this.#folder, `${uploadId}.zip`);
  }
}

export function uploadTooLarge(): DomainError {
  return new DomainError('upload_too_large', 'too-large', {
    message: `An upload may have at most ${limits.uploadBytes / 1_000_000} MB. Leave caches and build outputs out.`,
  });
}

async function receive(zip: AsyncIterable<Uint8Array>, path: string): Promise<{ digest: string; bytes: number }> {
  const sha = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limits.uploadBytes) {
        done(uploadTooLarge());
        return;
      }
      sha.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(zip, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new DomainError('disk_full', 'unavailable', {
        message: 'The disk is full; nothing was kept. Make room, then send the ZIP again.',
        cause: error,
      });
    }
    throw error;
  }
  return { digest: sha.digest('hex'), bytes };
}
