import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeReport, Workspace, WorkspaceDriver, WorkspaceSpec } from '@devfactory/kit';
import { Supervisor } from '@devfactory/supervisor';
import { failure } from './errors.ts';
import type { BwrapOptions } from './options.ts';
import { Places } from './places.ts';
import type { Place } from './places.ts';
import { bwrapCommand } from './profile.ts';
import { prepareRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';
import { Sandbox } from './sandbox.ts';
import { BwrapWorkspace } from './workspace.ts';

/** Workspaces in bubblewrap sandboxes on this machine. One driver per data directory. */
export function createBwrapDriver(options: BwrapOptions): WorkspaceDriver {
  return new BwrapDriver(options);
}

class BwrapDriver implements WorkspaceDriver {
  readonly id = 'bwrap';
  readonly #options: BwrapOptions;
  readonly #places: Places;
  readonly #busy = new Set<string>();
  #prepared: Promise<Runtime> | null = null;

  constructor(options: BwrapOptions) {
    this.#options = options;
    this.#places = new Places(options.dataDir);
  }

  async probe(): Promise<ProbeReport> {
    await this.#prepare();
    return { usable: true, found: 'bubblewrap', fix: '', notEnforced: [] };
  }

  async open(spec: WorkspaceSpec): Promise<Workspace> {
    if (this.#busy.has(spec.id))
      throw failure('workspace_busy', `Workspace '${spec.id}' is open already; close it first.`);
    this.#busy.add(spec.id);
    try {
      const runtime = await this.#prepare();
      const place = await this.#places.open(spec.id);
      return await this.#launch(spec, place, runtime);
    } catch (error) {
      this.#busy.delete(spec.id);
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    if (this.#busy.has(id))
      throw failure('workspace_busy', `Workspace '${id}' is open; close it before its files are removed.`);
    await this.#places.remove(id);
  }

  list(): Promise<readonly string[]> {
    return this.#places.list();
  }

  async #launch(spec: WorkspaceSpec, place: Place, runtime: Runtime): Promise<Workspace> {
    const command = bwrapCommand(
      {
        runtime,
        place,
        tmpBytes: spec.limits.tmpBytes,
        env: spec.env ?? {},
        binds: [],
        egress: false,
        mounts: [],
        disableUserns: true,
      },
      await readdir('/etc'),
    );
    const sandbox = new Sandbox([...userSwitch(place), ...command]);
    const supervisor = new Supervisor(sandbox.connection, {
      fail: (code, message) => failure(code, message),
      egress: null,
      onClose: () => void sandbox.end(),
      maxFileBytes: spec.limits.diskBytes,
      maxEntries: spec.limits.files,
    });
    try {
      await supervisor.ready;
    } catch {
      const end = await sandbox.ended;
      throw failure(
        'workspace_unavailable',
        `The sandbox did not start: ${end.stderr || `exit code ${end.code ?? end.signal}`}`,
      );
    }
    const gone = Promise.withResolvers<string>();
    let closing = false;
    void sandbox.ended.then((end) => {
      this.#busy.delete(spec.id);
      if (!closing)
        gone.resolve(`The sandbox ended by itself: ${end.stderr || (end.signal ?? `exit code ${end.code}`)}`);
    });
    return new BwrapWorkspace({
      id: spec.id,
      supervisor,
      notEnforced: [],
      gone: gone.promise,
      decisions: () => [],
      close: async () => {
        closing = true;
        supervisor.close();
        await sandbox.end();
      },
    });
  }

  #prepare(): Promise<Runtime> {
    this.#prepared ??= this.#layOut().catch((error: unknown) => {
      this.#prepared = null;
      throw error;
    });
    return this.#prepared;
  }

  async #layOut(): Promise<Runtime> {
    await this.#places.prepare();
    await this.#places.sweep();
    return prepareRuntime(
      this.#options.runtimeDir ?? join(this.#options.dataDir, 'runtime'),
      this.#options.node ?? process.execPath,
    );
  }
}

function userSwitch(place: Place): string[] {
  if (place.uid === null) return [];
  const uid = String(place.uid);
  return ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups', '--no-new-privs'];
}
