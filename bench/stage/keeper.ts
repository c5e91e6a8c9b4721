import { createFileBlobStore } from '@devfactory/blobs-file';
import type { Checkpoint } from '@devfactory/contracts';
import { makeCheckpoint } from '@devfactory/engine';
import type { BlobStore, Workspace } from '@devfactory/kit';

/** One checkpoint: how long it took in all, and how much of that was walking and reading the workspace. */
export interface Kept {
  readonly allMs: number;
  readonly walkMs: number;
  readonly readMs: number;
}

/** Makes checkpoints of a workspace, one after the other, in a blob store of its own. */
export class Keeper {
  readonly #workspace: Workspace;
  readonly #blobs: BlobStore;
  #count = 0;
  #previous: Checkpoint | null = null;
  #walkMs = 0;
  #readMs = 0;

  constructor(workspace: Workspace, directory: string) {
    this.#workspace = overlaid(workspace, { files: this.#watched(workspace.files) });
    this.#blobs = createFileBlobStore({ directory });
  }

  async keep(): Promise<Kept> {
    [this.#walkMs, this.#readMs] = [0, 0];
    const started = performance.now();
    this.#previous = await makeCheckpoint(
      { workspace: this.#workspace, blobs: this.#blobs },
      {
        id: `ck-${this.#count}`,
        label: 'bench',
        reason: this.#previous ? 'step' : 'base',
        step: null,
        previous: this.#previous,
      },
    );
    this.#count += 1;
    return { allMs: performance.now() - started, walkMs: this.#walkMs, readMs: this.#readMs };
  }

  /** The same files, with a watch on how long the checkpoint waits for them. */
  #watched(files: Workspace['files']): Workspace['files'] {
    const addRead = (ms: number): void => void (this.#readMs += ms);
    return overlaid(files, {
      walk: () => waited(files.walk(), (ms) => void (this.#walkMs += ms)),
      readMany: async function* (paths) {
        const parts = files.readMany(paths)[Symbol.asyncIterator]();
        for (;;) {
          const part = await waited(parts.next(), addRead);
          if (part.done === true) return;
          yield part.value;
        }
      },
    });
  }
}

async function waited<T>(work: Promise<T>, add: (ms: number) => void): Promise<T> {
  const started = performance.now();
  try {
    return await work;
  } finally {
    add(performance.now() - started);
  }
}

/** The object with some parts of it replaced. A copy would lose its private fields. */
function overlaid<T extends object>(target: T, over: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name): unknown => {
      const value: unknown = Reflect.get(name in over ? over : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
