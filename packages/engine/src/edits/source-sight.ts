import type { Checkpoint, FileChange, ManifestEntry } from '@devfactory/contracts';
import type { BlobStore, Workspace } from '@devfactory/kit';
import { loadManifest, readObject, type Manifest } from '../checkpoints/manifest.ts';
import { byKey, manifestName, parentsOf, type FileEntry } from '../checkpoints/paths.ts';
import { sourcePaths } from '../checkpoints/tree/source-paths.ts';
import { checkWalk, type SeenEntry } from '../checkpoints/walk-check.ts';
import { describeEdit } from './describe-edit.ts';
import { RememberedBytes } from './remembered-bytes.ts';

export interface SourceSightParts {
  /** Another one after a sandbox ended; its files are the same. */
  readonly workspace: () => Workspace;
  readonly blobs: BlobStore;
  /** The newest checkpoint: what most files were before they changed is read from there. */
  readonly head: () => Promise<Checkpoint | null>;
}

type Found = Omit<FileChange, 'via'>;

/** Each becomes an event; what is more is told as one. */
const mostChanges = 100;
const readableBytes = 20_000_000;
const readAtOnceBytes = 64_000_000;

/**
 * What the source files of a workspace were when they were looked at last, and so what became of them since. Ignored files and `.git` are
 * no source: what programs make there is nobody's edit. One look at a time. All calls throw what walking and reading throw.
 */
export class SourceSight {
  readonly #parts: SourceSightParts;
  readonly #remembered = new RememberedBytes();
  #seen: ReadonlyMap<string, SeenEntry> = new Map();
  #source: ReadonlySet<string> = new Set();
  /** The newest first: a file may have changed just before the newest was made. */
  #manifests: readonly Manifest[] = [];

  private constructor(parts: SourceSightParts) {
    this.#parts = parts;
  }

  static async open(parts: SourceSightParts): Promise<SourceSight> {
    const sight = new SourceSight(parts);
    await sight.take(null);
    return sight;
  }

  /** What changed since it was looked at last, told once. What lies at or below `except` stays untold until it is taken. */
  async changes(except: readonly string[] = []): Promise<Found[]> {
    const now = await this.#walk();
    const differing = this.#differing(now).filter((key) => !isBelow(key, except));
    if (differing.length === 0) return [];
    await this.#refresh();
    const source = await this.#sourceOf(now);
    const told = differing.filter((key) => source.has(key) || this.#source.has(key));
    const after = await this.#read(now, told.slice(0, mostChanges));
    const found: Found[] = [];
    for (const key of told.slice(0, mostChanges)) {
      const change = await this.#describe(key, now.get(key), after.get(key));
      if (change) found.push(change);
    }
    const rest = told.slice(mostChanges);
    this.#accept(now, differing, after);
    this.#source = source;
    return rest.length === 0 ? found : [...found, manyMore(rest)];
  }

  /** What is at or below these paths now (null: everything) is known and told no more. */
  async take(paths: readonly string[] | null): Promise<void> {
    const now = await this.#walk();
    const taken = this.#differing(now).filter((key) => paths === null || isBelow(key, paths));
    if (taken.length === 0) return;
    await this.#refresh();
    this.#source = await this.#sourceOf(now);
    const unkept = taken.filter((key) => this.#source.has(key) && !this.#manifestWith(key, now.get(key)));
    this.#accept(now, taken, await this.#read(now, unkept));
  }

  async #walk(): Promise<ReadonlyMap<string, SeenEntry>> {
    const seen = checkWalk(await this.#parts.workspace().files.walk());
    return new Map(seen.map((item) => [item.key, item]));
  }

  /** Keys of files and links that are not what they were, in byte order. */
  #differing(now: ReadonlyMap<string, SeenEntry>): string[] {
    const keys: string[] = [];
    for (const [key, { entry }] of now) if (isText(entry) && !isSame(this.#seen.get(key), entry)) keys.push(key);
    for (const [key, { entry }] of this.#seen) if (isText(entry) && !isText(now.get(key)?.entry)) keys.push(key);
    return keys.toSorted(byKey);
  }

  #accept(
    now: ReadonlyMap<string, SeenEntry>,
    keys: readonly string[],
    read: ReadonlyMap<string, Uint8Array | null>,
  ): void {
    const seen = new Map(this.#seen);
    for (const key of keys) {
      const item = now.get(key);
      if (item) seen.set(key, item);
      else seen.delete(key);
      this.#remembered.set(key, item ? (read.get(key) ?? null) : null);
    }
    // Folders are never told; they only say what lies in what.
    for (const [key, item] of now) if (item.entry.type === 'directory') seen.set(key, item);
    this.#seen = seen;
  }

  async #refresh(): Promise<void> {
    const head = await this.#parts.head();
    if (!head || this.#manifests[0]?.checkpoint === head.id) return;
    const manifest = await loadManifest(this.#parts.blobs, head);
    if (manifest.workspace === this.#parts.workspace().id) this.#manifests = [manifest, ...this.#manifests.slice(0, 1)];
  }

  #manifestWith(key: string, item: SeenEntry | undefined): Manifest | undefined {
    return this.#manifests.find(({ stamps }) => item !== undefined && stamps.get(key) === item.entry.stamp);
  }

  async #describe(
    key: string,
    now: SeenEntry | undefined,
    after: Uint8Array | null | undefined,
  ): Promise<Found | null> {
    const was = this.#seen.get(key);
    const entry = now?.entry ?? was?.entry;
    if (!entry || entry.raw) return null;
    const before = was ? await this.#before(key, was) : null;
    if (!now) return { path: entry.path, ...describeEdit({ before: before ?? null, after: null }), change: 'removed' };
    // Neither sides can be compared, and what can be told is told.
    if (after === null || after === undefined || before === undefined)
      return { path: entry.path, ...unseen, change: was ? 'modified' : 'added', bytes: entry.size };
    if (before && Buffer.compare(before, after) === 0) return null;
    return { path: entry.path, ...describeEdit({ before, after }) };
  }

  /** Undefined where nobody knows any more. */
  async #before(key: string, was: SeenEntry): Promise<Uint8Array | undefined> {
    if (was.entry.type === 'symlink') return new TextEncoder().encode(was.entry.target ?? '');
    const remembered = this.#remembered.get(key);
    if (remembered) return remembered;
    const manifest = this.#manifestWith(key, was);
    const wanted = manifestName(was.entry).path;
    const kept = manifest?.entries.find(
      (entry): entry is FileEntry => entry.type === 'file' && entry.path === wanted && entry.size <= readableBytes,
    );
    return manifest && kept ? readObject(this.#parts.blobs, manifest, kept) : undefined;
  }

  /** Null for what is gone by now, or too large to be read along. */
  async #read(
    now: ReadonlyMap<string, SeenEntry>,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array | null>> {
    const read = new Map<string, Uint8Array | null>();
    const wanted: SeenEntry[] = [];
    let bytes = 0;
    for (const key of keys) {
      const item = now.get(key);
      if (item?.entry.type === 'symlink') read.set(key, new TextEncoder().encode(item.entry.target ?? ''));
      if (item?.entry.type !== 'file' || item.entry.size > readableBytes) continue;
      bytes += item.entry.size;
      if (bytes <= readAtOnceBytes) wanted.push(item);
    }
    const names = wanted.map(({ entry: { path, raw } }) => ({ path, raw }));
    let index = 0;
    for await (const { bytes: content } of this.#parts.workspace().files.readMany(names)) {
      const item = wanted[index];
      index += 1;
      if (item) read.set(item.key, content);
    }
    return read;
  }

  async #sourceOf(now: ReadonlyMap<string, SeenEntry>): Promise<ReadonlySet<string>> {
    const entries: ManifestEntry[] = [];
    for (const { entry } of now.values()) {
      const name = manifestName(entry);
      if (entry.type === 'directory') entries.push({ type: 'directory', ...name, mode: 0 });
      else if (isText(entry))
        entries.push({ type: 'file', ...name, mode: 0, size: entry.size, object: '', mtimeMs: 0 });
    }
    return sourcePaths(entries, async ({ path, raw }) => {
      const item = [...now.values()].find(
        ({ entry }) => manifestName(entry).path === path && entry.raw === (raw ?? false),
      );
      const read = item ? await this.#read(now, [item.key]) : undefined;
      return (item && read?.get(item.key)) ?? new Uint8Array();
    });
  }
}

const unseen = {
  before: null,
  after: null,
  binary: false,
  additions: 0,
  deletions: 0,
  lines: [],
  excerpt: '',
} as const satisfies Partial<FileChange>;

function isText(entry: SeenEntry['entry'] | undefined): boolean {
  return (entry?.type === 'file' || entry?.type === 'symlink') && entry.unreadable === null;
}

function isSame(was: SeenEntry | undefined, { type, stamp, target }: SeenEntry['entry']): boolean {
  return was?.entry.type === type && was.entry.stamp === stamp && was.entry.target === target;
}

function isBelow(key: string, paths: readonly string[]): boolean {
  const keys = paths.map((path) => Buffer.from(path).toString('latin1'));
  return keys.some((path) => path === key || [...parentsOf(key)].includes(path));
}

/** A branch that was switched, a formatter over everything: named by the folder that has them all. */
function manyMore(keys: readonly string[]): Found {
  const [first = '', last = ''] = [keys[0], keys.at(-1)];
  const common = [...parentsOf(first)].find((folder) => last.startsWith(`${folder}/`)) ?? '.';
  const excerpt = `${keys.length} more files changed.`;
  return { ...unseen, path: Buffer.from(common, 'latin1').toString('utf8'), change: 'modified', bytes: 0, excerpt };
}
