import type { CleanUp } from '@devfactory/contracts';
import { collectGarbage } from '@devfactory/engine';
import { DomainError, type BlobStore } from '@devfactory/kit';
import type { BackupSource } from '../backup/backup-source.ts';
import type { Database } from '../store/database.ts';
import type { BlobIndex } from './blob-index.ts';
import type { Leftovers } from './leftovers.ts';

/** Longer than any request takes, and than clocks of database and store are apart. */
const requestMs = 15 * 60_000;

export interface CleanUpParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly index: BlobIndex;
  readonly leftovers: Leftovers;
  readonly backup: BackupSource;
}

/** Frees what nothing needs any more: blobs that no run's log names, and workspaces of runs that are archived or deleted. */
export class Cleaning {
  readonly #parts: CleanUpParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: CleanUpParts) {
    this.#parts = parts;
  }

  /** What cleaning up would free now. Changes nothing. */
  preview(): Promise<CleanUp> {
    return this.#clean({ dryRun: true });
  }

  /** Cleans up, one after the other: what was asked for last sees what is garbage by then. Throws backup_running. */
  async run(): Promise<CleanUp> {
    if (await this.#parts.backup.isRunning())
      throw new DomainError('backup_running', 'conflict', {
        message: 'A backup is being written, which needs what is there now; clean up when it is done.',
      });
    const next = this.#last.then(() => this.#clean({ dryRun: false }));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** The hourly one: a backup goes first. What is garbage goes before anything old is moved. */
  async keepHouse(): Promise<void> {
    if (await this.#parts.backup.isRunning()) return;
    await this.run();
    await this.#parts.blobs.cool?.();
  }

  async #clean({ dryRun }: { readonly dryRun: boolean }): Promise<CleanUp> {
    const { blobs, index, leftovers } = this.#parts;
    const before = await this.#oldestWriter();
    const garbage = await collectGarbage(blobs, {
      before,
      dryRun,
      // Read after the moment above was settled on: what is named since then is in it.
      liveRoots: async function* () {
        await index.refresh();
        yield* index.all();
      },
    });
    const workspaces = await leftovers.workspaces();
    if (!dryRun) await leftovers.remove(workspaces);
    return {
      dryRun,
      ...sumsOf(garbage),
      workspaces: [...workspaces],
      sentence: sentenceOf(garbage, workspaces.length),
    };
  }

  /** Whoever stored something and has not named it yet holds a lease since then, or answers a request. */
  async #oldestWriter(): Promise<number> {
    const [row] = await this.#parts.database.query<{ now: Date; since: Date | null }>(
      'select now() as now, min(coalesce(lease_since, now())) filter (where lease_owner is not null) as since from runs',
    );
    const requests = Math.min(Date.now(), row?.now.getTime() ?? 0) - requestMs;
    return Math.min(requests, (row?.since?.getTime() ?? Number.POSITIVE_INFINITY) - requestMs);
  }
}

type Garbage = Awaited<ReturnType<typeof collectGarbage>>;

function sumsOf({ removed, kept, recent }: Garbage): Pick<CleanUp, 'removed' | 'kept' | 'recent'> {
  const sum = ({ blobs, bytes }: Garbage['kept']) => ({ count: blobs, bytes });
  return { removed: sum(removed), kept: sum(kept), recent: sum(recent) };
}

function sentenceOf({ recent, broken }: Garbage, workspaces: number): string {
  return [
    recent.blobs > 0
      ? `${recent.blobs} blobs are too new to be judged; what of them is not needed goes within the hour, once runs that work now rest.`
      : '',
    workspaces > 0 ? `${workspaces} workspaces belong to runs that are archived or deleted.` : '',
    broken.length > 0 ? `${broken.length} checkpoints cannot be read; what they name is kept.` : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
