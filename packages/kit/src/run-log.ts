import type { NewEvent, RunEvent } from '@devfactory/contracts';

/** A worker's right to write as the run's owner. An append with an older epoch is refused with DomainError lease_lost. */
export interface Lease {
  readonly runId: string;
  readonly epoch: number;
  /** Aborts when the lease could not be renewed or was taken over. */
  readonly signal: AbortSignal;
}

/** The event log as the engine sees it. */
export interface RunLog {
  /** Events after `afterSeq`, oldest first. */
  read(runId: string, afterSeq: number): Promise<readonly RunEvent[]>;
  /** Appends in one transaction and returns after commit, with the places given. */
  append(lease: Lease, events: readonly NewEvent[]): Promise<readonly RunEvent[]>;
  /**
   * Calls back soon after events were appended to this run by anyone, with the place of the last of them, or null when it is not known;
   * returns what ends it.
   */
  watch(runId: string, wake: (upTo: number | null) => void): () => void;
}
