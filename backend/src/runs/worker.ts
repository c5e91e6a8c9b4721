import type { RunEvent } from '@devfactory/contracts';
import { DomainError, type Lease } from '@devfactory/kit';
import type { Log } from '../server/log.ts';
import { isConnectionFailure } from '../store/connection-failure.ts';
import { leaseMs, type HeldLease, type LeaseStore } from './lease.store.ts';

const renewMs = 2_000;
const sweepMs = 1_000;
const closeMs = 10_000;
/** A run that breaks the worker this often in a row is given to a person. */
const mostAttempts = 4;
const longestPauseMs = 30_000;

/** Continues a run until it waits or ends; throws lease_lost when the lease goes. */
type Advance = (lease: Lease) => Promise<'waiting' | 'ended'>;

export interface WorkerParts {
  readonly leases: LeaseStore;
  readonly advance: Advance;
  /** Writes the run's fault so that people see it. */
  readonly fail: (lease: Lease, error: unknown) => Promise<readonly RunEvent[]>;
  readonly concurrency: number;
  readonly log: Log;
}

interface Holding {
  readonly lease: HeldLease;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Takes woken runs, a few at a time, and keeps their leases while the engine works on them. */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #holdings = new Map<string, Holding>();
  #timer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), sweepMs);
    this.wake();
  }

  /** Looks for runs that want a worker, soon. May be called as often as one likes. */
  wake(): void {
    if (this.#closed) return;
    if (this.#sweeping) {
      this.#again = true;
      return;
    }
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = null;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  /** Lets go of every run; another worker or the next start continues them. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping;
    const holdings = [...this.#holdings.values()];
    for (const { abort } of holdings) abort.abort(new Error('the server is closing'));
    await Promise.race([
      Promise.all(holdings.map(({ done }) => done)),
      new Promise((resolve) => setTimeout(resolve, closeMs).unref()),
    ]);
  }

  async #sweep(): Promise<void> {
    const free = this.#parts.concurrency - this.#holdings.size;
    if (free <= 0) return;
    try {
      for (const lease of await this.#parts.leases.take(free)) this.#hold(lease);
    } catch (error) {
      if (!isConnectionFailure(error)) this.#parts.log.error({ err: error }, 'looking for runs to work on failed');
    }
  }

  #hold(lease: HeldLease): void {
    const abort = new AbortController();
    const done = this.#work(lease, abort)
      .catch((error: unknown) =>
        this.#parts.log.error(
          { err: error, runId: lease.runId },
          'a run could not be given back; its lease will run out',
        ),
      )
      .finally(() => {
        this.#holdings.delete(lease.runId);
        this.wake();
      });
    this.#holdings.set(lease.runId, { lease, abort, done });
  }

  async #work(held: HeldLease, abort: AbortController): Promise<void> {
    const renewal = keepRenewed(this.#parts.leases, held, abort);
    const lease: Lease = { runId: held.runId, epoch: held.epoch, signal: abort.signal };
    try {
      await this.#parts.advance(lease);
      await this.#parts.leases.rest(held);
    } catch (error) {
      await this.#stumble(held, lease, error);
    } finally {
      clearInterval(renewal);
    }
  }

  async #stumble(held: HeldLease, lease: Lease, error: unknown): Promise<void> {
    const { leases, log } = this.#parts;
    if (this.#closed) return leases.putBack(held, { pauseMs: 0, attempts: held.attempts });
    if (lease.signal.aborted || (error instanceof DomainError && error.code === 'lease_lost')) {
      log.warn({ runId: held.runId, epoch: held.epoch }, 'lost the lease of a run');
      return;
    }
    // The database being away says nothing about the run.
    const attempts = isConnectionFailure(error) ? held.attempts : held.attempts + 1;
    log.error({ err: error, runId: held.runId, attempts }, 'a run stumbled');
    if (attempts < mostAttempts)
      return leases.putBack(held, { pauseMs: Math.min(1_000 * 2 ** attempts, longestPauseMs), attempts });
    await this.#parts.fail(lease, error);
    await leases.rest(held);
  }
}

/** Aborts once the lease is another's, or could not be renewed while it lasted. */
function keepRenewed(leases: LeaseStore, held: HeldLease, abort: AbortController): NodeJS.Timeout {
  let safeUntil = performance.now() + leaseMs;
  const late = (): void => {
    if (performance.now() > safeUntil) abort.abort(new Error('the lease could not be renewed'));
  };
  const renew = async (): Promise<void> => {
    // Before asking as well: a database that is away is waited for, longer than the lease may last.
    late();
    const asked = performance.now();
    try {
      if (await leases.renew(held)) safeUntil = asked + leaseMs;
      else abort.abort(new Error('the lease was taken over'));
    } catch {
      // Not in reach: the lease holds until its time is up.
    }
    late();
  };
  return setInterval(() => void renew(), renewMs);
}
