import type { CheckFile } from '@devfactory/contracts';
import { DomainError, type Workspace, type WorkspaceMount } from '@devfactory/kit';
import { fillSource } from '../../checkpoints/index.ts';
import { keyOf } from '../../checkpoints/paths.ts';
import { serviceEnv, startServices } from '../../services/start-services.ts';
import { type OverlayFile, type Prepared, sourceMount } from '../prepare/prepare.ts';
import type { Scope } from '../scope/scopes.ts';
import { inProject, own, type Verifying } from './verifying.ts';

export type Ready = Prepared & { readonly status: 'ready' };

interface CheckSandbox {
  readonly id: string;
  readonly prepared: Ready;
  readonly files: readonly CheckFile[];
  readonly mounts?: readonly WorkspaceMount[];
}

/**
 * A sandbox for one execution of one check: the built tree copied in, the dependencies mounted read-only, no way out, and the
 * check's locked files over whatever lies at their paths, and the project's test services with data of their own. No project code has run in it when this returns.
 */
export async function openCheckSandbox(
  verifying: Verifying,
  { id, prepared, files, mounts = [] }: CheckSandbox,
): Promise<Workspace> {
  const workspace = prepared.scope
    ? await openOnPart(verifying, { id, prepared, scope: prepared.scope, mounts })
    : await openOnAll(verifying, { id, prepared, mounts });
  if (prepared.overlay) {
    await layLocked(workspace, prepared.overlay);
    await rebuild(workspace, prepared);
  }
  if (files.length > 0) await layLocked(workspace, files);
  await startServices(workspace, prepared.services);
  return workspace;
}

type Opening = Required<Pick<CheckSandbox, 'id' | 'prepared' | 'mounts'>>;

async function openOnAll({ sandboxes }: Verifying, { id, prepared, mounts }: Opening): Promise<Workspace> {
  const env = serviceEnv(prepared.services);
  const workspace = await sandboxes.open(id, { mounts: [...prepared.mounts, ...mounts], env });
  const excludes = prepared.mountedPaths.map((path) => `--exclude=./${path}`);
  const copy = `set -o pipefail; tar -C ${sourceMount} --anchored --no-wildcards "$@" -cf - . | tar -C /workspace -xpf -`;
  await own(workspace, ['/bin/bash', '-c', copy, 'copy', ...excludes]);
  return workspace;
}

/** Without the mount that the rest of the tree could be read from. Nothing of such a tree is built, so its files are all there is. */
async function openOnPart(
  { sandboxes, deps, request }: Verifying,
  { id, prepared, scope, mounts }: Opening & { readonly scope: Scope },
): Promise<Workspace> {
  const dependencies = prepared.mounts.filter(({ at }) => at !== sourceMount);
  const env = serviceEnv(prepared.services);
  const workspace = await sandboxes.open(id, { mounts: [...dependencies, ...mounts], env });
  const mounted = (key: string): boolean =>
    prepared.mountedPaths.some((path) => key === keyOf({ path }) || key.startsWith(`${keyOf({ path })}/`));
  const keys = new Set([...scope.keys].filter((key) => !mounted(key)));
  await fillSource({ workspace, blobs: deps.blobs }, request.checkpoint, keys);
  return workspace;
}

/** What was built does not know of the overlay yet. Throws DomainError overlay_not_built: the change does not compile. */
async function rebuild(workspace: Workspace, { recognised, binPaths }: Ready): Promise<void> {
  for (const command of recognised.flatMap(({ project }) => project.build)) {
    const result = await workspace.exec(inProject(command, binPaths));
    if (result.exitCode === 0) continue;
    throw new DomainError('overlay_not_built', 'invalid', { message: 'The changed tree does not build.' });
  }
}

/** Clears each locked path of links and folders that the tree may have put in the way, then writes the file. */
async function layLocked(workspace: Workspace, files: readonly OverlayFile[]): Promise<void> {
  const parents = new Set(files.flatMap(({ path }) => parentsOf(path)));
  const clearParents =
    'for path; do if [ -L "$path" ] || { [ -e "$path" ] && [ ! -d "$path" ]; }; then rm -f -- "$path"; fi; done';
  if (parents.size > 0) await own(workspace, ['/bin/sh', '-c', clearParents, 'clear', ...parents]);
  await own(workspace, ['rm', '-rf', '--', ...files.map(({ path }) => path)]);
  for (const { path, content, mode } of files)
    await workspace.files.write(path, Buffer.from(content, 'utf8'), { mode: mode ?? 0o644 });
}

/** Shortest first: 'a/b/c.py' has 'a' and 'a/b'. */
function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** The first locked file that is no longer as it was laid down; null when all are. */
export async function changedLocked(workspace: Workspace, files: readonly CheckFile[]): Promise<string | null> {
  for (const { path, content } of files) {
    const wanted = Buffer.from(content, 'utf8');
    const found = await readOrNull(workspace, { path, maxBytes: wanted.length + 1 });
    if (found === null || !wanted.equals(found)) return path;
  }
  return null;
}

async function readOrNull(
  workspace: Workspace,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Promise<Uint8Array | null> {
  try {
    return await workspace.files.read(path, { maxBytes });
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'workspace_gone') return null;
    throw error;
  }
}
