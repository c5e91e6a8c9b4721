import type { RunEvent } from '@devfactory/contracts';

/** What a notification of new events says: of which run, and up to which place. */
export interface RunNews {
  readonly runId: string;
  /** Null when nobody said. */
  readonly seq: number | null;
}

export function newsOf(events: readonly RunEvent[]): string {
  const last = events.at(-1);
  return last ? `${last.runId} ${last.seq}` : '';
}

/** Null for a lost connection, after which anything may have happened. */
export function readNews(payload: string | null): RunNews | null {
  if (payload === null) return null;
  const [runId = '', seq] = payload.split(' ');
  return { runId, seq: seq === undefined ? null : Number(seq) };
}
