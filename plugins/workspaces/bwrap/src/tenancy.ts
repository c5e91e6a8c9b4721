import type { WorkspaceSpec } from '@devfactory/kit';
import { failure } from './errors.ts';

/** Who uses which workspace: one sandbox writes, or any number look at it read-only. */
export class Tenancy {
  readonly #open = new Set<string>();
  readonly #seen = new Map<string, number>();

  /** Takes the workspace and what it mounts. Gives back what releases them; calling that again does nothing. */
  enter(spec: WorkspaceSpec): () => void {
    const mounted = [...new Set((spec.mounts ?? []).map((mount) => mount.workspace))];
    if (this.#open.has(spec.id))
      throw failure('workspace_busy', `Workspace '${spec.id}' is open already; close it first.`);
    if (this.#seen.has(spec.id))
      throw failure('workspace_busy', `Workspace '${spec.id}' is mounted in another one; close that first.`);
    const busy = mounted.find((id) => this.#open.has(id) || id === spec.id);
    if (busy !== undefined)
      throw failure('workspace_busy', `Workspace '${busy}' is open and cannot be mounted; close it first.`);
    this.#open.add(spec.id);
    for (const id of mounted) this.#seen.set(id, (this.#seen.get(id) ?? 0) + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#open.delete(spec.id);
      for (const id of mounted) this.#leave(id);
    };
  }

  isUsed(id: string): boolean {
    return this.#open.has(id) || this.#seen.has(id);
  }

  #leave(id: string): void {
    const left = (this.#seen.get(id) ?? 1) - 1;
    if (left === 0) this.#seen.delete(id);
    else this.#seen.set(id, left);
  }
}
