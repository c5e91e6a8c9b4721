import type { ManifestEntry } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import type { Change } from '../checkpoints/compare.ts';
import { decodeText, readObject, type Manifest } from '../checkpoints/index.ts';
import type { FileEntry } from '../checkpoints/paths.ts';

/** A difference, with the name that a file had before where it only moved. */
export interface NamedChange extends Omit<Change, 'change'> {
  readonly change: Change['change'] | 'renamed';
  readonly oldPath: string | null;
}

interface Sides {
  readonly from: Manifest | null;
  readonly to: Manifest;
}

/** Half of the lines in common make two files one that moved, as git has it. */
const similar = 0.5;
/** Pairs that are looked at line by line, and the size of files that are. */
const mostPairs = 2_500;
const comparedBytes = 256 * 1024;
/** Fewer lines than this say nothing. */
const fewestLines = 4;

/**
 * Joins what went and what came where it is the same file under another name: the same bytes, or, while there are few of them, texts
 * with at least half of their lines in common. In the order of the changes, at the new name's place.
 */
export async function withRenames(
  blobs: BlobStore,
  sides: Sides,
  changes: readonly Change[],
): Promise<readonly NamedChange[]> {
  const gone = changes.filter((change) => change.change === 'removed' && holdsBytes(change.before));
  const come = changes.filter((change) => change.change === 'added' && holdsBytes(change.after));
  const moved = sameBytes(gone, come);
  const taken = new Set(moved.values());
  await addSimilar(blobs, sides, {
    gone: gone.filter((change) => !taken.has(change)),
    come: come.filter((change) => !moved.has(change)),
    moved,
  });
  const sources = new Set(moved.values());
  return changes.flatMap((change): NamedChange[] => {
    if (sources.has(change)) return [];
    const old = moved.get(change);
    return [
      old ? { ...change, change: 'renamed', before: old.before, oldPath: old.path } : { ...change, oldPath: null },
    ];
  });
}

function holdsBytes(entry: ManifestEntry | null): entry is FileEntry {
  return entry?.type === 'file' && entry.size > 0;
}

/** New -> old; of several with the same bytes first the one with the same last name. */
function sameBytes(gone: readonly Change[], come: readonly Change[]): Map<Change, Change> {
  const byBytes = Map.groupBy(gone, ({ before }) => (before as FileEntry).object);
  const moved = new Map<Change, Change>();
  for (const change of come) {
    const left = byBytes.get((change.after as FileEntry).object);
    if (!left || left.length === 0) continue;
    const named = left.findIndex((old) => lastName(old.path) === lastName(change.path));
    const [old] = left.splice(Math.max(0, named), 1);
    if (old) moved.set(change, old);
  }
  return moved;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function addSimilar(
  blobs: BlobStore,
  sides: Sides,
  {
    gone,
    come,
    moved,
  }: { readonly gone: readonly Change[]; readonly come: readonly Change[]; readonly moved: Map<Change, Change> },
): Promise<void> {
  if (!sides.from || gone.length * come.length > mostPairs) return;
  const old = await linesOf(
    blobs,
    sides.from,
    gone.map((change) => [change, change.before] as const),
  );
  const fresh = await linesOf(
    blobs,
    sides.to,
    come.map((change) => [change, change.after] as const),
  );
  const pairs = [...fresh].flatMap(([change, lines]) =>
    [...old].map(([other, before]) => ({ change, other, share: commonShare(before, lines) })),
  );
  const taken = new Set<Change>();
  for (const { change, other, share } of pairs.toSorted((a, b) => b.share - a.share)) {
    if (share < similar) break;
    if (moved.has(change) || taken.has(other)) continue;
    moved.set(change, other);
    taken.add(other);
  }
}

/** How often each line is there. */
type Lines = ReadonlyMap<string, number>;

async function linesOf(
  blobs: BlobStore,
  manifest: Manifest,
  files: readonly (readonly [Change, ManifestEntry | null])[],
): Promise<Map<Change, Lines>> {
  const found = new Map<Change, Lines>();
  for (const [change, entry] of files) {
    if (!holdsBytes(entry) || entry.size > comparedBytes) continue;
    const text = decodeText(await readObject(blobs, manifest, entry));
    const all = (text ?? '').split('\n').filter((line) => line.trim() !== '');
    if (all.length < fewestLines) continue;
    const lines = new Map<string, number>();
    for (const line of all) lines.set(line, (lines.get(line) ?? 0) + 1);
    found.set(change, lines);
  }
  return found;
}

function commonShare(a: Lines, b: Lines): number {
  let common = 0;
  for (const [line, count] of a) common += Math.min(count, b.get(line) ?? 0);
  return common / Math.max(total(a), total(b));
}

function total(lines: Lines): number {
  return [...lines.values()].reduce((sum, count) => sum + count, 0);
}
