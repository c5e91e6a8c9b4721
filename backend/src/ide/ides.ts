import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '@devfactory/contracts';
import { DomainError, type BackgroundProcess, type Workspace } from '@devfactory/kit';
import type { UnannouncedEdits } from '../edits/unannounced-edits.ts';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import { isHealthy } from './health.ts';
import type { IdeBundle } from './ide-bundle.ts';
import { furnish, layExtension } from './ide-extension.ts';
import { ideCommand, ideEnvironment, ideSocket } from './ide-settings.ts';
import { tellIde, type IdeTellerParts } from './ide-teller.ts';

const startMs = 60_000;
const weekMs = 7 * 24 * 3_600_000;
const lookMs = 250;

export interface IdesParts extends IdeTellerParts {
  readonly bundle: IdeBundle;
  readonly live: LiveWorkspaces;
  readonly unannounced: UnannouncedEdits;
  /** Milliseconds without a browser after which it ends. */
  readonly idleMs: number;
}

interface Ide {
  readonly workspace: Workspace;
  readonly process: BackgroundProcess;
  readonly left: () => Promise<void>;
  readonly telling: AbortController;
}

/** Who opens it, and the run's address in the console as they have it. */
export interface IdeVisitor {
  readonly actor: Actor;
  readonly page: string;
}

/** VS Code in runs' sandboxes, one for each run that somebody opened it for. */
export class Ides {
  readonly #parts: IdesParts;
  readonly #running = new Map<string, Promise<Ide>>();

  constructor(parts: IdesParts) {
    this.#parts = parts;
  }

  get bundle(): IdeBundle {
    return this.#parts.bundle;
  }

  /** Resolves when it can be used. Throws ide_off, ide_absent (and begins to fetch it), ide_failed, and what opening the workspace throws. */
  async start(runId: string, visitor: IdeVisitor): Promise<void> {
    this.#requireBundle();
    const known = this.#running.get(runId);
    if (known) return void (await known);
    const starting = this.#start(runId, visitor);
    this.#running.set(runId, starting);
    const forget = (): void => {
      if (this.#running.get(runId) === starting) this.#running.delete(runId);
    };
    try {
      const ide = await starting;
      const over = (): Promise<void> => {
        forget();
        return end(ide);
      };
      void ide.process.exited.then(over, over).catch(() => undefined);
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** A fresh connection to it. Throws ide_stopped. */
  async connect(runId: string): Promise<Duplex> {
    const ide = await this.#running.get(runId);
    const stopped = (): DomainError =>
      new DomainError('ide_stopped', 'unavailable', {
        message:
          'VS Code does not run for this run any more: it ends after an hour without use, and with its sandbox. Open it again from the run; no file is lost.',
      });
    if (!ide) throw stopped();
    return ide.workspace.connect({ socket: ideSocket }).catch(() => {
      throw stopped();
    });
  }

  async closeAll(): Promise<void> {
    const all = await Promise.allSettled(this.#running.values());
    await Promise.all(all.flatMap((ide) => (ide.status === 'fulfilled' ? [end(ide.value)] : [])));
    await this.#parts.bundle.settled();
  }

  #requireBundle(): void {
    const { bundle } = this.#parts;
    const { state } = bundle;
    if (state.is === 'ready') return;
    if (state.is === 'off')
      throw new DomainError('ide_off', 'unavailable', {
        message:
          'This factory was started without VS Code (--no-ide). Terminal, files and changes are there; start it without that option to have VS Code.',
      });
    bundle.fetch();
    throw new DomainError('ide_absent', 'unavailable', {
      message: 'VS Code is being fetched, once for this factory; it opens when it is here.',
      retryAfterSeconds: 2,
    });
  }

  async #start(runId: string, { actor, page }: IdeVisitor): Promise<Ide> {
    const { live, bundle, idleMs, unannounced } = this.#parts;
    const workspace = await live.hold(runId);
    const left = await unannounced.watch(runId, actor);
    try {
      await furnish(workspace, await layExtension(bundle.directory));
      const argv = ideCommand(bundle.name, idleMs / 1_000);
      const begin = (): Promise<BackgroundProcess> =>
        workspace.start({ argv, env: ideEnvironment, timeoutMs: weekMs, outputBytes: 64 * 1024 });
      const process = await startPatiently(workspace, begin);
      const telling = new AbortController();
      void tellIde(this.#parts, { runId, workspace, page }, telling.signal);
      return { workspace, left, process, telling };
    } catch (error) {
      await left();
      await workspace.close().catch(() => undefined);
      throw error;
    }
  }
}

async function end({ workspace, left, telling }: Ide): Promise<void> {
  telling.abort();
  await left();
  await workspace.close();
}

/**
 * Tries again while there is time: code-server gives its own second process five seconds, which a busy machine does not always keep.
 */
async function startPatiently(
  workspace: Workspace,
  begin: () => Promise<BackgroundProcess>,
): Promise<BackgroundProcess> {
  const deadline = performance.now() + startMs;
  let process = await begin();
  for (;;) {
    let ended = false;
    const note = (): void => {
      ended = true;
    };
    process.exited.then(note, note);
    while (!ended && performance.now() < deadline) {
      if (await isHealthy(() => workspace.connect({ socket: ideSocket }))) return process;
      await pause(lookMs);
    }
    if (performance.now() > deadline) break;
    process = await begin();
  }
  const words = process.output().trim().split('\n').slice(-5).join('\n');
  throw new DomainError('ide_failed', 'unavailable', {
    message: `VS Code did not start in the sandbox within ${startMs / 1000} seconds: ${words || 'it said nothing'}. Try again; terminal and files work without it.`,
  });
}
