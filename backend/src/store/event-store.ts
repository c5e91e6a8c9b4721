import { randomUUID } from 'node:crypto';
import {
  foldRun,
  limits,
  parseNewEvent,
  type EventType,
  type NewEvent,
  type RunEvent,
  type RunState,
} from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { plain } from '../runs/run-name.ts';
import { summaryOf } from '../runs/run-summary.ts';
import type { Database, Sql } from './database.ts';
import { newsOf } from './run-news.ts';
import { StateCache } from './state-cache.ts';

/** A run's row, locked until the transaction ends: only its holder may append. */
export interface LockedRun {
  readonly id: string;
  readonly seq: number;
  readonly epoch: number;
}

interface EventRow {
  readonly run_id: string;
  readonly seq: number;
  readonly at: Date;
  readonly type: string;
  readonly actor: unknown;
  readonly data: unknown;
}

/** The log of all runs. Appends run inside the caller's transaction and become visible with its commit. */
export class EventStore {
  readonly #database: Database;
  readonly #clock: () => Date;
  readonly #states = new StateCache();

  constructor(database: Database, clock: () => Date = () => new Date()) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Events after `afterSeq`, oldest first, at most `limit`. */
  async read(runId: string, afterSeq: number, limit = 1_000_000): Promise<RunEvent[]> {
    return readFrom(this.#database, { runId, afterSeq, limit });
  }

  /** All events after `afterSeq` as one transaction sees them. */
  async readIn(sql: Sql, runId: string, afterSeq: number): Promise<RunEvent[]> {
    return readFrom(sql, { runId, afterSeq, limit: 1_000_000 });
  }

  /** Events in whose data this text stands between quotes: few, for a closer look. Throws run_missing. */
  async naming(runId: string, text: string): Promise<RunEvent[]> {
    await this.state(runId);
    const rows = await this.#database.query<EventRow>(
      'select * from run_events where run_id = $1 and position($2 in data::text) > 0 limit 50',
      [runId, JSON.stringify(text)],
    );
    return rows.map(toEvent);
  }

  /** The last event of this type up to a place; null when there is none. */
  async lastOf(runId: string, type: EventType, upTo: number): Promise<RunEvent | null> {
    const [row] = await this.#database.query<EventRow>(
      'select * from run_events where run_id = $1 and seq <= $2 and type = $3 order by seq desc limit 1',
      [runId, upTo, type],
    );
    return row ? toEvent(row) : null;
  }

  /** The state that the run's events fold to now. Throws run_missing. */
  async state(runId: string): Promise<RunState> {
    return this.#fold(this.#database, runId);
  }

  /** Locks the run's row. Throws run_missing. */
  async lock(sql: Sql, runId: string): Promise<LockedRun> {
    const [row] = await sql.query<{ seq: number; epoch: string }>(
      'select seq, epoch from runs where id = $1 for update',
      [runId],
    );
    if (!row) throw await missing(sql, runId);
    return { id: runId, seq: row.seq, epoch: Number(row.epoch) };
  }

  /** The locked run's state, which nothing can change before the transaction ends. */
  async lockedState(sql: Sql, run: LockedRun): Promise<RunState> {
    const known = this.#states.get(run.id);
    return known?.seq === run.seq ? known : this.#fold(sql, run.id);
  }

  /** The first events of a new run, with its row. */
  async create(
    sql: Sql,
    run: { readonly id: string; readonly uploadId: string | null },
    events: readonly NewEvent[],
  ): Promise<readonly RunEvent[]> {
    const placed = this.#place({ id: run.id, seq: 0 }, events);
    const state = foldRun(placed);
    if (!state) throw new Error('a run needs a first event');
    const summary = summaryOf(state);
    await sql.query(
      `insert into runs (id, name, seq, stage, search, summary, upload_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        run.id,
        state.name,
        state.seq,
        summary.state,
        searchText(state),
        JSON.stringify(summary),
        run.uploadId,
        state.createdAt,
        state.updatedAt,
      ],
    );
    await insertEvents(sql, placed, randomUUID());
    return placed;
  }

  /** Appends to a locked run and brings its row up to date. Throws event_too_large. */
  async append(
    sql: Sql,
    run: LockedRun,
    append: { readonly events: readonly NewEvent[]; readonly batch?: string },
  ): Promise<readonly RunEvent[]> {
    if (append.events.length === 0) return [];
    const placed = this.#place(run, append.events);
    const state = foldRun(placed, await this.lockedState(sql, run));
    if (!state) throw await missing(sql, run.id);
    const written = await writeEvents(sql, { placed, state, epoch: run.epoch, batch: append.batch ?? randomUUID() });
    if (!written) throw new Error(`run ${run.id} changed under its lock`);
    return placed;
  }

  /**
   * Appends in one statement, which is a transaction of its own: committed when this resolves. Null, with nothing written, when the run
   * is not known here as it is now, or is not of this epoch: then take its lock and look. Throws event_too_large.
   */
  async appendAtOnce(
    run: Pick<LockedRun, 'id' | 'epoch'>,
    append: { readonly events: readonly NewEvent[]; readonly batch: string },
  ): Promise<readonly RunEvent[] | null> {
    const known = this.#states.get(run.id);
    if (!known || append.events.length === 0) return null;
    const placed = this.#place(known, append.events);
    const state = foldRun(placed, known);
    if (!state) return null;
    if (!(await writeEvents(this.#database, { placed, state, epoch: run.epoch, batch: append.batch }))) return null;
    this.#states.set(state);
    return placed;
  }

  /** Takes in what was appended under a lock, once that is committed. */
  know(placed: readonly RunEvent[]): void {
    const [first] = placed;
    const known = first ? this.#states.get(first.runId) : null;
    const state = known && first?.seq === known.seq + 1 ? foldRun(placed, known) : null;
    if (state) this.#states.set(state);
  }

  /** Events that an earlier attempt of the same append left; empty when it never committed. */
  async batch(sql: Sql, runId: string, batch: string): Promise<RunEvent[]> {
    const rows = await sql.query<EventRow>('select * from run_events where run_id = $1 and batch = $2 order by seq', [
      runId,
      batch,
    ]);
    return rows.map(toEvent);
  }

  #place(run: { readonly id: string; readonly seq: number }, events: readonly NewEvent[]): RunEvent[] {
    const at = this.#clock().toISOString();
    return events.map((event, index) => {
      const parsed = parseNewEvent(event);
      const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
      if (bytes > limits.eventBytes) {
        throw new DomainError('event_too_large', 'too-large', {
          message: `This ${parsed.type} takes ${bytes} bytes; at most ${limits.eventBytes} fit. Make its text shorter.`,
        });
      }
      return { ...parsed, runId: run.id, seq: run.seq + index + 1, at };
    });
  }

  async #fold(sql: Sql, runId: string): Promise<RunState> {
    const known = this.#states.get(runId);
    // What is remembered of a run may have outlived it.
    if (known && (await sql.query('select 1 from runs where id = $1', [runId])).length === 0)
      throw await missing(sql, runId);
    const events = await readFrom(sql, { runId, afterSeq: known?.seq ?? 0, limit: 1_000_000 });
    const state = foldRun(events, known);
    if (!state) throw await missing(sql, runId);
    // Under a lock this transaction sees only what is committed, and so does the pool: the cache never runs ahead.
    if (state !== known) this.#states.set(state);
    return state;
  }
}

async function readFrom(
  sql: Sql,
  range: { readonly runId: string; readonly afterSeq: number; readonly limit: number },
): Promise<RunEvent[]> {
  const rows = await sql.query<EventRow>(
    'select run_id, seq, at, type, actor, data from run_events where run_id = $1 and seq > $2 order by seq limit $3',
    [range.runId, range.afterSeq, range.limit],
  );
  return rows.map(toEvent);
}

async function insertEvents(sql: Sql, events: readonly RunEvent[], batch: string): Promise<void> {
  const [first] = events;
  if (!first) return;
  await sql.query(
    `insert into run_events (run_id, seq, at, type, actor, data, batch)
     select $1, item.seq, item.at, item.type, item.actor::json, item.data::json, $2
     from unnest($3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::text[]) as item(seq, at, type, actor, data)`,
    [first.runId, batch, ...columnsOf(events)],
  );
  await sql.query(`select pg_notify('run_events', $1)`, [newsOf(events)]);
}

/**
 * Events, the run's row and the news in one statement, so that a durable fact is one way to the database and back. False, with nothing
 * written, when the run's last event is not the one before these, or its epoch another: a statement that waited for the row sees it anew.
 */
async function writeEvents(
  sql: Sql,
  write: {
    readonly placed: readonly RunEvent[];
    readonly state: RunState;
    readonly epoch: number;
    readonly batch: string;
  },
): Promise<boolean> {
  const { placed, state, epoch, batch } = write;
  const summary = summaryOf(state);
  const rows = await sql.query(
    `with run as (
       update runs set seq = $4, name = $5, stage = $6, summary = $7, updated_at = $8
       where id = $1 and seq = $2 and epoch = $3 returning id
     ), written as (
       insert into run_events (run_id, seq, at, type, actor, data, batch)
       select run.id, item.seq, item.at, item.type, item.actor::json, item.data::json, $9
       from run, unnest($10::int[], $11::timestamptz[], $12::text[], $13::text[], $14::text[]) as item(seq, at, type, actor, data)
     )
     select pg_notify('run_events', $15) from run`,
    [
      state.id,
      state.seq - placed.length,
      epoch,
      state.seq,
      state.name,
      summary.state,
      JSON.stringify(summary),
      state.updatedAt,
      batch,
      ...columnsOf(placed),
      newsOf(placed),
    ],
  );
  return rows.length > 0;
}

function columnsOf(events: readonly RunEvent[]): unknown[] {
  return [
    events.map((event) => event.seq),
    events.map((event) => event.at),
    events.map((event) => event.type),
    events.map((event) => JSON.stringify(event.actor)),
    events.map((event) => JSON.stringify(event.data)),
  ];
}

/** Types that this version does not know pass: readers and the fold skip them, and their seq still counts. */
function toEvent(row: EventRow): RunEvent {
  return {
    runId: row.run_id,
    seq: row.seq,
    at: row.at.toISOString(),
    type: row.type,
    actor: row.actor,
    data: row.data,
  } as RunEvent;
}

function searchText(state: RunState): string {
  return plain(`${state.name} ${state.promptHead}`).toLowerCase();
}

async function missing(sql: Sql, runId: string): Promise<DomainError> {
  const [stone] = await sql.query<{ deleted_at: Date; deleted_by: string }>(
    'select deleted_at, deleted_by from tombstones where run_id = $1',
    [runId],
  );
  if (stone)
    return new DomainError('run_deleted', 'not-found', {
      message: `Run ${runId} was deleted by ${stone.deleted_by} on ${stone.deleted_at.toISOString().slice(0, 10)}; its files and its log are gone.`,
    });
  return new DomainError('run_missing', 'not-found', { message: `There is no run ${runId} here.` });
}
