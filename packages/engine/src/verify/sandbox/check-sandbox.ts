import type { CheckFile } from '@devfactory/contracts';
import { DomainError, type Workspace, type WorkspaceMount } from '@devfactory/kit';
import { fillSource } from '../../checkpoints/index.ts';
import { keyOf } from '../../checkpoints/paths.ts';
import { serviceEnv, startServices } from '../../services/start-services.ts';
import { type OverlayFile, type Prepared, sourceMount } from '../prepare/prepare.ts';
import { isEmptied } from './empty.ts';
import { foldersOf } from './folders.ts';
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
 * check's locked files over whatever lies at their paths, and the project's test services with data of their own. No project code has run
 * in it when this returns, but where there is an overlay: a sandbox of that id that is still open is then emptied and filled again.
 */
export async function openCheckSandbox(
  verifying: Verifying,
  { id, prepared, files, mounts = [] }: CheckSandbox,
): Promise<Workspace> {
  const opening = { id, prepared, mounts };
  const workspace = (prepared.overlay && (await reused(verifying, opening))) ?? (await opened(verifying, opening));
  await (prepared.scope ? fillPart(verifying, workspace, prepared) : fillAll(workspace, prepared));
  if (prepared.overlay) {
    await layLocked(workspace, prepared.overlay);
    await rebuild(workspace, prepared);
  }
  await layLocked(workspace, files);
  await startServices(workspace, prepared.services);
  return workspace;
}

type Opening = Required<Pick<CheckSandbox, 'id' | 'prepared' | 'mounts'>>;

/** A check that sees a part of the tree gets no mount that the rest of it could be read from. */
async function opened({ sandboxes }: Verifying, { id, prepared, mounts }: Opening): Promise<Workspace> {
  const visible = prepared.scope ? prepared.mounts.filter(({ at }) => at !== sourceMount) : prepared.mounts;
  return sandboxes.open(id, { mounts: [...visible, ...mounts], env: serviceEnv(prepared.services) });
}

/** Null when none is open, or not everything in it can be removed; the latter is given up. */
async function reused({ sandboxes }: Verifying, { id, prepared }: Opening): Promise<Workspace | null> {
  const left = sandboxes.opened(id);
  if (!left) return null;
  if (await isEmptied(left, prepared.mountedPaths)) return left;
  await sandboxes.remove(id);
  return null;
}

async function fillAll(workspace: Workspace, { mountedPaths }: Ready): Promise<void> {
  const excludes = mountedPaths.map((path) => `--exclude=./${path}`);
  const copy = `set -o pipefail; tar -C ${sourceMount} --anchored --no-wildcards "$@" -cf - . | tar -C /workspace -xpf -`;
  await own(workspace, ['/bin/bash', '-c', copy, 'copy', ...excludes]);
}

/** Nothing of a tree that is seen in part is built, so its files are all there is. */
async function fillPart(
  { deps, request }: Verifying,
  workspace: Workspace,
  { scope, mountedPaths }: Ready,
): Promise<void> {
  const mounted = (key: string): boolean =>
    mountedPaths.some((path) => key === keyOf({ path }) || key.startsWith(`${keyOf({ path })}/`));
  const keys = new Set([...(scope?.keys ?? [])].filter((key) => !mounted(key)));
  await fillSource({ workspace, blobs: deps.blobs }, request.checkpoint, keys);
}

/** What was built does not know of the overlay yet. Throws DomainError overlay_not_built: the change does not compile. */
async function rebuild(workspace: Workspace, { recognised, binPaths }: Ready): Promise<void> {
  for (const command of recognised.flatMap(({ project }) => project.build)) {
    const result = await workspace.exec(inProject(command, binPaths));
    if (result.exitCode === 0) continue;
    throw new DomainError('overlay_not_built', 'invalid', { message: 'The changed tree does not build.' });
  }
}

/** Lays files down, with real folders above them, over whatever the tree may have put in the way; no link is followed. */
async function layLocked(workspace: Workspace, files: readonly OverlayFile[]): Promise<void> {
  if (files.length === 0) return;
  const entries = files.map(({ path, content, mode }) => ({
    type: 'file' as const,
    path,
    raw: false,
    mode: mode ?? 0o644,
    bytes: Buffer.from(content, 'utf8'),
    mtimeMs: null,
  }));
  const all = [...foldersOf(entries), ...entries];
  try {
    await workspace.files.putMany(all);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'path_taken')) throw error;
    // A folder with something in it lies where a file belongs.
    await own(workspace, ['rm', '-rf', '--', ...files.map(({ path }) => path)]);
    await workspace.files.putMany(all);
  }
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
