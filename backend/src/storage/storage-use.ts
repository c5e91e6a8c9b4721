import type { Quota, RunStoragePage, StorageUse } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import type { Database } from '../store/database.ts';
import type { BlobIndex } from './blob-index.ts';
import type { Leftovers } from './leftovers.ts';

/** Measuring walks over everything: an answer this old is good enough. */
const freshMs = 30_000;
const near = 0.8;

export interface StorageUseParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly index: BlobIndex;
  readonly leftovers: Leftovers;
  /** Null: nothing limits it. */
  readonly quotaBytes: number | null;
}

/** What the installation keeps, in all and by run, and how near its quota that is. */
export class StorageMeter {
  readonly #parts: StorageUseParts;
  #last: { readonly at: number; readonly use: Promise<StorageUse> } | null = null;

  constructor(parts: StorageUseParts) {
    this.#parts = parts;
  }

  /** At most half a minute old. */
  use(): Promise<StorageUse> {
    const now = performance.now();
    if (this.#last === null || now - this.#last.at > freshMs) {
      const use = this.#measure();
      this.#last = { at: now, use };
      use.catch(() => this.forget());
    }
    return this.#last.use;
  }

  /** After a clean-up, or a removal. */
  forget(): void {
    this.#last = null;
  }

  /** Throws quota_reached: before a run begins. Runs that are there go on whatever is full. */
  async requireRoom(): Promise<void> {
    if (this.#parts.quotaBytes === null) return;
    const { quota } = await this.use();
    if (quota.state === 'reached') throw new DomainError('quota_reached', 'conflict', { message: quota.sentence });
  }

  /** The runs that keep most first. */
  async runs({ offset, limit }: { readonly offset: number; readonly limit: number }): Promise<RunStoragePage> {
    const { database, index, leftovers } = this.#parts;
    await index.refresh();
    const rows = await database.query<UseRow>(
      `select r.id, r.name, r.stage, coalesce(r.summary ->> 'archived', 'false') = 'true' as archived,
              u.count, u.bytes, u.own_count, u.own_bytes,
              (select coalesce(sum(pg_column_size(e.data)), 0) from run_events e where e.run_id = r.id) as log_bytes
       from runs r
       join lateral (
         select count(*) as count, coalesce(sum(a.size), 0) as bytes,
                count(*) filter (where not shared) as own_count, coalesce(sum(a.size) filter (where not shared), 0) as own_bytes
         from (select b.size, exists (select 1 from blob_uses o where o.digest = b.digest and o.run_id <> b.run_id) as shared
               from blob_uses b where b.run_id = r.id) a
       ) u on true
       order by u.bytes desc, r.id limit $1 offset $2`,
      [limit + 1, offset],
    );
    const page = rows.slice(0, limit);
    const workspaces = await Promise.all(page.map(({ id }) => leftovers.usageOf(id)));
    return {
      runs: page.map((row, place) => ({
        id: row.id,
        name: row.name,
        state: row.stage,
        archived: row.archived,
        blobs: { count: Number(row.count), bytes: Number(row.bytes) },
        ownBlobs: { count: Number(row.own_count), bytes: Number(row.own_bytes) },
        logBytes: Number(row.log_bytes),
        workspaceBytes: workspaces[place]?.bytes ?? null,
      })),
      next: rows.length > limit ? offset + limit : null,
    };
  }

  async #measure(): Promise<StorageUse> {
    const { database, blobs, leftovers } = this.#parts;
    const stored = { count: 0, bytes: 0 };
    for await (const { size } of blobs.list()) {
      stored.count += 1;
      stored.bytes += size;
    }
    const [logs] = await database.query<{ count: string; bytes: string }>(
      `select (select coalesce(sum(seq), 0) from runs) as count, pg_total_relation_size('run_events') as bytes`,
    );
    const [uploads] = await database.query<{ count: string; bytes: string }>(
      'select count(*) as count, coalesce(sum(bytes), 0) as bytes from uploads',
    );
    const parts = {
      blobs: stored,
      workspaces: await leftovers.usage(),
      uploads: { count: Number(uploads?.count), bytes: Number(uploads?.bytes) },
      logs: { count: Number(logs?.count), bytes: Number(logs?.bytes) },
    };
    const used = Object.values(parts).reduce((sum, { bytes }) => sum + bytes, 0);
    return { ...parts, quota: quotaOf(this.#parts.quotaBytes, used), measuredAt: new Date().toISOString() };
  }
}

interface UseRow {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly archived: boolean;
  readonly count: string;
  readonly bytes: string;
  readonly own_count: string;
  readonly own_bytes: string;
  readonly log_bytes: string;
}

function quotaOf(bytes: number | null, used: number): Quota {
  if (bytes === null) return { bytes, used, state: 'none', sentence: '' };
  const share = `${inMegabytes(used)} of ${inMegabytes(bytes)} MB (DEVFACTORY_QUOTA_MB) are used`;
  if (used >= bytes)
    return {
      bytes,
      used,
      state: 'reached',
      sentence: `${share}: no new run begins. Delete or archive runs, clean up (devfactory clean-up), or raise the quota. Runs that are under way go on.`,
    };
  return used >= near * bytes
    ? { bytes, used, state: 'near', sentence: `${share}; at the quota new runs are refused.` }
    : { bytes, used, state: 'fine', sentence: '' };
}

function inMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
