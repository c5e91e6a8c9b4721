import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceMount } from '@devfactory/kit';
import { failure } from './errors.ts';
import type { Place, Places } from './places.ts';
import type { Bind } from './profile.ts';

export interface ResolvedMounts {
  readonly binds: readonly Bind[];
  /** Relative to /workspace: what the walk passes by. */
  readonly inWorkspace: readonly string[];
  /** Groups that let the sandbox's user pass through the other workspaces' folders. */
  readonly groups: readonly number[];
}

const targetPattern = /^\/(workspace|mnt)((?:\/[^/\0]+)+)$/;

/**
 * Finds what the mounts name. Both workspaces have no processes while this looks (one is closed, the other not started), so what
 * is no symlink now is none when the sandbox starts.
 */
export async function resolveMounts(
  places: Places,
  own: Place,
  mounts: readonly WorkspaceMount[],
): Promise<ResolvedMounts> {
  const binds: Bind[] = [];
  const inWorkspace: string[] = [];
  const groups = new Set<number>();
  for (const mount of mounts) {
    const source = await places.find(mount.workspace);
    if (!source) throw failure('mount_refused', `There is no workspace '${mount.workspace}' to mount from.`);
    const from = await plainFolder(source.files, parts(mount.path), mount);
    const [, top, below = ''] = targetPattern.exec(mount.at) ?? [];
    const target = parts(below.slice(1));
    if (top === undefined || target.length === 0) {
      throw failure('mount_refused', `'${mount.at}' is no place for a mount: it must lie below /workspace/ or /mnt/.`);
    }
    if (top === 'workspace') {
      await noLinks(own.files, target, mount);
      inWorkspace.push(target.join('/'));
    }
    if (source.uid !== null) groups.add(source.uid);
    binds.push({ from, at: mount.at, scratch: await scratchIn(from, mount) });
  }
  return { binds, inWorkspace, groups: [...groups] };
}

function parts(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (path.startsWith('/') || names.includes('..') || path.includes('\0')) {
    throw failure('mount_refused', `'${path}' is no plain relative path.`);
  }
  return names;
}

async function plainFolder(root: string, names: readonly string[], mount: WorkspaceMount): Promise<string> {
  const path = await noLinks(root, names, mount);
  const stats = await lstat(path).catch(() => null);
  if (!stats?.isDirectory())
    throw failure('mount_refused', `'${mount.path}' of workspace '${mount.workspace}' is no folder.`);
  return path;
}

/** Those that are there. */
async function scratchIn(from: string, mount: WorkspaceMount): Promise<readonly string[]> {
  const there = await Promise.all(
    (mount.scratch ?? []).map(async (path) => {
      const names = parts(path);
      const stats = await lstat(await noLinks(from, names, mount)).catch(() => null);
      return names.length > 0 && stats ? [names.join('/')] : [];
    }),
  );
  return there.flat();
}

/** Every part that exists must be a real folder. */
async function noLinks(root: string, names: readonly string[], mount: WorkspaceMount): Promise<string> {
  let path = root;
  for (const name of names) {
    path = join(path, name);
    const stats = await lstat(path).catch(() => null);
    if (stats && !stats.isDirectory()) {
      throw failure(
        'mount_refused',
        `A part of '${mount.path}' or '${mount.at}' is a symbolic link or a file: '${name}'.`,
      );
    }
  }
  return path;
}
