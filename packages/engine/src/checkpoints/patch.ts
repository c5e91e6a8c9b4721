import type { ChangedPath, Checkpoint, ManifestEntry } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { createTwoFilesPatch, structuredPatch } from 'diff';
import { compareEntries, contentDigest, type Change } from './compare.ts';
import { loadManifest, readObject, type Manifest } from './manifest.ts';
import type { FileEntry } from './paths.ts';
import { sourceEntries } from './tree/source-tree.ts';

type Point = Pick<Checkpoint, 'id' | 'manifest'>;

/** One file's difference for people. */
export interface FilePatch {
  readonly path: string;
  /** Unified diff; null when the file is binary or too large to compare, or both sides are equal. */
  readonly patch: string | null;
  readonly binary: boolean;
  /** True when a side is too large, or comparing took too long. */
  readonly truncated: boolean;
}

/** Sides larger than this are not compared line by line. */
const comparableBytes = 1024 * 1024;
/** Bytes that are read for the line counts of one list. */
const countedBytes = 64 * 1024 * 1024;
/** The files are a stranger's: comparing two of them may not hold up everyone else. */
const patience = { timeout: 500, maxEditLength: 20_000 };

/**
 * What differs between the source trees of two checkpoints, with line counts for text. Files too large to compare, and those after
 * the first 64 MiB of a list, have counts of 0.
 */
export async function changedPaths(
  blobs: BlobStore,
  points: { readonly from: Point; readonly to: Point },
): Promise<ChangedPath[]> {
  const [from, to] = [await loadManifest(blobs, points.from), await loadManifest(blobs, points.to)];
  const changed: ChangedPath[] = [];
  let budget = countedBytes;
  for (const change of compareEntries(sourceEntries(from), sourceEntries(to))) {
    budget -= sizeOf(change.before) + sizeOf(change.after);
    const counts = budget < 0 ? notCounted : await countLines(blobs, { from, to }, change);
    changed.push({
      path: change.path,
      change: change.change,
      before: contentDigest(change.before),
      after: contentDigest(change.after),
      ...counts,
    });
  }
  return changed;
}

/**
 * The difference of one path between two checkpoints' source trees; of a file that moved, from its old path. Throws file_missing when
 * neither has it.
 */
export async function filePatch(
  blobs: BlobStore,
  request: { readonly from: Point; readonly to: Point; readonly path: string; readonly oldPath?: string | undefined },
): Promise<FilePatch> {
  const [from, to] = [await loadManifest(blobs, request.from), await loadManifest(blobs, request.to)];
  const [before, after] = [find(from, request.oldPath ?? request.path), find(to, request.path)];
  if (!before && !after) {
    const message = `Neither ${request.from.id} nor ${request.to.id} has a file "${request.path}" in its source tree.`;
    throw new DomainError('file_missing', 'not-found', { message });
  }
  const [a, b] = [await textOf(blobs, from, before), await textOf(blobs, to, after)];
  const answer = {
    path: request.path,
    patch: null,
    binary: a === 'binary' || b === 'binary',
    truncated: a === 'large' || b === 'large',
  };
  if (typeof a === 'string' || typeof b === 'string' || (a.text === b.text && modeOf(before) === modeOf(after)))
    return answer;
  const [old, name] = [request.oldPath ?? request.path, request.path].map((path) => path.replaceAll(/\p{Cc}/gu, '?'));
  const [oldName, newName] = [before ? `a/${old}` : '/dev/null', after ? `b/${name}` : '/dev/null'];
  // The library gives nothing when it runs out of patience.
  const patch: string | undefined = createTwoFilesPatch(oldName, newName, a.text, b.text, undefined, undefined, {
    context: 3,
    ...patience,
  });
  return patch === undefined
    ? { ...answer, truncated: true }
    : { ...answer, patch: modeLines(before, after) + patch.replace(/^=+\n/, '') };
}

type Text = { readonly text: string } | 'binary' | 'large';

/** A NUL byte in its head, or bytes that are no UTF-8, make a file binary: the question is whether people can read it. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 8000).includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function textOf(blobs: BlobStore, manifest: Manifest, entry: ManifestEntry | null): Promise<Text> {
  if (entry === null || entry.type === 'directory') return { text: '' };
  if (entry.type === 'symlink') return { text: entry.target };
  if (entry.size > comparableBytes) return 'large';
  const text = decodeText(await readObject(blobs, manifest, entry));
  return text === null ? 'binary' : { text };
}

type Counts = Pick<ChangedPath, 'binary' | 'additions' | 'deletions'>;
const notCounted: Counts = { binary: false, additions: 0, deletions: 0 };

export async function countLines(
  blobs: BlobStore,
  sides: { readonly from: Manifest; readonly to: Manifest },
  change: Pick<Change, 'before' | 'after'>,
): Promise<Counts> {
  const [a, b] = [await textOf(blobs, sides.from, change.before), await textOf(blobs, sides.to, change.after)];
  if (typeof a === 'string' || typeof b === 'string')
    return { ...notCounted, binary: a === 'binary' || b === 'binary' };
  if (a.text === '' || b.text === '') return { binary: false, additions: lines(b.text), deletions: lines(a.text) };
  const patch = structuredPatch('a', 'b', a.text, b.text, undefined, undefined, { context: 0, ...patience });
  if (!patch) return notCounted;
  const all = patch.hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string): number => all.filter((line) => line.startsWith(sign)).length;
  return { binary: false, additions: count('+'), deletions: count('-') };
}

function lines(text: string): number {
  if (text === '') return 0;
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function find(manifest: Manifest, path: string): ManifestEntry | null {
  return sourceEntries(manifest).find((entry) => entry.path === path) ?? null;
}

function sizeOf(entry: ManifestEntry | null): number {
  return entry?.type === 'file' && entry.size <= comparableBytes ? entry.size : 0;
}

/** As git writes them, for a file that became executable or a link that became a file. */
function modeLines(before: ManifestEntry | null, after: ManifestEntry | null): string {
  const [a, b] = [modeOf(before), modeOf(after)];
  return a !== null && b !== null && a !== b ? `old mode ${a}\nnew mode ${b}\n` : '';
}

function modeOf(entry: ManifestEntry | null): string | null {
  if (entry === null) return null;
  return entry.type === 'symlink' ? '120000' : `100${(entry as FileEntry).mode.toString(8)}`;
}
