import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { DomainError, type WorkspaceDriver, type WorkspaceMount } from '@devfactory/kit';
import type { ModelFolder } from '../folder/inspect-folder.ts';
import { inWords } from '../folder/memory.ts';
import { ModelWorker, workspaceIdOf } from './model-worker.ts';

export interface PoolParts {
  readonly driver: WorkspaceDriver;
  /** Installs the runtime unless it is there. Throws DomainError. */
  readonly runtime: (signal: AbortSignal) => Promise<readonly WorkspaceMount[]>;
}

export interface Wanted {
  readonly name: string;
  readonly model: ModelFolder;
  readonly device: 'cpu' | 'gpu';
  /** Bytes that all models together may take; null: what the machine has left. */
  readonly mostMemory: number | null;
  readonly idleMs: number;
}

interface Loaded {
  /** As it was wished last: how long it stays may change. */
  wanted: Wanted;
  readonly worker: ModelWorker;
  /** What it runs on, and why not on what was wished. */
  readonly runsOn: string;
  asked: number;
  lastUse: number;
}

const lookMs = 1_000;
/** What a card is reached with, first to last. */
const cards = ['cuda', 'webgpu'];

/** The models that are loaded: at the first question, one process each, and out again when nobody asks. */
export class ModelPool {
  readonly #parts: PoolParts;
  readonly #loaded = new Map<string, Loaded>();
  /** By id of the workspace, for what its sandbox is to see. */
  readonly #folders = new Map<string, string>();
  readonly #says = new Map<string, string>();
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  readonly #closing = new AbortController();

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** The folder that a workspace of this pool is shown. */
  folderOf(workspaceId: string): string | undefined {
    return this.#folders.get(workspaceId);
  }

  /** How it stands with a model, for people; empty when it is not in memory. */
  says(folder: string): string {
    const loaded = this.#loaded.get(folder);
    if (loaded && loaded.worker.ended === null) return `loaded, runs on ${loaded.runsOn}`;
    return this.#says.get(folder) ?? '';
  }

  /** Loads a model unless it is there. Throws DomainError. */
  async load(wanted: Wanted): Promise<void> {
    if (!this.#there(wanted)) await this.#one(wanted);
  }

  /** Asks a model, which is loaded first when it is not. Throws DomainError model_not_loaded, agent_not_installed, and what fetch throws. */
  async ask(
    wanted: Wanted,
    path: string,
    init: { readonly method?: string; readonly body?: string; readonly signal?: AbortSignal | null },
  ): Promise<Response> {
    for (let last = false; ; last = true) {
      const loaded = this.#there(wanted) ?? (await this.#one(wanted));
      try {
        return await this.#askOne(loaded, wanted, { path, init });
      } catch (error) {
        // Nothing came back: most likely it died a moment ago. Asking again costs nothing but time.
        if (last || init.signal?.aborted || this.#closing.signal.aborted) throw error;
        await this.#unload(wanted.model.folder);
      }
    }
  }

  async #askOne(
    loaded: Loaded,
    wanted: Wanted,
    { path, init }: { readonly path: string; readonly init: Parameters<ModelPool['ask']>[2] },
  ): Promise<Response> {
    loaded.asked += 1;
    loaded.wanted = wanted;
    let isOver = false;
    const over = (): void => {
      if (!isOver) loaded.asked -= 1;
      isOver = true;
      loaded.lastUse = performance.now();
    };
    // Who gives up does not always read to the end.
    init.signal?.addEventListener('abort', over, { once: true });
    try {
      const response = await loaded.worker.fetch(path, init);
      return new Response(response.body ? whenRead(response.body, over) : null, response);
    } catch (error) {
      over();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#timer) clearInterval(this.#timer);
    await this.#last.catch(() => undefined);
    await Promise.all([...this.#loaded.values()].map(({ worker }) => worker.end()));
    this.#loaded.clear();
  }

  #there({ model, device }: Wanted): Loaded | undefined {
    const there = this.#loaded.get(model.folder);
    return there?.worker.ended === null && there.wanted.device === device ? there : undefined;
  }

  /** One after the other: what two loads need together is known only then. */
  #one(wanted: Wanted): Promise<Loaded> {
    const next = this.#last.then(async () => {
      const there = this.#there(wanted);
      if (there) return there;
      await this.#unload(wanted.model.folder);
      return this.#load(wanted);
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #load(wanted: Wanted): Promise<Loaded> {
    const { folder } = wanted.model;
    try {
      this.#says.set(folder, 'its runtime is being fetched from npm');
      const mounts = await this.#parts.runtime(this.#closing.signal);
      await this.#makeRoom(wanted);
      this.#says.set(folder, 'is being loaded');
      const { worker, runsOn } = await this.#start(wanted, mounts);
      const loaded: Loaded = { wanted, worker, runsOn, asked: 0, lastUse: performance.now() };
      this.#loaded.set(folder, loaded);
      this.#says.delete(folder);
      this.#timer ??= setInterval(() => void this.#sweep(), lookMs).unref();
      return loaded;
    } catch (error) {
      this.#says.set(folder, error instanceof Error ? error.message.slice(0, 500) : String(error));
      throw error;
    }
  }

  /** On a card where one is wished and does it, else on the processor, and it says so. */
  async #start(wanted: Wanted, mounts: readonly WorkspaceMount[]): Promise<{ worker: ModelWorker; runsOn: string }> {
    const { name, model } = wanted;
    const { driver } = this.#parts;
    const failures: string[] = [];
    for (const device of [...(wanted.device === 'gpu' ? cards : []), 'cpu']) {
      this.#folders.set(workspaceIdOf(model.folder, device), model.folder);
      const order = { driver, model, name, device, mounts, memoryBytes: model.memory.all };
      try {
        const worker = await ModelWorker.start(order, this.#closing.signal);
        const why = failures.length > 0 ? ` (${failures.join('; ')})` : '';
        return { worker, runsOn: `${device === 'cpu' ? 'the processor' : device}${why}` };
      } catch (error) {
        if (device === 'cpu' || this.#closing.signal.aborted) throw error;
        failures.push(`${device} did not work: ${error instanceof Error ? lastLine(error.message) : ''}`);
      }
    }
    throw new DomainError('model_not_loaded', 'unavailable', { message: `${name} runs on nothing here.` });
  }

  /** Models that nobody asks go first. Throws DomainError when the rest does not leave enough. */
  async #makeRoom({ name, model, mostMemory }: Wanted): Promise<void> {
    const needs = model.memory.all;
    for (;;) {
      const others = [...this.#loaded.values()];
      const taken = others.reduce((sum, { wanted }) => sum + wanted.model.memory.all, 0);
      const room = mostMemory === null ? await freeMemory() : mostMemory - taken;
      if (needs <= room) return;
      const [idle] = others.filter(({ asked }) => asked === 0).toSorted((a, b) => a.lastUse - b.lastUse);
      if (!idle) {
        const code = others.length > 0 ? 'model_memory_busy' : 'model_memory';
        throw new DomainError(code, 'unavailable', {
          message: `${name} needs about ${inWords(needs)} of memory, and there are ${inWords(Math.max(0, room))} for it.`,
        });
      }
      await this.#unload(idle.wanted.model.folder);
    }
  }

  async #unload(folder: string): Promise<void> {
    const loaded = this.#loaded.get(folder);
    if (!loaded) return;
    this.#loaded.delete(folder);
    await loaded.worker.end();
  }

  async #sweep(): Promise<void> {
    for (const [folder, { wanted, worker, asked, lastUse }] of this.#loaded) {
      if (worker.ended !== null) {
        this.#says.set(folder, `ended: ${worker.ended}. ${lastLine(worker.words)}`);
        await this.#unload(folder);
      } else if (asked === 0 && performance.now() - lastUse > wanted.idleMs) await this.#unload(folder);
    }
  }
}

/** What could be taken without putting anything else out, as the kernel sees it. */
async function freeMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => /\w/.test(line));
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim().slice(0, 300);
}

/** Passes a body on and tells when it was read, cut or given up. */
function whenRead(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  over: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        over();
        controller.close();
      } catch (error) {
        over();
        controller.error(error);
      }
    },
    cancel: async (reason) => {
      over();
      await reader.cancel(reason);
    },
  });
}
