import type { ManifestEntry } from '@devfactory/contracts';
import type { WalkEntry, Workspace } from '@devfactory/kit';
import { isSame } from './compare.ts';
import type { ManifestBody } from './manifest-codec.ts';
import type { PackWriter } from './packs/pack-writer.ts';
import { byKey, keyOf, manifestName } from './paths.ts';
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
  settling: Promise<ManifestBody | null>,
): Promise<Capture> {
  const first = workspace.files.walk();
  // Both go on at once, and whichever fails, the other's failure is heard too.
  const [previous] = await Promise.all([settling, first]);
  const known = previous?.workspace === workspace.id ? previous.stamps : new Map<string, string>();
  const isKnown = (digest: string): boolean => previous?.locations.has(digest) ?? false;
  const read = new Map<string, ReadFile>();
  for (let pass = 1; ; pass += 1) {
    const walk = await (pass === 1 ? first : workspace.files.walk());
    const seen = checkWalk(walk);
    const unread = seen.filter(
      ({ key, entry }) => isReadable(entry) && (read.get(key)?.stamp ?? known.get(key)) !== entry.stamp,
    );
    const answers = await readInto({ workspace, writer, isKnown }, unread);
    let settled = true;
    for (const { key, entry } of unread) {
      const file = answers.get(key);
      read.set(key, file ?? gone);
      settled &&= file?.stamp === entry.stamp;
    }
    if (settled || pass === passes)
      return describe({ seen, known, read, previous, caches: walk.leftOut, torn: !settled });
  }
}

/** Stands for a file that could not be read. */
const gone: ReadFile = { stamp: '', fresh: true, object: '', size: 0 };

function isReadable(entry: WalkEntry): boolean {
  return entry.type === 'file' && entry.unreadable === null;
}

interface Observed {
  readonly seen: readonly SeenEntry[];
  /** By key: stamps of files that need not be read, because the previous checkpoint has their bytes. */
  readonly known: ReadonlyMap<string, string>;
  readonly read: ReadonlyMap<string, ReadFile>;
  readonly previous: ManifestBody | null;
  readonly caches: readonly string[];
  readonly torn: boolean;
}

function describe({ seen, known, read, previous, caches, torn }: Observed): Capture {
  const entries: ManifestEntry[] = [];
  const stamps = new Map<string, string>();
  const leftOut = caches.map((path) => ({ path, why: cacheReason }));
  const past = new Past(previous?.entries ?? []);
  for (const { key, entry } of seen) {
    const before = past.at(key);
    const file = entry.type === 'file' ? read.get(key) : undefined;
    // What cannot be read is left out with all that it would hold; the folder itself is there.
    if (entry.unreadable !== null)
      leftOut.push({ path: manifestName(entry).path, why: `could not be read (${entry.unreadable.slice(0, 100)})` });
    if (entry.type === 'special') leftOut.push({ path: manifestName(entry).path, why: 'FIFO, socket or device' });
    else if (entry.unreadable !== null && entry.type !== 'directory') continue;
    else if (entry.type === 'file' && !file && before?.type === 'file' && known.get(key) === entry.stamp) {
      entries.push(before);
      stamps.set(key, entry.stamp);
    } else if (entry.type === 'file' && (!file || file === gone))
      leftOut.push({ path: manifestName(entry).path, why: 'went away or could not be read while it was read' });
    else {
      entries.push(asBefore(before, manifestEntry(entry, file)));
      // Without a stamp it is read again next time.
      if (file?.stamp === entry.stamp && !file.fresh) stamps.set(key, file.stamp);
    }
  }
  return { entries, stamps, leftOut, torn };
}

function manifestEntry(entry: WalkEntry, file: ReadFile | undefined): ManifestEntry {
  const name = manifestName(entry);
  const mode = entry.mode & 0o7777;
  if (entry.type === 'symlink') return { type: 'symlink', ...name, target: entry.target ?? '' };
  if (!file) return { type: 'directory', ...name, mode };
  return { type: 'file', ...name, mode, size: file.size, object: file.object, mtimeMs: entry.mtimeMs };
}

/** The previous checkpoint's own object where it says the same: equal entries are then found by a glance. */
function asBefore(before: ManifestEntry | null, entry: ManifestEntry): ManifestEntry {
  if (!before || !isSame(before, entry)) return entry;
  return before.type === 'file' && entry.type === 'file' && before.mtimeMs !== entry.mtimeMs ? entry : before;
}

/** Entries of the previous checkpoint, asked for in their own order. */
class Past {
  readonly #entries: readonly ManifestEntry[];
  #at = 0;

  constructor(entries: readonly ManifestEntry[]) {
    this.#entries = entries;
  }

  at(key: string): ManifestEntry | null {
    for (; ; this.#at += 1) {
      const entry = this.#entries[this.#at];
      const order = entry ? byKey(keyOf(entry), key) : 1;
      if (order >= 0) return order === 0 && entry ? entry : null;
    }
  }
}
