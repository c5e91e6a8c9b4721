import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One mounted cgroup hierarchy, and where this process stands in it. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** Version 1: the controllers of this hierarchy. */
  readonly controllers: readonly string[];
  readonly mountPoint: string;
  /** This process's own group, below the mount point: '' is the mount point itself. */
  readonly own: string;
}

/** All cgroup hierarchies that this process can see. */
export async function hierarchies(): Promise<readonly Hierarchy[]> {
  const [mounts, groups] = await Promise.all([readText('/proc/self/mountinfo'), readText('/proc/self/cgroup')]);
  return mounts.split('\n').flatMap((line) => readMount(line, groups));
}

function readMount(line: string, groups: string): Hierarchy[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '/', mountPoint = ''] = before.split(' ');
  const [type, , options = ''] = after.split(' ');
  if (type !== 'cgroup' && type !== 'cgroup2') return [];
  const version = type === 'cgroup2' ? 2 : 1;
  const controllers = options.split(',').filter((option) => option !== 'rw' && option !== 'ro');
  const own = ownPath(groups, version, controllers);
  // In a container the mount shows only a part of the host's tree.
  const relative =
    own === root || own.startsWith(root === '/' ? '/' : `${root}/`) ? own.slice(root === '/' ? 0 : root.length) : '';
  return [{ version, controllers, mountPoint, own: relative === '/' ? '' : relative }];
}

function ownPath(groups: string, version: 1 | 2, controllers: readonly string[]): string {
  for (const line of groups.split('\n')) {
    const [number, names = '', ...path] = line.split(':');
    const matches =
      version === 2
        ? number === '0' && names === ''
        : names.split(',').some((name) => name !== '' && controllers.includes(name));
    if (matches) return path.join(':');
  }
  return '/';
}

export function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** True when the kernel took it. */
export async function writeControl(folder: string, name: string, value: string | number): Promise<boolean> {
  try {
    await writeFile(join(folder, name), String(value));
    return true;
  } catch {
    return false;
  }
}
