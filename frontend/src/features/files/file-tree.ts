/** A folder or file of a source tree, as rows of a list: folders first, each followed by what is in it. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly folder: boolean;
  readonly size: number;
}

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly size: number;
}

/** Rows of the tree with `closed` folders folded. */
export function treeRows(entries: readonly Entry[], closed: ReadonlySet<string>): TreeRow[] {
  const children = childrenByFolder(entries);
  const rows: TreeRow[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const child of children.get(folder)?.values() ?? []) {
      rows.push({ ...child, depth });
      if (child.folder && !closed.has(child.path)) walk(child.path, depth + 1);
    }
  };
  walk('', 0);
  return rows;
}

type Child = Omit<TreeRow, 'depth'>;

function childrenByFolder(entries: readonly Entry[]): Map<string, Map<string, Child>> {
  const folders = new Map<string, Map<string, Child>>();
  const put = (path: string, folder: boolean, size: number): void => {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? '' : path.slice(0, cut);
    if (parent !== '' && !folders.get(parentOf(parent))?.has(parent)) put(parent, true, 0);
    const siblings = folders.get(parent) ?? new Map<string, Child>();
    folders.set(parent, siblings);
    if (!siblings.has(path)) siblings.set(path, { path, name: path.slice(cut + 1), folder, size });
  };
  for (const entry of entries) put(entry.path, entry.type === 'directory', entry.size);
  for (const [folder, siblings] of folders)
    folders.set(folder, new Map([...siblings].sort(([, a], [, b]) => byKindAndName(a, b))));
  return folders;
}

function byKindAndName(a: Child, b: Child): number {
  if (a.folder !== b.folder) return a.folder ? -1 : 1;
  return a.name.localeCompare(b.name, 'en');
}

function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
