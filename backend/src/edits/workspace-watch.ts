import type { Actor, FileChange } from '@devfactory/contracts';
import { SourceSight } from '@devfactory/engine';
import { DomainError, type BlobStore, type Workspace } from '@devfactory/kit';
import type { EventStore } from '../store/event-store.ts';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import type { EditLog } from './edit-log.ts';

export interface WorkspaceWatchParts {
  readonly live: Pick<LiveWorkspaces, 'hold'>;
  readonly events: Pick<EventStore, 'state'>;
  readonly blobs: BlobStore;
  readonly log: EditLog;
  /** Whoever has such a file open is told. */
  readonly changed: (runId: string, paths: readonly string[]) => Promise<void>;
}

interface WatchedRun {
  readonly runId: string;
  /** What the agent or the factory is just changing; null for any file. */
  readonly windows: () => readonly (readonly string[] | null)[];
}

/** Between two looks, and so long that looking costs a twentieth of the time at most. */
const betweenMs = 1_500;
const shareOfTime = 20;

/** One workspace that is looked at now and then, with a hold of its own, as long as people are in it. Nothing here throws. */
export class WorkspaceWatch {
  readonly #parts: WorkspaceWatchParts;
  readonly #run: WatchedRun;
  readonly #people: Actor[] = [];
  #newest: Actor = { kind: 'person', name: 'owner' };
  #workspace: Workspace | null = null;
  /** Null while it is not known what was there. */
  #sight: SourceSight | null = null;
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #over = false;

  constructor(parts: WorkspaceWatchParts, run: WatchedRun) {
    this.#parts = parts;
    this.#run = run;
    this.#later(0);
  }

  /** Resolves when it knows what is there; gives back what takes this person away again and says how many are left. */
  async join(actor: Actor): Promise<() => number> {
    this.#people.push(actor);
    this.#newest = actor;
    await this.look();
    let left = false;
    return () => {
      if (!left) this.#people.splice(this.#people.indexOf(actor), 1);
      left = true;
      return this.#people.length;
    };
  }

  /** Tells what people changed until now; `then` happens before anybody else looks or takes. */
  async look(then: () => void = () => undefined): Promise<void> {
    let paths: readonly string[] = [];
    await this.#inTurn(async () => {
      try {
        paths = await this.#look();
      } finally {
        then();
      }
    });
    // Not in turn: an editor that takes it in may be just saving, which waits for its own turn here.
    if (paths.length > 0) void this.#parts.changed(this.#run.runId, paths).catch(() => undefined);
  }

  /** What is there now is the agent's or the factory's doing. */
  take(paths: readonly string[] | null, then: () => void): Promise<void> {
    return this.#inTurn(async () => {
      try {
        if (this.#sight) await this.#again((sight) => sight.take(paths));
      } catch (error) {
        // Whose it is nobody could tell later.
        this.#sight = null;
        throw error;
      } finally {
        then();
      }
    });
  }

  async end(): Promise<void> {
    this.#over = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.look();
    await this.#workspace?.close().catch(() => undefined);
  }

  #later(lookedMs: number): void {
    if (this.#over) return;
    const wait = Math.max(betweenMs, shareOfTime * lookedMs);
    this.#timer = setTimeout(() => {
      const began = performance.now();
      void this.look().then(() => this.#later(performance.now() - began));
    }, wait).unref();
  }

  async #look(): Promise<readonly string[]> {
    const windows = this.#run.windows();
    if (!this.#sight && !this.#over) return this.#open();
    if (windows.includes(null)) return [];
    const found = await this.#again((sight) => sight.changes(windows.flatMap((paths) => paths ?? [])));
    if (found.length === 0) return [];
    const { runId } = this.#run;
    const { log } = this.#parts;
    await log.requireEditable(runId);
    const changes = found.map((change): FileChange => ({ ...change, via: 'workspace' }));
    await log.recordAll(runId, changes, this.#people.at(-1) ?? this.#newest);
    return changes.map(({ path }) => path);
  }

  async #open(): Promise<readonly string[]> {
    const { live, events, blobs } = this.#parts;
    const { runId } = this.#run;
    this.#workspace ??= await live.hold(runId);
    this.#sight = await SourceSight.open({
      workspace: () => this.#workspace ?? gone(),
      blobs,
      head: async () => {
        const state = await events.state(runId);
        return state.checkpoints.find(({ id }) => id === state.head) ?? null;
      },
    });
    return [];
  }

  /** Once more in a new sandbox when the one it was in ended: the files are still there. */
  async #again<T>(act: (sight: SourceSight) => Promise<T>): Promise<T> {
    const sight = this.#sight ?? gone();
    try {
      return await act(sight);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'workspace_gone')) throw error;
      const ended = this.#workspace;
      this.#workspace = null;
      void ended?.close().catch(() => undefined);
      this.#workspace = await this.#parts.live.hold(this.#run.runId);
      return act(sight);
    }
  }

  /** What cannot be looked at now (the run was cancelled, its files are elsewhere) is in the next checkpoint all the same. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(act).catch(() => undefined);
    return this.#turn;
  }
}

function gone(): never {
  throw new DomainError('workspace_gone', 'unavailable', { message: 'The workspace is not open.' });
}
