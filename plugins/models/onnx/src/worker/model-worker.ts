import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DomainError,
  type BackgroundProcess,
  type Workspace,
  type WorkspaceDriver,
  type WorkspaceMount,
} from '@devfactory/kit';
import type { ModelFolder } from '../folder/inspect-folder.ts';
import { programFiles } from './program-files.ts';
import { fetchOver } from './socket-fetch.ts';

/** Where the sandbox sees the model. */
export const modelAt = '/mnt/model';
const library = '/mnt/agent/node_modules/@huggingface/transformers/dist/transformers.node.mjs';
const socket = '/tmp/model.sock';
const root = fileURLToPath(new URL('../', import.meta.url));
const extension = extname(import.meta.url);
/** As long as timers can be; who lives longer is loaded anew. */
const longestMs = 2 ** 31 - 1;
const loadMs = 10 * 60_000;
const healthMs = 10_000;
const deafMs = 30_000;
/** How long a model may go on with an answer that nobody waits for: it can only stop between two tokens. */
const leftMs = 120_000;

export interface WorkerOrder {
  readonly driver: WorkspaceDriver;
  readonly model: ModelFolder;
  readonly name: string;
  readonly device: string;
  /** The runtime, as the sandbox sees it. */
  readonly mounts: readonly WorkspaceMount[];
  /** Bytes that it may take. */
  readonly memoryBytes: number;
}

/** Id of the workspace that runs a model; composition shows it the model's folder by this. */
export function workspaceIdOf(folder: string, device: string): string {
  return `onnx-${createHash('sha256').update(`${folder} ${device}`).digest('hex').slice(0, 24)}`;
}

/** One model in a sandbox of its own, with no way out, no secret and a limit of memory. It ends with the sandbox. */
export class ModelWorker {
  readonly #workspace: Workspace;
  readonly #process: BackgroundProcess;
  #ended: string | null = null;
  #looking: NodeJS.Timeout | null = null;

  private constructor(workspace: Workspace, process: BackgroundProcess) {
    this.#workspace = workspace;
    this.#process = process;
    const over = (why: string): void => void (this.#ended ??= why);
    void workspace.gone.then(over, () => over('its sandbox ended'));
    void process.exited.then(
      ({ exitCode, signal }) => over(`it ended with ${signal ?? exitCode ?? 'nothing'}`),
      () => over('its sandbox ended'),
    );
  }

  /** Resolves when the model is loaded. Throws DomainError model_not_loaded with its own words. */
  static async start(order: WorkerOrder, signal: AbortSignal): Promise<ModelWorker> {
    const { driver, model, name, device, mounts, memoryBytes } = order;
    const cpus = availableParallelism();
    const workspace = await driver.open({
      id: workspaceIdOf(model.folder, device),
      limits: { memoryBytes, processes: 256, cpus, diskBytes: 64_000_000, files: 10_000, tmpBytes: 64_000_000 },
      egress: [],
      mounts,
    });
    try {
      for (const [file, bytes] of await programFiles(root, extension)) await workspace.files.write(file, bytes);
      const { dtype, contextTokens } = model;
      const told = { folder: modelAt, library, dtype, device, contextTokens, name, socket };
      const process = await workspace.start({
        argv: ['node', `inside/main${extension}`, JSON.stringify(told)],
        timeoutMs: longestMs,
        outputBytes: 32 * 1024,
        env: { NODE_ENV: 'production' },
      });
      const worker = new ModelWorker(workspace, process);
      await worker.#loaded(name, signal);
      worker.#looking = setInterval(() => void worker.#look(), healthMs).unref();
      return worker;
    } catch (error) {
      await workspace.close();
      throw error;
    }
  }

  /** Why it can be asked no more; null while it can. */
  get ended(): string | null {
    return this.#ended;
  }

  /** What it said last, for people. */
  get words(): string {
    return this.#process.output().trim().slice(-1500);
  }

  async fetch(
    path: string,
    init: { readonly method?: string; readonly body?: string; readonly signal?: AbortSignal | null },
  ): Promise<Response> {
    return fetchOver(await this.#workspace.connect({ socket }), path, init);
  }

  async end(why = 'it was unloaded'): Promise<void> {
    this.#ended ??= why;
    if (this.#looking) clearInterval(this.#looking);
    await this.#workspace.close();
  }

  async #loaded(name: string, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + loadMs;
    for (;;) {
      signal.throwIfAborted();
      if (this.#ended !== null || performance.now() > deadline) {
        const why = this.#ended ?? 'it took too long';
        throw new DomainError('model_not_loaded', 'unavailable', {
          message: `${name} could not be loaded: ${why}. ${this.words}`.trim(),
        });
      }
      try {
        const response = await this.fetch('/health', { signal });
        if (response.ok) return;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        await pause(50, undefined, { signal });
      }
    }
  }

  /** A process that does not answer this, or cannot let go of an answer, is of no use any more. */
  async #look(): Promise<void> {
    if (this.#ended !== null) return;
    try {
      const response = await this.fetch('/health', { signal: AbortSignal.timeout(deafMs) });
      const health = (await response.json()) as { leftMs?: unknown };
      if (typeof health.leftMs === 'number' && health.leftMs > leftMs)
        await this.end('it did not stop when it was told to');
    } catch {
      await this.end('it did not answer any more');
    }
  }
}
