import type { Client, Connection } from '@devfactory/client';
import { foldEvent, type DeliveryProgress, type LiveWords, type RunEvent, type RunState } from '@devfactory/contracts';
import { withWords, type LiveAnswer } from './live-answer.ts';

/** What is known of a run at this moment. `events` may begin later than the state while older ones are still being read. */
export interface RunSnapshot {
  readonly state: RunState | null;
  readonly events: readonly RunEvent[];
  /** Whether `events` holds everything from the first one on. */
  readonly whole: boolean;
  /** What the model writes at this moment; null when nothing is known of it. */
  readonly answer: LiveAnswer | null;
  /** How far the delivery under way is; null when nothing is known of it. */
  readonly progress: DeliveryProgress | null;
  readonly connection: 'opening' | Connection | 'failed';
  readonly error: unknown;
}

export interface RunStream {
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => RunSnapshot;
  readonly retry: () => void;
  readonly close: () => void;
}

type Schedule = (work: () => void) => void;

interface Source {
  readonly client: Client;
  readonly runId: string;
  readonly signal: AbortSignal;
}

const pageSize = 500;
/** A browser gives one host about six connections, and one of them is the live stream. */
const pagesAtOnce = 3;

/**
 * A run as it stands and as it goes on: the folded state first, then its events live from there, older events behind. However many events
 * arrive between two frames, listeners hear once.
 */
export function openRunStream(client: Client, runId: string, schedule: Schedule = nextFrame): RunStream {
  const held = new Held(schedule);
  let aborter = new AbortController();
  const run = (): void => {
    aborter = new AbortController();
    const { signal } = aborter;
    follow({ client, runId, signal }, held).catch((error: unknown) => {
      if (!signal.aborted) held.publish({ connection: 'failed', error });
    });
  };
  run();
  return {
    subscribe: held.subscribe,
    snapshot: () => held.current,
    retry: () => {
      aborter.abort();
      held.flush();
      held.publish({ connection: 'opening', error: null });
      run();
    },
    close: () => aborter.abort(),
  };
}

async function follow(source: Source, held: Held): Promise<void> {
  const { client, runId, signal } = source;
  if (held.current.state === null) held.publish({ state: await client.runs.get(runId) });
  if (signal.aborted) return;
  const after = held.current.state?.seq ?? 0;
  const onConnection = (connection: Connection): void => {
    if (!signal.aborted) held.publish({ connection, error: null });
  };
  const onWords = (words: LiveWords): void => {
    if (!signal.aborted) held.hear(words);
  };
  const onProgress = (progress: DeliveryProgress): void => {
    if (!signal.aborted) held.publish({ progress });
  };
  const live = async (): Promise<void> => {
    for await (const event of client.followRun({ runId, after, signal, onConnection, onWords, onProgress }))
      held.take(event);
  };
  await Promise.all([live(), held.current.whole ? null : readPast(source, held, after)]);
}

/** The newest page first, for that is what a person sees; then all before it. */
async function readPast(source: Source, held: Held, upTo: number): Promise<void> {
  // A try before this one may have left a part; it is read anew, up to where the state stands.
  held.publish({ events: [] });
  const tail = Math.max(0, upTo - pageSize);
  const newest = await readSpan(source, tail, upTo);
  if (source.signal.aborted) return;
  held.publish({ events: [...newest, ...held.current.events], whole: tail === 0 });
  if (tail === 0) return;
  const older = await readSpan(source, 0, tail);
  if (!source.signal.aborted) held.publish({ events: [...older, ...held.current.events], whole: true });
}

/** Events after `after` up to `upTo`, in order. Seqs have no holes, so pages can be asked for side by side. */
async function readSpan({ client, runId }: Source, after: number, upTo: number): Promise<RunEvent[]> {
  const starts = Array.from({ length: Math.ceil((upTo - after) / pageSize) }, (_, page) => after + page * pageSize);
  const pages: RunEvent[][] = [];
  for (let at = 0; at < starts.length; at += pagesAtOnce) {
    const some = await Promise.all(
      starts
        .slice(at, at + pagesAtOnce)
        .map((start) => client.runs.log(runId, { after: start, limit: Math.min(pageSize, upTo - start) })),
    );
    pages.push(...some.map((page) => page.events));
  }
  return pages.flat();
}

/** The snapshot, who listens to it, and the events that wait for the next frame. */
class Held {
  current: RunSnapshot = {
    state: null,
    events: [],
    whole: false,
    answer: null,
    progress: null,
    connection: 'opening',
    error: null,
  };
  readonly #listeners = new Set<() => void>();
  readonly #schedule: Schedule;
  #fresh: RunEvent[] = [];
  #heard: LiveWords[] = [];

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  publish(change: Partial<RunSnapshot>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.#listeners) listener();
  }

  take(event: RunEvent): void {
    this.#fresh.push(event);
    this.#soon();
  }

  hear(words: LiveWords): void {
    this.#heard.push(words);
    this.#soon();
  }

  #soon(): void {
    if (this.#fresh.length + this.#heard.length === 1) this.#schedule(() => this.flush());
  }

  flush(): void {
    const [batch, heard] = [this.#fresh, this.#heard];
    [this.#fresh, this.#heard] = [[], []];
    if (batch.length + heard.length === 0) return;
    const state = batch.reduce<RunState | null>(foldEvent, this.current.state);
    const answer = heard.reduce<LiveAnswer | null>(withWords, this.current.answer);
    const call = state?.modelCall;
    // A call that broke, or that a pause ended, writes nothing more.
    const isBroken = call?.callId === answer?.callId && call?.outcome === 'failed';
    const isOpen =
      !isBroken && (state?.steps.some(({ step, body }) => step === answer?.step && body === null) ?? false);
    this.publish({
      state,
      ...(batch.length > 0 ? { events: [...this.current.events, ...batch] } : {}),
      answer: isOpen ? answer : null,
    });
  }
}

/** Before the next picture; in a hidden tab, which draws none, soon. */
function nextFrame(work: () => void): void {
  if (document.hidden) setTimeout(work, 100);
  else requestAnimationFrame(work);
}
