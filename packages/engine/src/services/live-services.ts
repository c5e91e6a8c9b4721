import {
  type BackgroundProcess,
  DomainError,
  readAnyProjectFile,
  serviceAddresses,
  type ServiceName,
  type Workspace,
} from '@devfactory/kit';
import { serviceEnv, startService } from './start-services.ts';

const mostBytes = 1024 * 1024;

/** What a command of the workspace is given, and what its caller must know. */
export interface ServiceView {
  readonly env: Readonly<Record<string, string>>;
  /** Why a service that the project asks for is not there, a sentence each. */
  readonly troubles: readonly string[];
}

/** The services of a workspace that lives on while its project changes: what devfactory.json asks for now is running. */
export class LiveServices {
  #workspace: Workspace | null = null;
  readonly #running = new Map<ServiceName, BackgroundProcess>();
  #looking: { readonly workspace: Workspace; readonly names: Promise<readonly ServiceName[]> } | null = null;

  /** Looks what is asked for, while something else is under way. What goes wrong is for whoever wants the view. */
  look(workspace: Workspace): void {
    const names = askedFor(workspace);
    names.catch(() => undefined);
    this.#looking = { workspace, names };
  }

  /** Starts what is asked for and does not run, in this very sandbox. Throws DomainError workspace_gone only. */
  async view(workspace: Workspace): Promise<ServiceView> {
    if (this.#workspace !== workspace) this.#running.clear();
    this.#workspace = workspace;
    const looked = this.#looking?.workspace === workspace ? this.#looking.names : askedFor(workspace);
    this.#looking = null;
    const names = await looked;
    const troubles = await Promise.all(names.map((name) => this.#start(workspace, name)));
    return {
      env: serviceEnv(names),
      troubles: troubles.filter((sentence) => sentence !== null),
    };
  }

  async #start(workspace: Workspace, name: ServiceName): Promise<string | null> {
    // Whoever else holds this sandbox may have started it, and may be starting it now.
    const isThere = async (): Promise<boolean> => (await workspace.ports()).includes(serviceAddresses[name].port);
    if (await isThere()) return null;
    // Killed a moment ago, which was not told yet, or it listens no more: its folder is free only when it is gone.
    await this.#running.get(name)?.kill();
    try {
      const process = await startService(workspace, name);
      this.#running.set(name, process);
      const forget = (): void => {
        if (this.#running.get(name) === process) this.#running.delete(name);
      };
      void process.exited.then(forget, forget);
      return null;
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'workspace_gone')
        return (await isThere()) ? null : error.message;
      throw error;
    }
  }
}

async function askedFor(workspace: Workspace): Promise<readonly ServiceName[]> {
  const words = await readAnyProjectFile({
    paths: ['devfactory.json'],
    read: async (path) => {
      try {
        return Buffer.from(await workspace.files.read(path, { maxBytes: mostBytes })).toString('utf8');
      } catch (error) {
        if (error instanceof DomainError && error.code !== 'workspace_gone') return null;
        throw error;
      }
    },
  });
  return words?.services ?? [];
}
