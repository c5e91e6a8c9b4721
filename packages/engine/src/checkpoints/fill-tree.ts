import type { RestoreEntry, SourceTree, Workspace } from '@devfactory/kit';
import { workspaceName, type FileEntry } from './paths.ts';

const largeBytes = 16 * 1024 * 1024;

/** Puts a tree's entries into a workspace that has the folders they lie in. Memory stays flat whatever a file's size. */
export async function fillTree(workspace: Workspace, tree: SourceTree): Promise<void> {
  const { files } = workspace;
  const isLarge = ({ size }: FileEntry): boolean => files.writePart !== undefined && size > largeBytes;
  await files.putMany(entriesOf(tree, isLarge));
  for (const entry of tree.entries) {
    if (entry.type !== 'file' || !isLarge(entry)) continue;
    let offset = 0;
    for await (const bytes of tree.read(entry)) {
      await files.writePart?.(workspaceName(entry), { offset, bytes, mtimeMs: null });
      offset += bytes.length;
    }
  }
}

async function* entriesOf(
  tree: SourceTree,
  isEmptyAtFirst: (entry: FileEntry) => boolean,
): AsyncIterable<RestoreEntry> {
  for (const entry of tree.entries) {
    const name = workspaceName(entry);
    if (entry.type === 'symlink') yield { type: 'symlink', ...name, target: entry.target };
    if (entry.type !== 'file') continue;
    const chunks: Uint8Array[] = [];
    if (!isEmptyAtFirst(entry)) for await (const chunk of tree.read(entry)) chunks.push(chunk);
    yield { type: 'file', ...name, mode: entry.mode, bytes: Buffer.concat(chunks), mtimeMs: null };
  }
}
