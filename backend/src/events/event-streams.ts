import { setTimeout as pause } from 'node:timers/promises';
import type { RunEvent, RunSummary } from '@devfactory/contracts';
import type { Session, SessionStore } from '../auth/session.store.ts';
import type { RunStore } from '../runs/run.store.ts';
import { isConnectionFailure } from '../store/connection-failure.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Listener } from '../store/listener.ts';
import { readNews } from '../store/run-news.ts';
import { readToldProgress } from './live-progress.ts';
import { readSaidWords } from './live-words.ts';
import type { SseStream } from './sse-stream.ts';
import { Wake } from './wake.ts';

const batch = 500;
const retryMs = 250;
/** How far back the feed looks after a lost connection: longer than any transaction takes to commit. */
const overlapMs = 60_000;

export interface EventStreamsParts {
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly listener: Listener;
  readonly sessions: SessionStore;
}

/** Live streams. Notifications only wake them; what they send comes from the tables, in order, each once. */
export class EventStreams {
  readonly #parts: EventStreamsParts;
  readonly #open = new Map<SseStream, string | null>();
  readonly #reads = new Map<string, Promise<RunEvent[]>>();
  readonly #stopListening: readonly (() => void)[];

  constructor(parts: EventStreamsParts) {
    this.#parts = parts;
    this.#stopListening = [
      parts.listener.on('session_ended', (hash) => void this.#closeEnded(hash)),
      // First in line: a read that began before this news must not be shared with those whom it wakes.
      parts.listener.on('run_events', () => this.#reads.clear()),
    ];
  }

  /** Sends a run's events from `afterSeq` on until the stream closes. */
  async followRun(
    stream: SseStream,
    from: { readonly runId: string; readonly afterSeq: number; readonly session: Session | null },
  ): Promise<void> {
    const wake = new Wake();
    const stop = this.#parts.listener.on('run_events', (payload) => {
      const news = readNews(payload);
      if (news === null || news.runId === from.runId) wake.ring();
    });
    const stopWords = this.#parts.listener.on('run_words', (payload) => {
      const said = payload === null ? null : readSaidWords(payload);
      if (said?.runId === from.runId) stream.sendIfRoom({ event: 'words', data: said.words });
    });
    const stopProgress = this.#parts.listener.on('run_progress', (payload) => {
      const told = payload === null ? null : readToldProgress(payload);
      if (told?.runId === from.runId) stream.sendIfRoom({ event: 'progress', data: told.progress });
    });
    await this.keep(stream, from.session, async () => {
      for (let last = from.afterSeq; !stream.closed.aborted;) {
        const events = await this.#patiently(stream, () => this.#read(from.runId, last));
        await stream.send(events.map((event) => ({ id: event.seq, event: 'run', data: event })));
        last = events.at(-1)?.seq ?? last;
        if (events.length < batch) await wake.wait(stream.closed);
      }
    }).finally(() => {
      stop();
      stopWords();
      stopProgress();
    });
  }

  /** Sends the summary of each run that changes until the stream closes. */
  async followAll(stream: SseStream, session: Session | null): Promise<void> {
    const wake = new Wake();
    const changed = new Set<string>();
    let missedSince: Date | null = null;
    let heard = new Date();
    const stop = this.#parts.listener.on('run_events', (payload) => {
      const news = readNews(payload);
      if (news === null) missedSince ??= new Date(heard.getTime() - overlapMs);
      else changed.add(news.runId);
      heard = new Date();
      wake.ring();
    });
    await this.keep(stream, session, async () => {
      while (!stream.closed.aborted) {
        await wake.wait(stream.closed);
        const since = missedSince;
        missedSince = null;
        const ids = [...changed];
        changed.clear();
        const summaries = await this.#patiently(stream, () => this.#summaries(ids, since));
        await stream.send(summaries.map((summary) => ({ event: 'summary', data: summary })));
      }
    }).finally(stop);
  }

  /** Ends every stream, for the server closes. */
  close(): void {
    for (const stop of this.#stopListening) stop();
    for (const stream of this.#open.keys()) stream.close();
  }

  /** Keeps a stream among those that end with its session and with the server, while something is sent to it. */
  async keep(stream: SseStream, session: Session | null, send: () => Promise<void>): Promise<void> {
    this.#open.set(stream, session?.hash ?? null);
    try {
      await send();
    } finally {
      this.#open.delete(stream);
      stream.close();
    }
  }

  async #closeEnded(hash: string | null): Promise<void> {
    const held = new Set([...this.#open.values()].filter((item) => item !== null));
    // After a lost connection nobody knows who logged out meanwhile.
    const ended = hash === null ? await this.#parts.sessions.ended([...held]).catch(() => []) : [hash];
    for (const [stream, owner] of this.#open) if (owner !== null && ended.includes(owner)) stream.close();
  }

  /** A thousand readers at the same place ask the database once. */
  #read(runId: string, afterSeq: number): Promise<RunEvent[]> {
    const key = `${runId} ${afterSeq}`;
    const known = this.#reads.get(key);
    if (known) return known;
    const asked = this.#parts.events.read(runId, afterSeq, batch).finally(() => {
      if (this.#reads.get(key) === asked) this.#reads.delete(key);
    });
    this.#reads.set(key, asked);
    return asked;
  }

  async #summaries(ids: readonly string[], since: Date | null): Promise<RunSummary[]> {
    const found = await this.#parts.runs.summaries(ids);
    const missed = since ? await this.#parts.runs.changedSince(since) : [];
    return [...new Map([...missed, ...found].map((summary) => [summary.id, summary])).values()];
  }

  /** While the database is away the stream stays open and waits. */
  async #patiently<T>(stream: SseStream, read: () => Promise<T[]>): Promise<T[]> {
    while (!stream.closed.aborted) {
      try {
        return await read();
      } catch (error) {
        if (!isConnectionFailure(error)) throw error;
        await pause(retryMs, undefined, { signal: stream.closed }).catch(() => undefined);
      }
    }
    return [];
  }
}
