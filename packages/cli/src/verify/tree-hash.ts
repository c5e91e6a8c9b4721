import { createHash } from 'node:crypto';

export interface HashedEntry {
  /** The path's bytes. */
  readonly path: Buffer;
  readonly mode: '100644' | '100755' | '120000';
  /** SHA-256 of the file's bytes, or of the link's target. */
  readonly object: string;
}

/**
 * The name that evidence, approval and provenance share: SHA-256 over 'devfactory-tree-1\n' and, for each entry in byte order of the path,
 * mode, space, object, space, path, NUL. Worked out here once more, from what arrived alone.
 */
export function treeHash(entries: readonly HashedEntry[]): string {
  const sha = createHash('sha256').update('devfactory-tree-1\n');
  for (const { path, mode, object } of entries.toSorted((a, b) => Buffer.compare(a.path, b.path)))
    sha.update(`${mode} ${object} `).update(path).update('\0');
  return sha.digest('hex');
}
