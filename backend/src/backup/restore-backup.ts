import { randomUUID } from 'node:crypto';
import { DomainError, type BlobStore } from '@devfactory/kit';
import type { Database, Sql } from '../store/database.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import { readRecords, type BackupRecord } from './record-reader.ts';
import { EventRows, RunRow } from './records.ts';
import { insertSettings, SettingsRows } from './settings-rows.ts';

export interface RestoreParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly uploads: UploadFiles;
}

export interface RestoreReceipt {
  readonly runs: number;
  readonly events: number;
  readonly blobs: number;
}

/**
 * Fills an empty installation from a backup that was found whole (verifyBackup). All or nothing: rows are committed after the last blob is durable. Blobs that
 * an interrupted attempt left do no harm; it can be repeated. Throws not_empty, backup_damaged.
 */
export async function restoreBackup(parts: RestoreParts, path: string): Promise<RestoreReceipt> {
  await requireEmpty(parts.database);
  const receipt = { runs: 0, events: 0, blobs: 0 };
  await parts.database.transaction(async (sql) => {
    // Storing large blobs takes its time between two statements.
    await sql.query('set local idle_in_transaction_session_timeout = 0');
    await requireEmpty(sql);
    for await (const record of readRecords(path)) await take(parts, sql, { record, receipt });
  });
  return receipt;
}

async function requireEmpty(sql: Sql): Promise<void> {
  if ((await sql.query('select 1 from runs limit 1')).length === 0) return;
  throw new DomainError('not_empty', 'conflict', {
    message: 'This installation has runs already; a backup is restored into an empty data directory only (--data-dir).',
  });
}

async function take(
  parts: RestoreParts,
  sql: Sql,
  {
    record,
    receipt,
  }: { readonly record: BackupRecord; readonly receipt: { runs: number; events: number; blobs: number } },
): Promise<void> {
  const { head, body } = record;
  switch (head.kind) {
    case 'settings':
      return insertSettings(sql, SettingsRows.parse(await json(body)));
    case 'run':
      await insertRun(sql, RunRow.parse(await json(body)));
      receipt.runs += 1;
      return;
    case 'events': {
      const events = EventRows.parse(await json(body));
      await insertEvents(sql, events);
      receipt.events += events.length;
      return;
    }
    case 'upload':
      await expectDigest((await parts.uploads.take(body)).uploadId, head.id);
      return;
    case 'blob':
      await expectDigest((await parts.blobs.putStream(body)).digest, head.digest);
      receipt.blobs += 1;
      return;
    case 'end':
  }
}

async function insertRun(sql: Sql, run: RunRow): Promise<void> {
  await sql.query(
    `insert into runs (id, name, seq, needs_work, stage, search, summary, upload_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      run.id,
      run.name,
      run.seq,
      run.needsWork,
      run.stage,
      run.search,
      JSON.stringify(run.summary),
      run.uploadId,
      run.createdAt,
      run.updatedAt,
    ],
  );
}

async function insertEvents(sql: Sql, events: EventRows): Promise<void> {
  const column = <K extends keyof EventRows[number]>(name: K) => events.map((event) => event[name]);
  await sql.query(
    `insert into run_events (run_id, seq, at, type, actor, data, batch)
     select item.run_id, item.seq, item.at, item.type, item.actor::json, item.data::json, $1
     from unnest($2::text[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::text[]) as item(run_id, seq, at, type, actor, data)`,
    [
      randomUUID(),
      column('runId'),
      column('seq'),
      column('at'),
      column('type'),
      column('actor').map((value) => JSON.stringify(value)),
      column('data').map((value) => JSON.stringify(value)),
    ],
  );
}

async function json(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function expectDigest(actual: string, expected: string): Promise<void> {
  if (actual === expected) return;
  throw new DomainError('backup_damaged', 'invalid', {
    message: `The backup names ${expected}, but its bytes are ${actual}. Nothing was restored; take another copy of it.`,
  });
}
