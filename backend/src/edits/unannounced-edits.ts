import type { Actor } from '@devfactory/contracts';
import { runWorkspaceId, type CoEditing } from '@devfactory/engine';
import { WorkspaceWatch, type WorkspaceWatchParts } from './workspace-watch.ts';

/**
 * What people change in a terminal or in VS Code is told by nobody, so it is looked for while one of those is open: now and then, and at
 * each boundary of the agent's work. What changed while no tool of the agent ran is the person's; so is what changed beside the one file
 * that a tool wrote. What changed while a command of the agent ran is the agent's, for nobody can tell.
 */
export class UnannouncedEdits implements CoEditing {
  readonly #parts: WorkspaceWatchParts;
  readonly #watches = new Map<string, WorkspaceWatch>();
  /** What the agent or the factory is just changing, by workspace; null for any file. */
  readonly #windows = new Map<string, (readonly string[] | null)[]>();

  constructor(parts: WorkspaceWatchParts) {
    this.#parts = parts;
  }

  /** Looks at the run's files until the last of those who asked gives back what it got. Never throws: without it, edits are found, and by whom is not. */
  async watch(runId: string, actor: Actor): Promise<() => Promise<void>> {
    const id = runWorkspaceId(runId);
    const known = this.#watches.get(id);
    const watch = known ?? new WorkspaceWatch(this.#parts, { runId, windows: () => this.#windows.get(id) ?? [] });
    this.#watches.set(id, watch);
    const leave = await watch.join(actor);
    return async () => {
      if (leave() > 0 || this.#watches.get(id) !== watch) return;
      // Not found any more before it ended: who comes now begins anew.
      this.#watches.delete(id);
      await watch.end();
    };
  }

  async settle(workspaceId: string, paths: readonly string[] | null, next: 'looks' | 'changes'): Promise<void> {
    const open = (): void => {
      if (next === 'changes') this.#windows.set(workspaceId, [...(this.#windows.get(workspaceId) ?? []), paths]);
    };
    const watch = this.#watches.get(workspaceId);
    const looks = paths === null || paths.length > 0;
    if (watch && looks) await watch.look(open);
    else open();
  }

  async changed(workspaceId: string, paths: readonly string[] | null): Promise<void> {
    const close = (): void => {
      const open = this.#windows.get(workspaceId) ?? [];
      const at = open.findIndex((window) => JSON.stringify(window) === JSON.stringify(paths));
      const left = open.filter((_, index) => index !== at);
      if (left.length > 0) this.#windows.set(workspaceId, left);
      else this.#windows.delete(workspaceId);
    };
    const watch = this.#watches.get(workspaceId);
    if (watch) await watch.take(paths, close);
    else close();
  }

  /** Something that tells by itself what it changes, or did not change, at these paths. */
  async announced<T>(runId: string, paths: readonly string[], act: () => Promise<T>): Promise<T> {
    const id = runWorkspaceId(runId);
    await this.settle(id, paths, 'changes');
    try {
      return await act();
    } finally {
      await this.changed(id, paths);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#watches.values()];
    this.#watches.clear();
    await Promise.all(all.map((watch) => watch.end()));
  }
}
