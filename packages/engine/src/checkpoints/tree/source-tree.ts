import { createHash, hash } from 'node:crypto';
import type { Checkpoint, ManifestEntry } from '@devfactory/contracts';
import { DomainError, type BlobStore, type SourceTree } from '@devfactory/kit';
import type { ManifestBody } from '../manifest-codec.ts';
import { loadManifest, streamObject, type Manifest } from '../manifest.ts';
import { keyOf } from '../paths.ts';

/**
 * The source tree's entries, in byte order of the path, as git would carry them: files with mode 644 or 755 and no mtime,
 * symlinks, no folders of their own.
 */
export function sourceEntries(manifest: ManifestBody): ManifestEntry[] {
  return manifest.entries.flatMap((entry): ManifestEntry[] => {
    if (entry.type === 'directory' || !manifest.source.has(keyOf(entry))) return [];
    return entry.type === 'file' ? [{ ...entry, mode: entry.mode & 0o100 ? 0o755 : 0o644, mtimeMs: 0 }] : [entry];
  });
}

/**
 * Hash of a source tree: SHA-256 over 'devfactory-tree-1\n' and, for each entry in byte order of the path,
 * mode ('100644', '100755' or '120000'), space, SHA-256 of the file's bytes or of the symlink's target, space, path's bytes, NUL.
 * Modes beyond the executable bit, mtimes and empty folders do not count, so a delivery that carries what git carries has the same hash.
 */
export function treeHash(entries: Iterable<ManifestEntry>): string {
  const sha = createHash('sha256').update('devfactory-tree-1\n');
  let text = '';
  for (const entry of entries) {
    if (entry.type === 'directory') continue;
    const mode = entry.type === 'symlink' ? '120000' : entry.mode & 0o100 ? '100755' : '100644';
    const object = entry.type === 'symlink' ? hash('sha256', entry.target, 'hex') : entry.object;
    text += `${mode} ${object} ${keyOf(entry)}\0`;
    if (text.length < hashedAtOnce) continue;
    sha.update(text, 'latin1');
    text = '';
  }
  return sha.update(text, 'latin1').digest('hex');
}

/** Hashing many short pieces one by one would cost more than the hash. */
const hashedAtOnce = 64 * 1024;

/** The hash of a manifest's source tree. */
export function sourceHash({ entries, source }: ManifestBody): string {
  return treeHash(entries.filter((entry) => entry.type !== 'directory' && source.has(keyOf(entry))));
}

/** The source tree of a checkpoint. Throws checkpoint_broken when it is not the tree that the checkpoint names. */
export async function openSourceTree(
  blobs: BlobStore,
  checkpoint: Pick<Checkpoint, 'id' | 'manifest' | 'tree'>,
): Promise<SourceTree> {
  const manifest = await loadManifest(blobs, checkpoint);
  const entries = sourceEntries(manifest);
  checkTree(manifest, entries, checkpoint.tree);
  return { hash: checkpoint.tree, entries, read: (entry) => streamObject(blobs, manifest, entry) };
}

function checkTree(manifest: Manifest, entries: readonly ManifestEntry[], expected: string): void {
  const actual = treeHash(entries);
  if (actual === expected) return;
  const message = `Checkpoint ${manifest.checkpoint} names source tree ${expected}, but its manifest holds ${actual}. Restore the blob store from a backup.`;
  throw new DomainError('checkpoint_broken', 'unavailable', { message });
}
