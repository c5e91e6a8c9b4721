import type { Checkpoint, ManifestEntry } from '@devfactory/contracts';
import type { BlobStore, RestoreEntry, Workspace } from '@devfactory/kit';
import { isSame } from './compare.ts';
import type { CheckpointDeps } from './make-checkpoint.ts';
import { loadManifest, missingPacks, readObject, readObjects, streamObject, type Manifest } from './manifest.ts';
import { byKey, keyOf, meantKeys, parentsOf, workspaceName, type FileEntry } from './paths.ts';
import { sourceEntries } from './tree/source-tree.ts';

export interface RestoreRequest {
  readonly target: Checkpoint;
  /** What the workspace holds now, made just before; null for an empty workspace. Only paths that it names are ever deleted. */
  readonly before: Checkpoint | null;
  /** Files and folders that are meant; null for everything. */
  readonly paths?: readonly string[] | null;
}

/** Folders must be open while their contents are changed. */
const openFolder = 0o700;
/** Setuid and setgid never come back: who runs the workspace next may be someone else. */
const restorableMode = 0o1777;
const partBytes = 16 * 1024 * 1024;

/**
 * Makes the workspace equal to the target checkpoint. Left-out caches stay where they are. May be called again after a failure.
 * Throws checkpoint_broken before it changes anything when the target's manifest or a pack that it needs is gone.
 */
export async function restoreCheckpoint(deps: CheckpointDeps, request: RestoreRequest): Promise<void> {
  const { wanted, present, closed, others } = await sides(deps.blobs, request);
  const there = new Map((present?.entries ?? []).map((entry) => [keyOf(entry), entry]));
  const missing = wanted.entries.filter((entry) => !isSettled(there.get(keyOf(entry)), entry));
  await checkPacks(deps, wanted, missing);
  await openFolders(deps.workspace, closed);
  await removeOthers(deps.workspace, wanted, there);
  await layDown(deps, { manifest: wanted, entries: missing, keepTimes: true });
  await setFolderModes(deps.workspace, [...wanted.entries, ...others]);
}

interface Sides {
  /** As far as they are meant. */
  readonly wanted: Manifest;
  readonly present: Manifest | null;
  /** Folders that no change could be made in, and those of them that are not meant: they get their modes back. */
  readonly closed: readonly ManifestEntry[];
  readonly others: readonly ManifestEntry[];
}

async function sides(blobs: BlobStore, { target, before, paths = null }: RestoreRequest): Promise<Sides> {
  const [to, from] = [await loadManifest(blobs, target), before ? await loadManifest(blobs, before) : null];
  const closed = (from?.entries ?? []).filter(
    (entry) => entry.type === 'directory' && (entry.mode & openFolder) !== openFolder,
  );
  if (paths === null) return { wanted: to, present: from, closed, others: [] };
  const meant = meantKeys(paths, [...to.entries, ...(from?.entries ?? [])]);
  const folders = missingFolders(to, from, meant);
  const isMeant = (entry: ManifestEntry): boolean => meant.has(keyOf(entry)) || folders.has(keyOf(entry));
  const part = (manifest: Manifest): Manifest => ({ ...manifest, entries: manifest.entries.filter(isMeant) });
  return { wanted: part(to), present: from && part(from), closed, others: closed.filter((entry) => !isMeant(entry)) };
}

/** Folders that what is wanted lies in and that are not there, or are something else by now. */
function missingFolders(to: Manifest, from: Manifest | null, meant: ReadonlySet<string>): Set<string> {
  const wanted = to.entries.map(keyOf).filter((key) => meant.has(key));
  const there = new Set((from?.entries ?? []).flatMap((entry) => (entry.type === 'directory' ? [keyOf(entry)] : [])));
  return new Set(wanted.flatMap((key) => [...parentsOf(key)]).filter((key) => !there.has(key)));
}

/** Puts the source tree of a checkpoint, exactly what its tree hash names, into an empty workspace. */
export async function fillSource(
  deps: CheckpointDeps,
  checkpoint: Pick<Checkpoint, 'id' | 'manifest'>,
  keys: ReadonlySet<string> | null = null,
): Promise<void> {
  const manifest = await loadManifest(deps.blobs, checkpoint);
  const entries = sourceEntries(manifest).filter((entry) => keys === null || keys.has(keyOf(entry)));
  await layDown(deps, { manifest, entries: [...foldersOf(manifest, entries), ...entries], keepTimes: false });
}

/** Folders that a source tree's entries lie in: it has none of its own, but files need them. */
function foldersOf(manifest: Manifest, entries: readonly ManifestEntry[]): ManifestEntry[] {
  const needed = new Set(entries.flatMap((entry) => [...parentsOf(keyOf(entry))]));
  return manifest.entries.flatMap((entry): ManifestEntry[] =>
    entry.type === 'directory' && needed.has(keyOf(entry)) ? [{ ...entry, mode: 0o755 }] : [],
  );
}

/** Reading what is gone says best what that breaks, while nothing has been touched yet. */
async function checkPacks(
  { blobs }: CheckpointDeps,
  manifest: Manifest,
  entries: readonly ManifestEntry[],
): Promise<void> {
  const gone = await missingPacks(blobs, manifest);
  if (gone.size === 0) return;
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    if (manifest.locations.get(entry.object)?.blocks.some((block) => gone.has(block.pack)))
      await readObject(blobs, manifest, entry);
  }
}

function isSettled(present: ManifestEntry | undefined, wanted: ManifestEntry): boolean {
  if (!present || !isSame(present, wanted)) return false;
  return wanted.type !== 'file' || (present.type === 'file' && present.mtimeMs === wanted.mtimeMs);
}

/** A folder without the right to write would refuse every change in it. */
async function openFolders(workspace: Workspace, closed: readonly ManifestEntry[]): Promise<void> {
  if (closed.length > 0) await workspace.files.putMany(closed.map((entry) => folderEntry(entry, openFolder)));
}

async function removeOthers(
  workspace: Workspace,
  wanted: Manifest,
  there: ReadonlyMap<string, ManifestEntry>,
): Promise<void> {
  const kinds = new Map(wanted.entries.map((entry) => [keyOf(entry), entry.type]));
  const others = [...there]
    .filter(([key, entry]) => kinds.get(key) !== entry.type)
    .map(([, entry]) => workspaceName(entry));
  if (others.length > 0) await workspace.files.removeMany(others);
}

interface Laying {
  readonly manifest: Manifest;
  readonly entries: readonly ManifestEntry[];
  readonly keepTimes: boolean;
}

async function layDown(deps: CheckpointDeps, what: Laying): Promise<void> {
  const { files } = deps.workspace;
  const large = files.writePart ? what.entries.filter((entry) => isLarge(entry)) : [];
  const rest = large.length === 0 ? what.entries : what.entries.filter((entry) => !isLarge(entry));
  await files.putMany(laying(deps, { ...what, entries: rest }));
  for (const entry of large) await layLarge(deps, what, entry);
}

function isLarge(entry: ManifestEntry): entry is FileEntry {
  return entry.type === 'file' && entry.size > partBytes;
}

async function* laying(deps: CheckpointDeps, { manifest, entries, keepTimes }: Laying): AsyncIterable<RestoreEntry> {
  const files: FileEntry[] = [];
  for (const entry of entries) {
    if (entry.type === 'directory') yield folderEntry(entry, entry.mode | openFolder);
    else if (entry.type === 'file') files.push(entry);
    else yield { type: 'symlink', ...workspaceName(entry), target: entry.target };
  }
  for await (const { entry, bytes } of readObjects(deps.blobs, manifest, files))
    yield fileEntry(entry, bytes, keepTimes);
}

/** Folder by folder the modes they had, deepest first: a parent that is closed by then would hide the rest. */
async function setFolderModes(workspace: Workspace, entries: readonly ManifestEntry[]): Promise<void> {
  const folders = entries
    .filter((entry) => entry.type === 'directory' && (entry.mode & openFolder) !== openFolder)
    .toSorted((a, b) => byKey(keyOf(b), keyOf(a)));
  if (folders.length > 0) await workspace.files.putMany(folders.map((entry) => folderEntry(entry)));
}

function folderEntry(entry: ManifestEntry, mode = entry.type === 'directory' ? entry.mode : openFolder): RestoreEntry {
  return { type: 'directory', ...workspaceName(entry), mode: mode & restorableMode };
}

function fileEntry(entry: FileEntry, bytes: Uint8Array, keepTimes: boolean): RestoreEntry {
  const mtimeMs = keepTimes ? entry.mtimeMs : null;
  return { type: 'file', ...workspaceName(entry), mode: entry.mode & restorableMode, bytes, mtimeMs };
}

/** First an empty file, then part by part: memory stays flat whatever a file's size. */
async function layLarge(deps: CheckpointDeps, { manifest, keepTimes }: Laying, entry: FileEntry): Promise<void> {
  const { files } = deps.workspace;
  await files.putMany([fileEntry(entry, new Uint8Array(), keepTimes)]);
  let offset = 0;
  for await (const bytes of streamObject(deps.blobs, manifest, entry)) {
    await files.writePart?.(workspaceName(entry), { offset, bytes, mtimeMs: keepTimes ? entry.mtimeMs : null });
    offset += bytes.length;
  }
}
