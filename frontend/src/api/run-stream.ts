import type { Client, Connection } from '@devfactory/client';
import { foldEvent, type RunEvent, type RunState } from '@devfactory/contracts';

/** What is known of a run at this moment. `events` may begin later than the state while older ones are still being read. */
export interface RunSnapshot {
  readonly state: RunState | null;
  readonly events: readonly RunEvent[];
  /** Whether `events` holds everything from the first one on. */
  readonly whole: boolean;
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

const pageSize = 500;
/** A browser gives one host about six connections, and one of them is the live stream. */
const pagesAtOnce = 3;
const opening: RunSnapshot = { state: null, events: [], whole: false, connection: 'opening', error: null };

/**
 * A run as it stands and as it goes on: the folded state first, then its events live from there, older events behind. However many events
 * arrive between two frames, listeners hear once.
 */
export function openRunStream(client: Client, runId: string, schedule: Schedule = nextFrame): RunStream {
  let current = opening;
  let fresh: RunEvent[] = [];
  let aborter = new AbortController();
  const listeners = new Set<() => void>();

  const publish = (change: Partial<RunSnapshot>): void => {
    current = { ...current, ...change };
    for (const listener of listeners) listener();
  };
  const flush = (): void => {
    const batch = fresh;
    fresh = [];
    if (batch.length > 0) publish({ state: batch.reduce<RunState | null>(foldEvent, current.state), events: [...current.events, ...batch] });
  };
  const take = (event: RunEvent): void => {
    fresh.push(event);
    if (fresh.length === 1) schedule(flush);
  };

  const run = async (): Promise<void> => {
    aborter = new AbortController();
    const { signal } = aborter;
    try {
      if (current.state === null) publish({ state: await client.runs.get(runId) });
      if (signal.aborted) return;
      const after = current.state?.seq ?? 0;
      if (!current.whole) {
        // A try before this one may have left a part; it is read anew, up to where the state stands.
        publish({ events: [] });
        void readPast(after, signal).catch(fail);
      }
      const onConnection = (connection: Connection): void => {
        if (!signal.aborted) publish({ connection, error: null });
      };
      for await (const event of client.followRun({ runId, after, signal, onConnection })) take(event);
    } catch (error) {
      fail(error);
    }
    function fail(error: unknown): void {
      if (!signal.aborted) publish({ connection: 'failed', error });
    }
  };
  /** The newest page first, for that is what a person sees; then all before it. */
  const readPast = async (upTo: number, signal: AbortSignal): Promise<void> => {
    const tail = Math.max(0, upTo - pageSize);
    const newest = await readSpan(client, { runId, after: tail, upTo });
    if (signal.aborted) return;
    publish({ events: [...newest, ...current.events], whole: tail === 0 });
    if (tail === 0) return;
    const older = await readSpan(client, { runId, after: 0, upTo: tail });
    if (!signal.aborted) publish({ events: [...older, ...current.events], whole: true });
  };
  void run();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => current,
    retry: () => {
      aborter.abort();
      flush();
      publish({ connection: 'opening', error: null });
      void run();
    },
    close: () => aborter.abort(),
  };
}

/** Events after `after` up to `upTo`, in order. Seqs have no holes, so pages can be asked for side by side. */
async function readSpan(client: Client, { runId, after, upTo }: { readonly runId: string; readonly after: number; readonly upTo: number }): Promise<RunEvent[]> {
  const starts = Array.from({ length: Math.ceil((upTo - after) / pageSize) }, (_, page) => after + page * pageSize);
  const pages: RunEvent[][] = [];
  for (let at = 0; at < starts.length; at += pagesAtOnce) {
    const some = await Promise.all(starts.slice(at, at + pagesAtOnce).map((start) => client.runs.log(runId, { after: start, limit: Math.min(pageSize, upTo - start) })));
    pages.push(...some.map((page) => page.events));
  }
  return pages.flat();
}

/** Before the next picture; in a hidden tab, which draws none, soon. */
function nextFrame(work: () => void): void {
  if (document.hidden) setTimeout(work, 100);
  else requestAnimationFrame(work);
}
