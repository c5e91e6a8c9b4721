import type { ManifestEntry } from '@devfactory/contracts';
import type { WalkEntry, Workspace } from '@devfactory/kit';
import type { ManifestBody } from './manifest-codec.ts';
import type { PackWriter } from './packs/pack-writer.ts';
import { keyOf, manifestName } from './paths.ts';
import { readInto, type ReadFile } from './read-files.ts';
import { checkWalk, type SeenEntry } from './walk-check.ts';

/** What a workspace held at one moment; all its new bytes were given to the pack writer. */
export interface Capture {
  readonly entries: readonly ManifestEntry[];
  readonly stamps: ReadonlyMap<string, string>;
  readonly leftOut: ManifestBody['leftOut'];
  readonly torn: boolean;
}

/** Why re-creatable caches are left out. */
export const cacheReason = 'cache that can be made again';

const passes = 3;

/** Walks and reads until nothing changes under the reading, three times at most; then the last state counts, as torn. */
export async function capture(
  workspace: Workspace,
  writer: PackWriter,
  previous: ManifestBody | null,
): Promise<Capture> {
  const known = knownFiles(workspace.id, previous);
  const isKnown = (digest: string): boolean => previous?.locations.has(digest) ?? false;
  for (let pass = 1; ; pass += 1) {
    const walk = await workspace.files.walk();
    const seen = checkWalk(walk);
    const unread = seen.filter(({ key, entry }) => isReadable(entry) && known.get(key)?.stamp !== entry.stamp);
    const read = await readInto({ workspace, writer, isKnown }, unread);
    let settled = true;
    for (const { key, entry } of unread) {
      const file = read.get(key);
      if (file) known.set(key, file);
      else known.delete(key);
      settled &&= file?.stamp === entry.stamp;
    }
    if (settled || pass === passes) return describe({ seen, known, caches: walk.leftOut, torn: !settled });
  }
}

function isReadable(entry: WalkEntry): boolean {
  return entry.type === 'file' && entry.unreadable === null;
}

/** Files of the previous checkpoint with stamps of this very workspace. */
function knownFiles(workspace: string, previous: ManifestBody | null): Map<string, ReadFile> {
  const known = new Map<string, ReadFile>();
  if (previous?.workspace !== workspace) return known;
  for (const entry of previous.entries) {
    if (entry.type !== 'file') continue;
    const key = keyOf(entry);
    const stamp = previous.stamps.get(key);
    if (stamp !== undefined && previous.locations.has(entry.object))
      known.set(key, { stamp, fresh: false, object: entry.object, size: entry.size });
  }
  return known;
}

interface Observed {
  readonly seen: readonly SeenEntry[];
  readonly known: ReadonlyMap<string, ReadFile>;
  readonly caches: readonly string[];
  readonly torn: boolean;
}

function describe({ seen, known, caches, torn }: Observed): Capture {
  const entries: ManifestEntry[] = [];
  const stamps = new Map<string, string>();
  const leftOut = caches.map((path) => ({ path, why: cacheReason }));
  for (const { key, entry } of seen) {
    const name = manifestName(entry);
    const mode = entry.mode & 0o7777;
    const file = known.get(key);
    // What cannot be read is left out with all that it would hold; the folder itself is there.
    if (entry.unreadable !== null)
      leftOut.push({ path: name.path, why: `could not be read (${entry.unreadable.slice(0, 100)})` });
    if (entry.type === 'directory') entries.push({ type: 'directory', ...name, mode });
    else if (entry.type === 'special') leftOut.push({ path: name.path, why: 'FIFO, socket or device' });
    else if (entry.unreadable !== null) continue;
    else if (entry.type === 'symlink') entries.push({ type: 'symlink', ...name, target: entry.target ?? '' });
    else if (!file) leftOut.push({ path: name.path, why: 'went away or could not be read while it was read' });
    else {
      entries.push({ type: 'file', ...name, mode, size: file.size, object: file.object, mtimeMs: entry.mtimeMs });
      // Without a stamp it is read again next time.
      if (file.stamp === entry.stamp && !file.fresh) stamps.set(key, file.stamp);
    }
  }
  return { entries, stamps, leftOut, torn };
}
