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
      if (!current.whole) void readPast(client, { runId, upTo: after, signal }).then((past) => past && publish({ events: [...past, ...current.events], whole: true }), fail);
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

/** All events from the first to `upTo`; null when told to stop. */
async function readPast(client: Client, { runId, upTo, signal }: { runId: string; upTo: number; signal: AbortSignal }): Promise<RunEvent[] | null> {
  const past: RunEvent[] = [];
  for (let after = 0; after < upTo; ) {
    const page = await client.runs.log(runId, { after, limit: pageSize });
    if (signal.aborted) return null;
    if (page.lastSeq <= after) break;
    past.push(...page.events.filter((event) => event.seq <= upTo));
    after = page.lastSeq;
  }
  return past;
}

/** Before the next picture; in a hidden tab, which draws none, soon. */
function nextFrame(work: () => void): void {
  if (document.hidden) setTimeout(work, 100);
  else requestAnimationFrame(work);
}
