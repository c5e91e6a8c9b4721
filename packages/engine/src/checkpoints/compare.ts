import { hash } from 'node:crypto';
import type { ChangedPath, ManifestEntry } from '@devfactory/contracts';
import type { ManifestBody } from './manifest-codec.ts';
import { keyOf } from './paths.ts';
import { sideBySide } from './side-by-side.ts';

/** One path that differs. */
export interface Change {
  /** See `keyOf`. */
  readonly key: string;
  readonly path: string;
  readonly change: ChangedPath['change'];
  readonly before: ManifestEntry | null;
  readonly after: ManifestEntry | null;
}

/**
 * Differences of two manifests in byte order of the path: bytes, kind, mode and target count, mtimes do not. A folder is named when
 * its mode changed, or when it is empty: others come and go with what is in them. Null stands for nothing at all.
 */
export function compareManifests(a: ManifestBody | null, b: ManifestBody | null): Change[] {
  const [before, after] = [a?.entries ?? [], b?.entries ?? []];
  const changes = compareEntries(before, after);
  if (!changes.some((change) => isFolder(change.before) !== isFolder(change.after))) return changes;
  const [heldBefore, heldAfter] = [foldersWithContent(before), foldersWithContent(after)];
  return changes.filter((change) => {
    if (change.before === null) return !heldAfter.has(change.key);
    return change.after !== null || !heldBefore.has(change.key);
  });
}

function isFolder(entry: ManifestEntry | null): boolean {
  return entry?.type === 'directory';
}

function foldersWithContent(entries: readonly ManifestEntry[]): Set<string> {
  const folders = new Set<string>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const slash = key.lastIndexOf('/');
    if (slash > 0) folders.add(key.slice(0, slash));
  }
  return folders;
}

/** The same for any two lists of entries in byte order of the path. */
export function compareEntries(a: readonly ManifestEntry[], b: readonly ManifestEntry[]): Change[] {
  const changes: Change[] = [];
  for (const { key, before, after } of sideBySide(a, b)) {
    if (before && after) {
      if (before !== after && !isSame(before, after))
        changes.push({ key, path: after.path, change: 'modified', before, after });
    } else if (after) changes.push({ key, path: after.path, change: 'added', before: null, after });
    else if (before) changes.push({ key, path: before.path, change: 'removed', before, after: null });
  }
  return changes;
}

/** Bytes, kind, mode and target are equal. */
export function isSame(a: ManifestEntry, b: ManifestEntry): boolean {
  if (a.type === 'file' && b.type === 'file') return a.object === b.object && a.mode === b.mode;
  if (a.type === 'symlink' && b.type === 'symlink') return a.target === b.target;
  return a.type === 'directory' && b.type === 'directory' && a.mode === b.mode;
}

/** What a difference shows as the identity of an entry's content. */
export function contentDigest(entry: ManifestEntry | null): string | null {
  if (entry?.type === 'file') return entry.object;
  return entry?.type === 'symlink' ? hash('sha256', entry.target, 'hex') : null;
}
