import type { Check, Checkpoint } from '@devfactory/contracts';
import {
  type BlobStore,
  DomainError,
  readAnyProjectFile,
  type SourceView,
  type Toolchain,
  type WorkspaceDriver,
} from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { findServices, missingServices } from '../services/find-services.ts';
import { lockedFiles, lockedTests } from '../verify/prepare/locked-spec.ts';
import { sourceView, withFiles } from '../verify/prepare/source-view.ts';
import { detectProjects, projectsInUse } from './detect-projects.ts';
import { folderView } from './in-folder.ts';
import { inProbe, toolTroubles } from './tools.ts';

/** What can be built and checked here. */
export interface Machine {
  readonly driver: WorkspaceDriver;
  readonly blobs: BlobStore;
  readonly toolchains: readonly Toolchain[];
}

/**
 * Refuses what this machine has no tools for, before time or money goes into it: the kinds that are recognised in a checkpoint's tree
 * with the checks' files over it, those that test checks name, and the services that devfactory.json asks for. Executes nothing of the project. Throws DomainError tools_missing.
 */
export async function requireTools(
  { driver, blobs, toolchains }: Machine,
  { checkpoint, checks }: { readonly checkpoint: Checkpoint | null; readonly checks: readonly Check[] },
): Promise<void> {
  if (toolchains.length === 0) return;
  const locked = await lockedFiles(blobs, checks);
  const tree: SourceView = checkpoint
    ? sourceView(await openSourceTree(blobs, checkpoint))
    : { paths: [], read: async () => null };
  const source = withFiles(tree, locked);
  const tests = await lockedTests(blobs, checks);
  const inUse = await projectsInUse(await detectProjects(toolchains, source), { source, tests });
  const unseen = toolchains.filter(
    ({ id }) => tests.some(({ toolchain }) => toolchain === id) && !inUse.some(({ toolchain }) => toolchain.id === id),
  );
  const kinds = [
    ...inUse.map(({ toolchain, folder }) => ({ toolchain, source: folderView(source, folder) })),
    ...unseen.map((toolchain) => ({ toolchain, source })),
  ];
  const services = (await readAnyProjectFile(source))?.services ?? [];
  if (kinds.length === 0 && services.length === 0) return;
  const [trouble] = await inProbe(driver, async (workspace) => [
    ...(await toolTroubles(workspace, kinds)),
    ...missingServices(await findServices(workspace, services)),
  ]);
  if (trouble !== undefined) throw new DomainError('tools_missing', 'unavailable', { message: trouble });
}
