import type { Checkpoint, ComparedPath, Comparison, ManifestEntry } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { compareEntries, type Change } from '../checkpoints/compare.ts';
import { compareManifests, loadManifest, meantKeys, sourceEntries, type Manifest } from '../checkpoints/index.ts';
import { countLines } from '../checkpoints/patch.ts';
import { withRenames, type NamedChange } from './renames.ts';

type Point = Pick<Checkpoint, 'id' | 'manifest'>;

export interface ComparisonRequest {
  readonly from: Point;
  readonly to: Point;
  /** source: what is verified and delivered. all: whatever a restore would bring back or take away. */
  readonly scope: 'source' | 'all';
  /** Files and folders that are meant; null for all. */
  readonly paths: readonly string[] | null;
  readonly offset: number;
  readonly limit: number;
}

/** Bytes that are read for the line counts of one page. */
const countedBytes = 32 * 1024 * 1024;
const comparableBytes = 1024 * 1024;

/** What differs between two checkpoints: counts of all of it, and one page with sizes and line counts. Throws checkpoint_broken. */
export async function compareCheckpoints(blobs: BlobStore, request: ComparisonRequest): Promise<Comparison> {
  const [from, to] = [await loadManifest(blobs, request.from), await loadManifest(blobs, request.to)];
  const changes = await withRenames(blobs, { from, to }, meantChanges({ from, to }, request));
  const page = changes.slice(request.offset, request.offset + request.limit);
  let budget = countedBytes;
  const shown: ComparedPath[] = [];
  for (const change of page) {
    const bytes = sizeOf(change.before) + sizeOf(change.after);
    const large = [change.before, change.after].some((entry) => (sizeOf(entry) ?? 0) > comparableBytes);
    budget -= large ? 0 : bytes;
    const counts = large || budget < 0 ? null : await countLines(blobs, { from, to }, change);
    shown.push({ ...described(change), ...(counts ?? { binary: null, additions: 0, deletions: 0 }) });
  }
  const end = request.offset + page.length;
  return {
    from: request.from.id,
    to: request.to.id,
    totals: totalsOf(changes),
    changes: shown,
    next: end < changes.length ? end : null,
  };
}

function meantChanges(sides: { readonly from: Manifest; readonly to: Manifest }, request: ComparisonRequest): Change[] {
  const { from, to } = sides;
  const changes =
    request.scope === 'all' ? compareManifests(from, to) : compareEntries(sourceEntries(from), sourceEntries(to));
  if (request.paths === null) return changes;
  const meant = meantKeys(
    request.paths,
    changes.map((change) => (change.after ?? change.before) as ManifestEntry),
  );
  return changes.filter((change) => meant.has(change.key));
}

function described(change: NamedChange): Omit<ComparedPath, 'binary' | 'additions' | 'deletions'> {
  const { path, oldPath, before, after } = change;
  return {
    path,
    oldPath,
    change: change.change,
    type: (after ?? before)?.type ?? 'file',
    sizeBefore: before && sizeOf(before),
    sizeAfter: after && sizeOf(after),
    modeBefore: modeOf(before),
    modeAfter: modeOf(after),
  };
}

function totalsOf(changes: readonly NamedChange[]): Comparison['totals'] {
  const count = (kind: NamedChange['change']): number => changes.filter(({ change }) => change === kind).length;
  const bytes = (side: 'before' | 'after'): number => changes.reduce((sum, change) => sum + sizeOf(change[side]), 0);
  return {
    added: count('added'),
    modified: count('modified'),
    removed: count('removed'),
    renamed: count('renamed'),
    bytesBefore: bytes('before'),
    bytesAfter: bytes('after'),
  };
}

function sizeOf(entry: ManifestEntry | null): number {
  return entry?.type === 'file' ? entry.size : 0;
}

function modeOf(entry: ManifestEntry | null): number | null {
  return entry === null || entry.type === 'symlink' ? null : entry.mode;
}
