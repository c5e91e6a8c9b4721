import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkspaceLimits } from '@devfactory/kit';
import { hierarchies, readText, writeControl } from './control-files.ts';
import type { Hierarchy } from './control-files.ts';

const family = 'devfactory';
const periodUs = 100_000;

type Limited = 'memory' | 'processes' | 'cpu';

/** The cgroups of one sandbox. */
export interface Groups {
  readonly enforced: ReadonlySet<Limited>;
  /** One folder in each hierarchy used. A process joins by writing its pid into `cgroup.procs` of each. */
  readonly folders: readonly string[];
  /** Where processes can be frozen; null when no hierarchy can. */
  readonly freezer: { readonly version: 1 | 2; readonly folder: string } | null;
  readonly memoryFolder: string | null;
}

interface Draft {
  readonly enforced: Set<Limited>;
  readonly folders: string[];
  freezer: Groups['freezer'];
  memoryFolder: string | null;
}

/** Makes groups with these limits wherever this machine allows it; what it does not allow is simply not in `enforced`. */
export async function makeGroups(name: string, limits: WorkspaceLimits): Promise<Groups> {
  const draft: Draft = { enforced: new Set(), folders: [], freezer: null, memoryFolder: null };
  const found = await hierarchies();
  for (const hierarchy of found.filter(({ version }) => version === 2))
    await useUnified(draft, { hierarchy, name, limits });
  for (const hierarchy of found.filter(({ version }) => version === 1))
    await useLegacy(draft, { hierarchy, name, limits });
  return draft;
}

interface Wanted {
  readonly hierarchy: Hierarchy;
  readonly name: string;
  readonly limits: WorkspaceLimits;
}

/** Version 2: the nearest group above us that hands its controllers down, or can be made to. */
async function useUnified(draft: Draft, { hierarchy, name, limits }: Wanted): Promise<void> {
  const folder = await makeUnified(hierarchy, name);
  if (folder === null) return;
  draft.folders.push(folder);
  draft.freezer = { version: 2, folder };
  if (await writeControl(folder, 'memory.max', limits.memoryBytes)) {
    draft.enforced.add('memory');
    draft.memoryFolder = folder;
    await writeControl(folder, 'memory.swap.max', 0);
  }
  if (await writeControl(folder, 'pids.max', limits.processes)) draft.enforced.add('processes');
  if (await writeControl(folder, 'cpu.max', `${quota(limits)} ${periodUs}`)) draft.enforced.add('cpu');
  await weigh(folder, { limits, control: 'cpu.weight', one: 100, most: 10_000 });
}

async function makeUnified(hierarchy: Hierarchy, name: string): Promise<string | null> {
  let fallback: string | null = null;
  for (let own = hierarchy.own; ; own = dirname(own) === '/' ? '' : dirname(own)) {
    const parent = join(hierarchy.mountPoint, own);
    const offered = (await readText(join(parent, 'cgroup.controllers'))).trim().split(/\s+/);
    const wanted = ['memory', 'pids', 'cpu'].filter((each) => offered.includes(each));
    for (const controller of wanted) await writeControl(parent, 'cgroup.subtree_control', `+${controller}`);
    const handed = (await readText(join(parent, 'cgroup.subtree_control'))).trim().split(/\s+/);
    if (wanted.includes('memory') && handed.includes('memory')) return makeFolder(await makeFamily(parent), name);
    fallback ??= parent;
    if (own === '') break;
  }
  // No controllers here: such a group can still freeze.
  return makeFolder(await makeFamily(fallback), name);
}

/** The family's own group hands everything down to the sandboxes in it. */
async function makeFamily(parent: string): Promise<string | null> {
  const folder = await makeFolder(parent, family);
  if (folder === null) return null;
  for (const controller of ['memory', 'pids', 'cpu'])
    await writeControl(folder, 'cgroup.subtree_control', `+${controller}`);
  return folder;
}

async function makeFolder(parent: string | null, name: string): Promise<string | null> {
  if (parent === null) return null;
  try {
    await mkdir(join(parent, name), { recursive: true });
    return join(parent, name);
  } catch {
    return null;
  }
}

/** Version 1: a hierarchy for each controller. */
async function useLegacy(draft: Draft, { hierarchy, name, limits }: Wanted): Promise<void> {
  const missing = (limited: Limited, controller: string): boolean =>
    hierarchy.controllers.includes(controller) && !draft.enforced.has(limited);
  const freezes = hierarchy.controllers.includes('freezer') && draft.freezer === null;
  if (!freezes && !missing('memory', 'memory') && !missing('processes', 'pids') && !missing('cpu', 'cpu')) return;
  const folder = await makeFolder(join(hierarchy.mountPoint, hierarchy.own), join(family, name));
  if (folder === null) return;
  draft.folders.push(folder);
  if (freezes) draft.freezer = { version: 1, folder };
  if (missing('memory', 'memory') && (await writeControl(folder, 'memory.limit_in_bytes', limits.memoryBytes))) {
    draft.enforced.add('memory');
    draft.memoryFolder = folder;
    await writeControl(folder, 'memory.memsw.limit_in_bytes', limits.memoryBytes);
  }
  if (missing('processes', 'pids') && (await writeControl(folder, 'pids.max', limits.processes)))
    draft.enforced.add('processes');
  if (missing('cpu', 'cpu') && (await writeControl(folder, 'cpu.cfs_period_us', periodUs))) {
    if (await writeControl(folder, 'cpu.cfs_quota_us', quota(limits))) draft.enforced.add('cpu');
    await weigh(folder, { limits, control: 'cpu.shares', one: 1024, most: 262_144 });
  }
}

/**
 * Where processors are short, all sandboxes together would weigh as much as a single process outside of them: they get as much on each
 * core, and divide it by what each may use. Where the kernel does not take it they are only slower there.
 */
async function weigh(
  folder: string,
  weight: { readonly limits: WorkspaceLimits; readonly control: string; readonly one: number; readonly most: number },
): Promise<void> {
  const { limits, control, one, most } = weight;
  await writeControl(dirname(folder), control, Math.min(most, one * availableParallelism()));
  await writeControl(folder, control, Math.min(most, Math.max(2, Math.round(one * limits.cpus))));
}

const quota = (limits: WorkspaceLimits): number => Math.max(1_000, Math.round(limits.cpus * periodUs));

/** Processes that the kernel killed because the group was out of memory. */
export async function memoryKills(groups: Groups): Promise<number> {
  if (groups.memoryFolder === null) return 0;
  const texts = await Promise.all(
    ['memory.events', 'memory.oom_control'].map((name) => readText(join(groups.memoryFolder ?? '', name))),
  );
  return Number(/^oom_kill (\d+)$/m.exec(texts.join('\n'))?.[1] ?? 0);
}

/** Removes groups whose processes are gone. */
export async function removeGroups(groups: Groups): Promise<void> {
  for (const folder of groups.folders) await removeFolder(folder);
}

async function removeFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await rmdir(join(folder, entry.name)).catch(() => undefined);
  }
  await rmdir(folder).catch(() => undefined);
}

/**
 * Groups that an orchestrator left behind which was killed: thawed, so that what was frozen in them can die, and removed where
 * they are empty. Those of another installation that runs are not empty and stay.
 */
export async function sweepGroups(prefix: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    for (let own = hierarchy.own; ; own = dirname(own) === '/' ? '' : dirname(own)) {
      const parent = join(hierarchy.mountPoint, own, family);
      for (const name of await readdir(parent).catch(() => [])) {
        if (!name.startsWith(prefix)) continue;
        const folder = join(parent, name);
        await writeControl(
          join(folder, 'work'),
          hierarchy.version === 2 ? 'cgroup.freeze' : 'freezer.state',
          hierarchy.version === 2 ? 0 : 'THAWED',
        );
        await removeFolder(folder);
      }
      if (own === '') break;
    }
  }
}
