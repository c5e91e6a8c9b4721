import type { Database } from '../store/database.ts';

export const leaseMs = 6_000;

export interface HeldLease {
  readonly runId: string;
  readonly epoch: number;
  /** What had asked for a worker when it was taken. */
  readonly wakes: number;
  readonly attempts: number;
}

/** Who owns a run, in SQL. `owner` names this process; its first part is the installation. */
export class LeaseStore {
  readonly #database: Database;
  readonly #installation: string;
  readonly #owner: string;

  constructor(database: Database, owner: { readonly installation: string; readonly process: string }) {
    this.#database = database;
    this.#installation = owner.installation;
    this.#owner = `${owner.installation}:${owner.process}`;
  }

  /** Leases of this installation's dead processes: only the holder of its data directory may call it. */
  async releaseDead(): Promise<void> {
    await this.#database.query(
      `update runs set lease_owner = null, lease_until = null where lease_owner is not null and split_part(lease_owner, ':', 1) = $1 and lease_owner <> $2`,
      [this.#installation, this.#owner],
    );
  }

  /** Takes up to `count` runs that want a worker and have no owner, longest waiting first. */
  async take(count: number): Promise<HeldLease[]> {
    const rows = await this.#database.query<{ id: string; epoch: string; wakes: string; attempts: number }>(
      `update runs set epoch = epoch + 1, lease_owner = $1, lease_until = now() + make_interval(secs => $2), lease_since = now()
       where id in (
         select id from runs where needs_work and not_before <= now() and (lease_until is null or lease_until < now())
         order by updated_at limit $3 for update skip locked)
       returning id, epoch, wakes, attempts`,
      [this.#owner, leaseMs / 1000, count],
    );
    return rows.map((row) => ({
      runId: row.id,
      epoch: Number(row.epoch),
      wakes: Number(row.wakes),
      attempts: row.attempts,
    }));
  }

  /** False when the run has another owner by now. */
  async renew(lease: HeldLease): Promise<boolean> {
    const rows = await this.#database.query(
      `update runs set lease_until = now() + make_interval(secs => $3) where id = $1 and epoch = $2 and lease_owner = $4 returning id`,
      [lease.runId, lease.epoch, leaseMs / 1000, this.#owner],
    );
    return rows.length > 0;
  }

  /** Gives the run back. It sleeps unless someone asked for a worker meanwhile. */
  async rest(lease: HeldLease): Promise<void> {
    await this.#database.query(
      `update runs set lease_owner = null, lease_until = null, needs_work = wakes <> $3, attempts = 0
       where id = $1 and epoch = $2`,
      [lease.runId, lease.epoch, lease.wakes],
    );
  }

  /** Gives the run back with its work undone, to be taken again after a pause. */
  async putBack(lease: HeldLease, retry: { readonly pauseMs: number; readonly attempts: number }): Promise<void> {
    await this.#database.query(
      `update runs set lease_owner = null, lease_until = null, attempts = $4, not_before = now() + make_interval(secs => $3)
       where id = $1 and epoch = $2`,
      [lease.runId, lease.epoch, retry.pauseMs / 1000, retry.attempts],
    );
  }
}
