import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BlobStore } from '@devfactory/kit';
import { syncFile, syncFolder } from '../server/write-durably.ts';
import type { Database, Sql } from '../store/database.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import { BackupLock } from './backup-lock.ts';
import { magic, type EventRows, type RecordHead, type RunRow } from './records.ts';
import { readSettings, type SettingsRows } from './settings-rows.ts';

const page = 500;

export interface BackupParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly uploads: UploadFiles;
}

/** The whole installation as one stream, while it works: settings, runs, events, uploads, blobs. Sessions, tokens, keys and passwords stay out. */
export class BackupSource {
  readonly #parts: BackupParts;
  readonly #lock: BackupLock;

  constructor(parts: BackupParts) {
    this.#parts = parts;
    this.#lock = new BackupLock(parts.database);
  }

  /** Whether one is being written, by whichever process on this database: what is there now must stay until then. */
  isRunning(sql?: Sql): Promise<boolean> {
    return this.#lock.isHeld(sql);
  }

  /** Compressed; breaks off with an error when something cannot be read. */
  stream(): Readable {
    const records = Readable.from(withChecksum(this.#records()), { objectMode: false });
    const packed = createGzip({ level: 1 });
    records.once('error', (error) => packed.destroy(error));
    packed.once('close', () => records.destroy());
    return records.pipe(packed);
  }

  /** Writes the backup under its name only when all of it is on the disk. */
  async backupTo(path: string): Promise<void> {
    const target = resolve(path);
    const draft = `${target}.part`;
    try {
      await pipeline(this.stream(), createWriteStream(draft, { mode: 0o600 }));
      await syncFile(draft);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await syncFolder(dirname(target));
  }

  async *#records(): AsyncGenerator<Uint8Array> {
    const release = await this.#lock.hold();
    try {
      yield* this.#everything();
    } finally {
      release();
    }
  }

  async *#everything(): AsyncGenerator<Uint8Array> {
    const { database, blobs, uploads } = this.#parts;
    yield* record('settings', await readSettings(database));
    // The rows are the snapshot: each says how far its run's log, which is never changed, had got at one moment.
    const runs = (await database.query<Row>('select * from runs order by created_at, id')).map(toRunRow);
    for (const run of runs) {
      yield* record('run', run);
      yield* this.#events(run);
    }
    for (const { id, files } of await database.query<{ id: string; files: number }>(
      'select id, files from uploads order by id',
    )) {
      const { path } = await uploads.open(id);
      yield* streamRecord({ kind: 'upload', id, files, bytes: (await stat(path)).size }, createReadStream(path));
    }
    // An event's blobs are durable before the event is: whatever the rows above name is in this list.
    for await (const { digest, size } of blobs.list())
      yield* streamRecord({ kind: 'blob', digest, bytes: size }, blobs.getStream(digest));
  }

  async *#events(run: RunRow): AsyncGenerator<Uint8Array> {
    for (let after = 0; after < run.seq;) {
      const rows = await this.#parts.database.query<{
        run_id: string;
        seq: number;
        at: Date;
        type: string;
        actor: never;
        data: never;
      }>(
        'select run_id, seq, at, type, actor, data from run_events where run_id = $1 and seq > $2 and seq <= $3 order by seq limit $4',
        [run.id, after, run.seq, page],
      );
      const events: EventRows = rows.map((row) => ({
        runId: row.run_id,
        seq: row.seq,
        at: row.at.toISOString(),
        type: row.type,
        actor: row.actor,
        data: row.data,
      }));
      const last = events.at(-1);
      if (!last) throw new Error(`the log of ${run.id} ends before ${run.seq}`);
      after = last.seq;
      yield* record('events', events);
    }
  }
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly seq: number;
  readonly needs_work: boolean;
  readonly stage: string;
  readonly search: string;
  readonly summary: RunRow['summary'];
  readonly upload_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

function toRunRow(row: Row): RunRow {
  return {
    id: row.id,
    name: row.name,
    seq: row.seq,
    needsWork: row.needs_work,
    stage: row.stage,
    search: row.search,
    summary: row.summary,
    uploadId: row.upload_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function* record(kind: 'settings' | 'run' | 'events', value: SettingsRows | RunRow | EventRows): Generator<Uint8Array> {
  const body = Buffer.from(JSON.stringify(value));
  yield head({ kind, bytes: body.length });
  yield body;
}

async function* streamRecord(about: RecordHead, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head(about);
  let sent = 0;
  for await (const chunk of body) {
    sent += chunk.length;
    yield chunk;
  }
  if (sent !== about.bytes) throw new Error(`a ${about.kind} of ${about.bytes} bytes gave ${sent}`);
}

function head(about: RecordHead): Uint8Array {
  return Buffer.from(`${JSON.stringify(about)}\n`);
}

async function* withChecksum(records: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const sha = createHash('sha256').update(magic);
  yield Buffer.from(magic);
  for await (const chunk of records) {
    sha.update(chunk);
    yield chunk;
  }
  yield head({ kind: 'end', bytes: 0, sha256: sha.digest('hex') });
}
