import type { CheckFile, ManifestEntry } from '@devfactory/contracts';
import type { SourceTree, SourceView } from '@devfactory/kit';

const readableBytes = 1024 * 1024;

/** The source tree as toolchains look at it. Reads from the checkpoint on the host; nothing of it is executed or followed. */
export function sourceView(tree: SourceTree): SourceView {
  const files = filesOf(tree);
  return {
    paths: [...files.keys()],
    async read(path) {
      const bytes = await readSource(tree, { path, maxBytes: readableBytes });
      return bytes === null ? null : Buffer.from(bytes).toString('utf8');
    },
  };
}

/** The same with files laid over it, as a check will find it: tests on a tree that has nothing else are still tests. */
export function withFiles(view: SourceView, files: readonly CheckFile[]): SourceView {
  const laid = new Map(files.map(({ path, content }) => [path, content]));
  return {
    paths: [...new Set([...view.paths, ...laid.keys()])],
    read: async (path) => laid.get(path) ?? view.read(path),
  };
}

/** Bytes of a file of the source tree; null when there is none, or more than asked for. */
export async function readSource(
  tree: SourceTree,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Promise<Uint8Array | null> {
  const entry = filesOf(tree).get(path);
  if (!entry || entry.size > maxBytes) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of tree.read(entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type FileEntry = ManifestEntry & { readonly type: 'file' };
const known = new WeakMap<SourceTree, ReadonlyMap<string, FileEntry>>();

/** Files by path, made once for each tree. Names that are no UTF-8 cannot be asked for by a check or a toolchain. */
function filesOf(tree: SourceTree): ReadonlyMap<string, FileEntry> {
  const before = known.get(tree);
  if (before) return before;
  const files = new Map(
    tree.entries
      .filter((entry) => entry.type === 'file' && entry.raw !== true)
      .map((entry) => [entry.path, entry as FileEntry]),
  );
  known.set(tree, files);
  return files;
}
