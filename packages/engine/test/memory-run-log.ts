import {
  foldRun,
  limits,
  parseNewEvent,
  utf8Length,
  type NewEvent,
  type RunEvent,
  type RunState,
} from '@devfactory/contracts';
import { DomainError, type Lease, type RunLog } from '@devfactory/kit';

/**
 * A run's events in memory, as strict as the stored log: events are parsed and measured, an old epoch is refused. `beforeAppend` speaks
 * or dies between any two appends; a worker that died gets no answer any more, like after kill -9.
 */
export class MemoryRunLog implements RunLog {
  readonly runId: string;
  readonly events: RunEvent[] = [];
  epoch = 0;
  appends = 0;
  /** Called before an append of a worker is looked at. 'die' loses it, 'die-after' commits it; both never answer. */
  beforeAppend: (events: readonly NewEvent[]) => 'die' | 'die-after' | undefined = () => undefined;
  readonly #wakes = new Set<(upTo: number | null) => void>();

  constructor(runId: string) {
    this.runId = runId;
  }

  get state(): RunState {
    const state = foldRun(this.events);
    if (!state) throw new Error('the run has no events');
    return state;
  }

  /** A new owner; whoever held the run before cannot write any more. */
  lease(signal: AbortSignal = new AbortController().signal): Lease {
    this.epoch += 1;
    return { runId: this.runId, epoch: this.epoch, signal };
  }

  /** What a person says: written in its place whatever a worker is doing. */
  say(events: readonly NewEvent[]): void {
    this.#place(events);
  }

  async read(_runId: string, afterSeq: number): Promise<readonly RunEvent[]> {
    return this.events.slice(afterSeq);
  }

  async append(lease: Lease, events: readonly NewEvent[]): Promise<readonly RunEvent[]> {
    this.appends += 1;
    const fate = lease.epoch === this.epoch ? this.beforeAppend(events) : undefined;
    if (lease.epoch !== this.epoch || lease.signal.aborted) {
      throw new DomainError('lease_lost', 'conflict', { message: 'another worker has the run' });
    }
    if (fate !== 'die') {
      const placed = this.#place(events);
      if (fate === undefined) return placed;
    }
    return new Promise<never>(() => {});
  }

  watch(_runId: string, wake: (upTo: number | null) => void): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  #place(events: readonly NewEvent[]): RunEvent[] {
    const placed = events.map((event, index) => {
      const parsed = parseNewEvent(structuredClone(event));
      if (utf8Length(JSON.stringify(parsed.data)) > limits.eventBytes)
        throw new DomainError('event_too_large', 'too-large', { message: parsed.type });
      const seq = this.events.length + index + 1;
      return { ...parsed, runId: this.runId, seq, at: new Date(seq).toISOString() };
    });
    this.events.push(...placed);
    for (const wake of this.#wakes) queueMicrotask(() => wake(this.events.length));
    return placed;
  }
}
