import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ProbeReport, Workspace, WorkspaceDriver, WorkspaceLimits, WorkspaceSpec } from '@devfactory/kit';
import { EgressProxy } from './egress/egress-proxy.ts';
import { failure } from './errors.ts';
import { reachableHosts, wayOut } from './host/host-settings.ts';
import type { WayOut } from './host/host-settings.ts';
import { hostTools, shownPrograms } from './host/tools.ts';
import type { HostTools } from './host/tools.ts';
import { makeGroups, sweepGroups } from './limits/groups.ts';
import type { Groups } from './limits/groups.ts';
import { notEnforced, processLimits } from './limits/not-enforced.ts';
import { resolveMounts } from './mounts.ts';
import type { ResolvedMounts } from './mounts.ts';
import type { BwrapOptions } from './options.ts';
import { Places } from './places.ts';
import type { Place } from './places.ts';
import { findProblem, readFeatures } from './probe.ts';
import type { Features } from './probe.ts';
import { bwrapCommand } from './profile.ts';
import { prepareRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';
import { cannotJoin, Sandbox } from './sandbox.ts';
import { Session } from './session.ts';
import { Tenancy } from './tenancy.ts';
import { BwrapWorkspace } from './workspace.ts';

/** Workspaces in bubblewrap sandboxes on this machine. One driver per data directory. */
export function createBwrapDriver(options: BwrapOptions): WorkspaceDriver {
  return new BwrapDriver(options);
}

/** What is the same for all sandboxes of this driver. */
interface Prepared {
  readonly runtime: Runtime;
  readonly wayOut: WayOut;
  readonly tools: HostTools;
  readonly features: Features;
  readonly etcNames: readonly string[];
  /** Prefix of this installation's cgroups. */
  readonly prefix: string;
}

const probeLimits: WorkspaceLimits = {
  memoryBytes: 512_000_000,
  processes: 100,
  cpus: 1,
  diskBytes: 100_000_000,
  files: 10_000,
  tmpBytes: 16_000_000,
};

class BwrapDriver implements WorkspaceDriver {
  readonly id = 'bwrap';
  readonly #options: BwrapOptions;
  readonly #places: Places;
  readonly #tenancy = new Tenancy();
  #prepared: Promise<Prepared> | null = null;
  /** False once a process could not join: plain users often may make groups that they may not enter. */
  #groupsUsable = true;

  constructor(options: BwrapOptions) {
    this.#options = options;
    this.#places = new Places(options.dataDir);
  }

  async probe(): Promise<ProbeReport> {
    const id = `probe-${randomBytes(6).toString('hex')}`;
    try {
      const workspace = await this.open({ id, limits: probeLimits, egress: [] });
      const { exitCode } = await workspace.exec({ argv: ['true'], timeoutMs: 20_000 });
      await workspace.close();
      const { features, wayOut } = await this.#prepare();
      const words = [`bubblewrap ${features.version}`, this.#places.owner, ...wayOut.registries.withheld];
      return { usable: exitCode === 0, found: words.join('; '), fix: '', notEnforced: workspace.notEnforced };
    } catch (error) {
      const { found, fix } = await findProblem(error);
      return { usable: false, found, fix, notEnforced: [] };
    } finally {
      await this.remove(id).catch(() => undefined);
    }
  }

  async open(spec: WorkspaceSpec): Promise<Workspace> {
    const release = this.#tenancy.enter(spec);
    try {
      const prepared = await this.#prepare();
      const place = await this.#places.open(spec.id);
      const mounts = await resolveMounts(this.#places, place, spec.mounts ?? []);
      return await this.#launch({ spec, place, mounts, prepared, release });
    } catch (error) {
      release();
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    if (this.#tenancy.isUsed(id))
      throw failure('workspace_busy', `Workspace '${id}' is in use; close it before its files are removed.`);
    await this.#places.remove(id);
  }

  usage(id: string): Promise<{ readonly bytes: number; readonly files: number } | null> {
    return this.#places.usage(id);
  }

  list(): Promise<readonly string[]> {
    return this.#places.list();
  }

  async #launch(opening: Opening): Promise<Workspace> {
    const { spec, place, prepared } = opening;
    const { groups, session, egress } = await this.#startSession(opening);
    try {
      await session.ready();
    } catch (error) {
      if (!couldNotJoin(error) || !this.#groupsUsable) throw error;
      this.#groupsUsable = false;
      const again = this.#tenancy.enter(spec);
      return this.#launch({ ...opening, release: again });
    }
    const uses = prepared.features.disableUserns
      ? []
      : [`Nested user namespaces: bubblewrap ${prepared.features.version} cannot forbid them (0.8 can).`];
    const calls =
      filterOf(prepared) === null
        ? ['System calls: not filtered (this kernel or processor has no filter for them).']
        : [];
    return new BwrapWorkspace({
      id: spec.id,
      session,
      notEnforced: [...notEnforced(groups, spec.limits), ...uses, ...calls, ...this.#places.shortcomings(place)],
      decisions: () => egress?.takeDecisions() ?? [],
    });
  }

  async #startSession({
    spec,
    place,
    mounts,
    prepared,
    release,
  }: Opening): Promise<{ session: Session; groups: Groups; egress: EgressProxy | null }> {
    const groups = await this.#makeGroups(spec, prepared.prefix);
    const hosts = reachableHosts(spec.egress, prepared.wayOut.registries);
    const egress = hosts.length === 0 ? null : new EgressProxy({ ...this.#egressOptions(), allowed: hosts });
    const { env, binds } = egress ? prepared.wayOut : { env: {}, binds: [] };
    const filter = filterOf(prepared);
    const command = bwrapCommand({
      runtime: prepared.runtime,
      place,
      limits: spec.limits,
      env: { ...env, ...spec.env },
      binds: [...binds, ...prepared.tools.binds, ...mounts.binds, ...(this.#options.sights?.(spec.id) ?? [])],
      toolPath: prepared.tools.path,
      egress: egress !== null,
      models: spec.models !== undefined,
      mounts: mounts.inWorkspace,
      disableUserns: prepared.features.disableUserns,
      filtered: filter !== null,
      etcNames: prepared.etcNames,
      processLimits: processLimits(groups, spec.limits),
      watchMemory: !groups.enforced.has('memory'),
    });
    const sandbox = new Sandbox([...userSwitch(place, mounts.groups), ...command], {
      cgroups: groups.folders,
      filter,
    });
    return {
      session: new Session({ spec, sandbox, groups, egress, place, released: release }),
      groups,
      egress,
    };
  }

  async #makeGroups(spec: WorkspaceSpec, prefix: string): Promise<Groups> {
    if (this.#groupsUsable) return makeGroups(`${prefix}${spec.id}-${randomBytes(4).toString('hex')}`, spec.limits);
    return { enforced: new Set(), folders: [], freezer: null, memoryFolder: null };
  }

  #egressOptions(): {
    allowPrivate: readonly string[];
    hostEnv: NonNullable<BwrapOptions['hostEnv']>;
    resolve?: NonNullable<BwrapOptions['resolve']>;
  } {
    const { allowPrivate = [], hostEnv = process.env, resolve } = this.#options;
    return resolve ? { allowPrivate, hostEnv, resolve } : { allowPrivate, hostEnv };
  }

  #prepare(): Promise<Prepared> {
    this.#prepared ??= this.#layOut().catch((error: unknown) => {
      this.#prepared = null;
      throw error;
    });
    return this.#prepared;
  }

  async #layOut(): Promise<Prepared> {
    const features = await readFeatures();
    await this.#places.prepare();
    const runtimeDir = this.#options.runtimeDir ?? join(this.#options.dataDir, 'runtime');
    const prefix = this.#places.groupPrefix();
    await Promise.all([this.#places.sweep(), sweepGroups(prefix)]);
    // A service has no HOME: languages that its user installed are looked for all the same.
    const hostEnv = this.#options.hostEnv ?? { HOME: homedir(), ...process.env };
    const [runtime, out, tools, programs, etcNames] = await Promise.all([
      prepareRuntime(runtimeDir, this.#options.node ?? process.execPath),
      wayOut(hostEnv, runtimeDir),
      hostTools(hostEnv, runtimeDir),
      shownPrograms(this.#options.programs ?? []),
      readdir('/etc'),
    ]);
    return {
      runtime,
      wayOut: out,
      tools: { ...tools, binds: [...tools.binds, ...programs] },
      features,
      etcNames,
      prefix,
    };
  }
}

interface Opening {
  readonly spec: WorkspaceSpec;
  readonly place: Place;
  readonly mounts: ResolvedMounts;
  readonly prepared: Prepared;
  readonly release: () => void;
}

function couldNotJoin(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === cannotJoin;
}

function filterOf({ runtime, features }: Prepared): string | null {
  return features.seccomp ? runtime.systemCalls : null;
}

/** As root every workspace has a user of its own: the kernel keeps them apart even where a wall would fall. */
function userSwitch(place: Place, groups: readonly number[]): string[] {
  if (place.uid === null) return [];
  const uid = String(place.uid);
  const others = groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')];
  return ['setpriv', '--reuid', uid, '--regid', uid, ...others, '--no-new-privs'];
}
