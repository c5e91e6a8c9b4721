import type { Checkpoint, RunEvent } from '@devfactory/contracts';
import { blobsOf } from '@devfactory/engine';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { digestsIn } from '../runs/referenced-digests.ts';
import type { Database, Sql } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';

const behindRuns = 'select id, indexed_seq from runs where indexed_seq < seq';

interface Behind {
  readonly id: string;
  readonly indexed_seq: number;
}

/** Which blobs each run needs, read from its log. Brought up to date before it is asked: a run is read on from where that ended. */
export class BlobIndex {
  readonly #database: Database;
  readonly #events: EventStore;
  readonly #blobs: BlobStore;

  constructor(parts: { readonly database: Database; readonly events: EventStore; readonly blobs: BlobStore }) {
    this.#database = parts.database;
    this.#events = parts.events;
    this.#blobs = parts.blobs;
  }

  /** Reads what was appended since the last time, of every run. May be called at any time, and by several at once. */
  async refresh(): Promise<void> {
    const behind = await this.#database.query<Behind>(behindRuns);
    for (const { id, indexed_seq: after } of behind) await this.#refreshRun(id, after);
  }

  async #refreshRun(runId: string, after: number): Promise<void> {
    let events = await this.#events.read(runId, after);
    // What an archived run let go is not told by its newest events: all of it is read again.
    const anew = events.some((event) => event.type === 'run.archived');
    if (anew) events = await this.#events.read(runId, 0);
    const last = events.at(-1);
    if (!last) return;
    const kept = events.findLast((event) => event.type === 'run.archived');
    const { uses, unread } = await this.#read(events, kept?.type === 'run.archived' ? kept.data.kept : null);
    // From a checkpoint that could not be read on, the log is read again the next time: it may be mended by then.
    const upTo = unread === null ? last.seq : unread - 1;
    const sizes = await Promise.all([...uses].map(async (digest) => (await this.#blobs.size(digest)) ?? 0));
    await this.#database.transaction(async (sql) => {
      // A run that was deleted meanwhile needs nothing.
      const [run] = await sql.query<{ indexed_seq: number }>('select indexed_seq from runs where id = $1 for update', [
        runId,
      ]);
      if (!run || run.indexed_seq > upTo) return;
      if (anew) await sql.query('delete from blob_uses where run_id = $1', [runId]);
      await sql.query(
        `insert into blob_uses (run_id, digest, size) select $1, item.digest, item.size
         from unnest($2::text[], $3::bigint[]) as item(digest, size) on conflict do nothing`,
        [runId, [...uses], sizes],
      );
      await sql.query('update runs set indexed_seq = $2 where id = $1', [runId, upTo]);
    });
  }

  /** Blobs that these events need. `kept`: the checkpoints that still count; null for all. */
  async usesOf(events: readonly RunEvent[], kept: readonly string[] | null): Promise<Set<string>> {
    return (await this.#read(events, kept)).uses;
  }

  /** `unread`: the seq of the first event whose checkpoint could not be read, so that it may need more than what it names. */
  async #read(
    events: readonly RunEvent[],
    kept: readonly string[] | null,
  ): Promise<{ readonly uses: Set<string>; readonly unread: number | null }> {
    const uses = new Set<string>();
    let unread: number | null = null;
    for (const event of events) {
      const checkpoint = checkpointIn(event);
      if (checkpoint === null) digestsIn(event.data, uses);
      else if (kept === null || (event.type === 'checkpoint.made' && kept.includes(checkpoint.id))) {
        const { digests, whole } = await this.#needed(checkpoint);
        for (const digest of digests) uses.add(digest);
        if (!whole) unread ??= event.seq;
      }
    }
    return { uses, unread };
  }

  /** What is named counts even where it cannot be read: a damaged checkpoint may be mended from a backup. */
  async #needed(checkpoint: Checkpoint): Promise<{ readonly digests: readonly string[]; readonly whole: boolean }> {
    const named = [checkpoint.manifest, ...checkpoint.packs];
    try {
      return { digests: [...named, ...(await blobsOf(this.#blobs, checkpoint))], whole: true };
    } catch (error) {
      if (error instanceof DomainError && error.code === 'checkpoint_broken') return { digests: named, whole: false };
      throw error;
    }
  }

  /**
   * Every blob that some run needs, at one moment. What the index does not hold by then is read from the logs, so that a run which began
   * from another's checkpoint since `refresh` counts although that other is gone. Call refresh before: it leaves little to read.
   */
  async *all(): AsyncIterable<{ readonly digest: string }> {
    const { rows, unread } = await this.#database.transaction(async (sql) => {
      const rows = await sql.query<{ digest: string }>('select distinct digest from blob_uses');
      const behind = await sql.query<Behind>(behindRuns);
      const unread: RunEvent[][] = [];
      for (const { id, indexed_seq: after } of behind) unread.push(await this.#events.readIn(sql, id, after));
      return { rows, unread };
    }, 'repeatable read');
    yield* rows;
    for (const events of unread) for (const digest of await this.usesOf(events, null)) yield { digest };
  }

  /** Of these blobs, the ones that other runs need too, with the runs. */
  async shared(runId: string, digests: ReadonlySet<string>, sql: Sql = this.#database): Promise<Map<string, string[]>> {
    const rows = await sql.query<{ digest: string; runs: string[] }>(
      'select digest, array_agg(run_id order by run_id) as runs from blob_uses where digest = any($1) and run_id <> $2 group by digest',
      [[...digests], runId],
    );
    return new Map(rows.map(({ digest, runs }) => [digest, runs]));
  }

  async sizesOf(digests: Iterable<string>): Promise<number> {
    let bytes = 0;
    for (const digest of digests) bytes += (await this.#blobs.size(digest)) ?? 0;
    return bytes;
  }
}

function checkpointIn(event: RunEvent): Checkpoint | null {
  return event.type === 'checkpoint.made' || event.type === 'run.forked' ? event.data.checkpoint : null;
}
