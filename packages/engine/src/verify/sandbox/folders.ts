import type { RestoreEntry } from '@devfactory/kit';

interface Name {
  readonly path: string;
  /** True when `path` is base64 of the name's bytes. */
  readonly raw: boolean;
}

/** The folders that these paths lie in, outermost first: files are laid down into folders that are there. */
export function foldersOf(names: Iterable<Name>): RestoreEntry[] {
  const folders = new Set<string>();
  for (const { path, raw } of names) {
    const bytes = raw ? Buffer.from(path, 'base64') : Buffer.from(path, 'utf8');
    // latin1 keeps each byte as one character, whatever encoding the name is in.
    const parts = bytes.toString('latin1').split('/').slice(0, -1);
    for (const depth of parts.keys()) folders.add(parts.slice(0, depth + 1).join('/'));
  }
  return [...folders].toSorted().map((folder) => folderEntry(Buffer.from(folder, 'latin1')));
}

function folderEntry(bytes: Buffer): RestoreEntry {
  const text = bytes.toString('utf8');
  const raw = !Buffer.from(text, 'utf8').equals(bytes);
  return { type: 'directory', path: raw ? bytes.toString('base64') : text, raw, mode: 0o755 };
}
