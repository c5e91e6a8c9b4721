import {
  limits,
  mostChecksHeard,
  outsideMessage,
  refuseCommand,
  utf8Length,
  type ExportRecord,
  type NewEvent,
  type RunState,
} from '@devfactory/contracts';
import { DomainError, type Exporter, type Heard, type HeardWords } from '@devfactory/kit';
import type { Intakes } from '../intakes/intakes.ts';
import type { RunStore } from '../runs/run.store.ts';
import type { Log } from '../server/log.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { HookStore } from './hook.store.ts';

interface ListeningParts {
  readonly database: Database;
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly hooks: HookStore;
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly intakes: Pick<Intakes, 'look'>;
  readonly log: Log;
  /** Milliseconds between two looks at everything; null: only when a hook tells. */
  readonly everyMs: number | null;
}

/** Calls of an hour that listening may cost: half of what GitHub gives a token. */
const callsPerHour = 2500;
const callsPerDelivery = 6;
const askMs = 120_000;

/**
 * Hears what is said about deliveries where they are, and tells it to their runs, each word once: its key is in the run's log, looked at
 * under the run's lock. What is asked for where issues may begin runs is heard at the same looks. What it missed while it was not running it finds at its next look, so nothing hangs on a hook's arrival.
 */
export class Listening {
  readonly #parts: ListeningParts;
  readonly #closing = new AbortController();
  /** Runs without a delivery that anything could be said about, and the place of the delivery that told so. */
  readonly #silent = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #passing: Promise<void> = Promise.resolve();

  constructor(parts: ListeningParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#next(0);
  }

  /** A hook was stored: looks now. */
  poke(): void {
    this.#enqueue('hooked');
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the server closes'));
    if (this.#timer) clearTimeout(this.#timer);
    await this.#passing;
  }

  #next(ms: number): void {
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.#enqueue('all'), ms);
  }

  #enqueue(which: 'all' | 'hooked'): void {
    this.#passing = this.#passing.then(() => this.#pass(which));
  }

  async #pass(which: 'all' | 'hooked'): Promise<void> {
    if (this.#closing.signal.aborted) return;
    let asked = 0;
    try {
      asked = await this.#look(which);
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#parts.log.warn({ error: String(error) }, 'listening to deliveries failed');
    }
    const { everyMs } = this.#parts;
    const affordable = (asked * callsPerDelivery * 3_600_000) / callsPerHour;
    if (which === 'all' && everyMs !== null) this.#next(Math.max(everyMs, affordable));
  }

  /** How many deliveries were asked about. */
  async #look(which: 'all' | 'hooked'): Promise<number> {
    const { hooks, log } = this.#parts;
    const told = await hooks.waiting();
    if (which === 'hooked' && told.length === 0) return 0;
    const repositories = new Set(told.map(({ repository }) => repository.toLowerCase()));
    let asked = await this.#parts.intakes.look(which === 'all' ? null : repositories, this.#closing.signal);
    for (const { runId, seq } of await this.#open()) {
      if (this.#closing.signal.aborted) return asked;
      if (this.#silent.get(runId) === seq) continue;
      try {
        asked += await this.#ask(runId, { seq, only: which === 'all' ? null : repositories });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        log.warn({ run: runId, code: error.code }, 'what was said about a delivery could not be heard');
      }
    }
    await hooks.done(told);
    return asked;
  }

  /** Runs with a delivery that is not settled. */
  async #open(): Promise<{ readonly runId: string; readonly seq: number }[]> {
    const rows = await this.#parts.database.query<{ run_id: string; seq: number }>(
      `select run_id, max(seq) filter (where type = 'export.delivered') as seq from run_events
       where type in ('export.delivered', 'export.settled') group by run_id
       having max(seq) filter (where type = 'export.delivered') > coalesce(max(seq) filter (where type = 'export.settled'), 0)`,
    );
    return rows.map((row) => ({ runId: row.run_id, seq: row.seq }));
  }

  async #ask(
    runId: string,
    { seq, only }: { readonly seq: number; readonly only: ReadonlySet<string> | null },
  ): Promise<number> {
    const state = await this.#parts.events.state(runId);
    const heardOf = newest(state.exports).flatMap((record) => {
      const exporter = this.#parts.exporters.get(record.destination.kind);
      return exporter?.heard && exporter.setUp().ready && record.location !== null
        ? [{ record, exporter, location: record.location }]
        : [];
    });
    if (heardOf.length === 0 || state.archived !== null || state.stage.name === 'cancelled')
      this.#silent.set(runId, seq);
    // Words are for a run that rests; one that works is asked about when it does.
    if (!['delivered', 'finished', 'waiting'].includes(state.stage.name) || this.#silent.has(runId)) return 0;
    let asked = 0;
    for (const { record, exporter, location } of heardOf) {
      const { destination } = record;
      if (only !== null && !(destination.kind === 'github' && only.has(destination.repository.toLowerCase()))) continue;
      asked += 1;
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(askMs)]);
      const heard = await exporter.heard?.({ runId, destination, location }, signal);
      if (heard) await this.#tell(runId, { record, heard });
    }
    return asked;
  }

  async #tell(
    runId: string,
    { record, heard }: { readonly record: ExportRecord; readonly heard: Heard },
  ): Promise<void> {
    if (heard.settled === null && heard.words.length === 0 && !heard.base) return;
    const { database, events, runs } = this.#parts;
    await database.transaction(async (sql) => {
      const run = await events.lock(sql, runId);
      const news = newsFor(await events.lockedState(sql, run), { record, heard });
      if (news.length === 0) return;
      await events.append(sql, run, { events: news });
      await runs.wake(sql, runId);
    });
  }
}

/** The newest delivery to each place. */
function newest(exports: readonly ExportRecord[]): ExportRecord[] {
  const places = new Map<string, ExportRecord>();
  for (const record of exports)
    if (record.state === 'delivered' && record.location !== null) places.set(record.location, record);
  return [...places.values()].filter(({ settled }) => settled === null);
}

/** What the run has not been told yet. */
function newsFor(
  state: RunState,
  { record, heard }: { readonly record: ExportRecord; readonly heard: Heard },
): NewEvent[] {
  const actor = { kind: 'factory' } as const;
  const now = state.exports.find(({ id }) => id === record.id);
  if (heard.settled !== null)
    return now?.settled === null
      ? [{ type: 'export.settled', actor, data: { exportId: record.id, outcome: heard.settled } }]
      : [];
  if (refuseCommand(state, { do: 'feedback', mode: 'queue', text: 'x' }) !== null) return [];
  const known = new Set(state.feedback.map(({ from }) => from?.key));
  const fresh = heard.words.filter(({ key, what }) => !known.has(key) && (what !== 'checks' || mayHearChecks(state)));
  const advance = advanceOf(state, { record, heard });
  const told = fresh.map((words, index): NewEvent => ({
    type: 'feedback.given',
    actor,
    data: {
      feedbackId: `fb-${state.feedback.length + 1 + index}`,
      mode: 'queue',
      text: messageOf(words),
      from: {
        place: 'github',
        what: words.what,
        key: words.key,
        author: words.author.slice(0, 100),
        url: words.url.slice(0, 500),
      },
    },
  }));
  return [...advance, ...told];
}

function advanceOf(
  { bases }: RunState,
  { record, heard: { base } }: { readonly record: ExportRecord; readonly heard: Heard },
): NewEvent[] {
  if (!base || bases.some((item) => item.key === base.key || item.state === 'advanced')) return [];
  const { key, branch, why } = base;
  const actor = { kind: 'factory' } as const;
  return [{ type: 'base.advanced', actor, data: { exportId: record.id, branch, why, key } }];
}

/** Checks that stay red would have the agent work for ever. */
function mayHearChecks({ feedback }: RunState): boolean {
  const since = feedback.length - feedback.findLastIndex(({ from }) => from === null) - 1;
  return since < mostChecksHeard;
}

function messageOf({ parts }: HeardWords): string {
  for (let most = parts.length; most > 1; most -= 1) {
    const message = outsideMessage(parts.slice(0, most));
    if (utf8Length(message) <= limits.feedbackBytes && message.length <= limits.feedbackBytes) return message;
  }
  return outsideMessage(parts.slice(0, 1))
    .slice(0, limits.feedbackBytes / 4)
    .toWellFormed();
}
