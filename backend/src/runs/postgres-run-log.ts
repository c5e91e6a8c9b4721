import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent, RunEvent } from '@devfactory/contracts';
import { DomainError, type Lease, type RunLog } from '@devfactory/kit';
import { isConnectionFailure } from '../store/connection-failure.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Listener } from '../store/listener.ts';

const patienceMs = 30_000;
const retryMs = 200;

/**
 * The engine's log. A database that goes away for a while is waited for as long as the lease holds; an append whose
 * commit was cut off is looked for before it is made again, so that nothing is lost and nothing stands twice.
 */
export class PostgresRunLog implements RunLog {
  readonly #database: Database;
  readonly #events: EventStore;
  readonly #listener: Listener;

  constructor(parts: { readonly database: Database; readonly events: EventStore; readonly listener: Listener }) {
    this.#database = parts.database;
    this.#events = parts.events;
    this.#listener = parts.listener;
  }

  read(runId: string, afterSeq: number): Promise<readonly RunEvent[]> {
    return patiently(() => this.#events.read(runId, afterSeq));
  }

  append(lease: Lease, events: readonly NewEvent[]): Promise<readonly RunEvent[]> {
    const batch = randomUUID();
    let firstSeq: number | null = null;
    return patiently(
      () =>
        this.#database.transaction(async (sql) => {
          const run = await this.#events.lock(sql, lease.runId);
          if (firstSeq !== null) {
            const before = await this.#events.batch(sql, { id: run.id, afterSeq: firstSeq }, batch);
            if (before.length > 0) return before;
          }
          firstSeq ??= run.seq;
          if (lease.signal.aborted || run.epoch !== lease.epoch) throw leaseLost(lease);
          return this.#events.append(sql, run, { events, batch });
        }),
      lease.signal,
    );
  }

  watch(runId: string, wake: () => void): () => void {
    return this.#listener.on('run_events', (changed) => {
      if (changed === null || changed === runId) wake();
    });
  }
}

async function patiently<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConnectionFailure(error) || performance.now() > deadline || signal?.aborted === true) throw error;
    }
    await pause(retryMs);
  }
}

function leaseLost(lease: Lease): DomainError {
  return new DomainError('lease_lost', 'conflict', {
    message: `Run ${lease.runId} has another owner since epoch ${lease.epoch}; nothing was written.`,
  });
}
