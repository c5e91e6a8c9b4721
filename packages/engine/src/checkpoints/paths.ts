import { isInsideWorkspace, type ManifestEntry } from '@devfactory/contracts';

export type FileEntry = ManifestEntry & { readonly type: 'file' };

const rawPrefix = 'base64:';
/** Longer than the kernel takes at once: deep folders can be made step by step. */
const longestName = 65_536;

/** A path as workspaces name it: `raw` when it is the base64 of bytes that are no UTF-8. */
export interface WorkspaceName {
  readonly path: string;
  readonly raw: boolean;
}

/**
 * A path's bytes, one character each. Unlike the path it is never ambiguous (a file may really be called 'base64:…'),
 * compares in byte order, and equals the path where that is ASCII.
 */
export function keyOf(entry: { readonly path: string; readonly raw?: boolean | undefined }): string {
  if (entry.raw === true) return Buffer.from(entry.path.slice(rawPrefix.length), 'base64').toString('latin1');
  return /^[\0-\x7f]*$/.test(entry.path) ? entry.path : Buffer.from(entry.path).toString('latin1');
}

export function byKey(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A manifest's name for what a workspace calls `name`. */
export function manifestName(name: WorkspaceName): { readonly path: string; readonly raw?: true } {
  return name.raw ? { path: rawPrefix + name.path, raw: true } : { path: name.path };
}

/** The way back. */
export function workspaceName(entry: Pick<ManifestEntry, 'path' | 'raw'>): WorkspaceName {
  return entry.raw ? { path: entry.path.slice(rawPrefix.length), raw: true } : { path: entry.path, raw: false };
}

/** Keys of the entries that these paths name: each itself, and all that lies in it. */
export function meantKeys(
  paths: readonly string[],
  entries: readonly { readonly path: string; readonly raw?: boolean | undefined }[],
): Set<string> {
  const [names, named] = [new Set(paths), new Set(paths.map((path) => keyOf({ path })))];
  const isMeant = (key: string): boolean => named.has(key) || [...parentsOf(key)].some((folder) => named.has(folder));
  return new Set(entries.filter((entry) => names.has(entry.path) || isMeant(keyOf(entry))).map(keyOf));
}

/** Folders above a key, nearest first. */
export function* parentsOf(key: string): Iterable<string> {
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) yield key.slice(0, slash);
}

/** False for names that could lead out of a workspace or stand for another name. They come from a sandbox, so they are not trusted. */
export function isSafeName(name: WorkspaceName): boolean {
  if (!name.raw) return name.path.length <= longestName && name.path.isWellFormed() && isInsideWorkspace(name.path);
  const bytes = Buffer.from(name.path, 'base64');
  // One spelling per name: canonical base64, and only for what really is no UTF-8.
  if (bytes.toString('base64') !== name.path || Buffer.from(bytes.toString('utf8')).equals(bytes)) return false;
  return bytes.length <= longestName && isInsideWorkspace(bytes.toString('latin1'));
}
