import type { Check, Checkpoint } from '@devfactory/contracts';
import { type BlobStore, DomainError, type SourceView, type Toolchain, type WorkspaceDriver } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { lockedFiles, lockedToolchains } from '../verify/prepare/locked-spec.ts';
import { sourceView, withFiles } from '../verify/prepare/source-view.ts';
import { inProbe, toolTroubles } from './tools.ts';

/** What can be built and checked here. */
export interface Machine {
  readonly driver: WorkspaceDriver;
  readonly blobs: BlobStore;
  readonly toolchains: readonly Toolchain[];
}

/**
 * Refuses what this machine has no tools for, before time or money goes into it: the kinds that are recognised in a checkpoint's tree
 * with the checks' files over it, and those that test checks name. Executes nothing of the project. Throws DomainError tools_missing.
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
  const named = new Set(await lockedToolchains(blobs, checks));
  const recognised = await Promise.all(
    toolchains.map(async (toolchain) => named.has(toolchain.id) || (await toolchain.detect(source)) !== null),
  );
  const kinds = toolchains.filter((_, index) => recognised[index]).map((toolchain) => ({ toolchain, source }));
  if (kinds.length === 0) return;
  const [trouble] = await inProbe(driver, (workspace) => toolTroubles(workspace, kinds));
  if (trouble !== undefined) throw new DomainError('tools_missing', 'unavailable', { message: trouble });
}
