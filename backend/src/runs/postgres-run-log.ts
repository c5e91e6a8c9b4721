import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent, RunEvent } from '@devfactory/contracts';
import { DomainError, type Lease, type RunLog } from '@devfactory/kit';
import { isConnectionFailure } from '../store/connection-failure.ts';
import type { Database } from '../store/database.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Listener } from '../store/listener.ts';
import { readNews } from '../store/run-news.ts';

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
    const run = { id: lease.runId, epoch: lease.epoch };
    let tried = false;
    return patiently(async () => {
      const again = tried;
      tried = true;
      if (lease.signal.aborted) throw leaseLost(lease);
      // As a rule nobody else has written since: the log itself says whether that is so.
      const placed = again ? null : await this.#events.appendAtOnce(run, { events, batch });
      return placed ?? this.#appendLocked(lease, { events, batch, again });
    }, lease.signal);
  }

  async #appendLocked(
    lease: Lease,
    append: { readonly events: readonly NewEvent[]; readonly batch: string; readonly again: boolean },
  ): Promise<readonly RunEvent[]> {
    const placed = await this.#database.transaction(async (sql) => {
      const run = await this.#events.lock(sql, lease.runId);
      const before = append.again ? await this.#events.batch(sql, run.id, append.batch) : [];
      if (before.length > 0) return before;
      if (lease.signal.aborted || run.epoch !== lease.epoch) throw leaseLost(lease);
      return this.#events.append(sql, run, append);
    });
    this.#events.know(placed);
    return placed;
  }

  watch(runId: string, wake: (upTo: number | null) => void): () => void {
    return this.#listener.on('run_events', (payload) => {
      const news = readNews(payload);
      if (news === null || news.runId === runId) wake(news?.seq ?? null);
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
