import { readFile } from 'node:fs/promises';
import type { WorkspaceSpec } from '@devfactory/kit';
import { Supervisor } from '@devfactory/supervisor';
import type { EgressProxy } from './egress/egress-proxy.ts';
import { failure } from './errors.ts';
import { DiskWatch } from './limits/disk-watch.ts';
import { Freezer } from './limits/freezer.ts';
import { memoryKills, removeGroups } from './limits/groups.ts';
import type { Groups } from './limits/groups.ts';
import { LifeWatch } from './limits/life-watch.ts';
import type { Place } from './places.ts';
import type { Sandbox, SandboxEnd } from './sandbox.ts';

export interface SessionParts {
  readonly spec: WorkspaceSpec;
  readonly sandbox: Sandbox;
  readonly groups: Groups;
  readonly egress: EgressProxy | null;
  readonly place: Place;
  /** Called once, when nothing of the sandbox is left. */
  readonly released: () => void;
}

/** The time of one sandbox from its start to its end, and everything that watches over it. */
export class Session {
  readonly supervisor: Supervisor;
  /** Resolves with a sentence when the sandbox ended without being closed. */
  readonly gone: Promise<string>;
  readonly #parts: SessionParts;
  readonly #over: Promise<void>;
  #freezer: Freezer | null = null;
  #disk: DiskWatch | null = null;
  #life: LifeWatch | null = null;
  #closing = false;
  #reason: string | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { sandbox, spec, egress } = parts;
    this.supervisor = new Supervisor(sandbox.connection, {
      fail: (code, message) =>
        failure(code, code === 'workspace_gone' && this.#reason !== null ? this.#reason : message),
      egress: egress === null ? null : (stream) => egress.accept(stream),
      models: spec.models ?? null,
      onClose: (error) => {
        if (error) this.#reason ??= `The sandbox was ended: ${error.message}`;
        this.#disk?.stop();
        void this.#end();
      },
      maxFileBytes: spec.limits.diskBytes,
      maxEntries: spec.limits.files,
    });
    const gone = Promise.withResolvers<string>();
    this.gone = gone.promise;
    this.#over = sandbox.ended.then(async (end) => {
      const sentence = this.#closing ? null : await this.#explain(end);
      await this.#cleanUp();
      parts.released();
      if (sentence !== null) gone.resolve(sentence);
    });
  }

  /** Resolves when commands can run. Rejects with what went wrong; nothing is left then. */
  async ready(): Promise<void> {
    const { sandbox, spec, place } = this.#parts;
    try {
      await this.supervisor.ready;
    } catch {
      this.#closing = true;
      const end = await sandbox.ended;
      await this.#over;
      throw failure('workspace_unavailable', `The sandbox of '${spec.id}' did not start: ${lastWords(end)}`, end);
    }
    const supervisorPid = await this.#supervisorPid();
    this.#freezer = await this.#makeFreezer(supervisorPid);
    this.#disk = new DiskWatch({
      folder: place.files,
      recordPath: place.record,
      limits: spec.limits,
      measure: () => this.supervisor.usage(),
      exceeded: (sentence) => this.#stop(sentence),
    });
    this.#life = new LifeWatch({
      ping: () => this.supervisor.ping(),
      heard: () => this.supervisor.heard,
      pid: supervisorPid,
      lost: (sentence) => this.#stop(sentence),
    });
  }

  /** Does something while no process of the workspace moves, where this machine can do that. */
  async whileFrozen<T>(act: () => Promise<T>): Promise<T> {
    const freezer = this.#freezer;
    if (!freezer) return act();
    try {
      await freezer.freeze();
      return await act();
    } finally {
      await freezer.thaw();
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.supervisor.close();
    await this.#end();
    await this.#over;
  }

  #stop(reason: string): void {
    this.#reason ??= reason;
    this.supervisor.close();
  }

  async #end(): Promise<void> {
    // What is frozen by the old kind of cgroup cannot even be killed.
    await this.#freezer?.thaw();
    await this.#parts.sandbox.end();
  }

  async #explain(end: SandboxEnd): Promise<string> {
    if (this.#reason !== null) return this.#reason;
    if ((await memoryKills(this.#parts.groups)) > 0)
      return 'The sandbox ran out of memory and its supervisor was killed.';
    return `The sandbox ended by itself: ${lastWords(end)}`;
  }

  async #cleanUp(): Promise<void> {
    this.#disk?.stop();
    this.#life?.stop();
    this.#parts.egress?.close();
    this.supervisor.close();
    await removeGroups(this.#parts.groups);
  }

  /** The supervisor is the first child of the namespace's init. */
  async #supervisorPid(): Promise<number | null> {
    const init = await this.#parts.sandbox.initPid;
    if (init === null) return null;
    const children = await readFile(`/proc/${init}/task/${init}/children`, 'utf8').catch(() => '');
    const pid = Number(children.trim().split(' ')[0]);
    return pid > 0 ? pid : null;
  }

  async #makeFreezer(supervisor: number | null): Promise<Freezer | null> {
    const { groups, sandbox } = this.#parts;
    const init = await sandbox.initPid;
    if (groups.freezer === null || init === null || sandbox.pid === undefined || supervisor === null) return null;
    return new Freezer(groups.freezer, [sandbox.pid, init, supervisor]);
  }
}

function lastWords(end: SandboxEnd): string {
  return end.stderr === '' ? `it ended with ${end.signal ?? `exit code ${end.code}`}.` : end.stderr;
}
