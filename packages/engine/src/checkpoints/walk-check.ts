import { limits } from '@devfactory/contracts';
import { DomainError, type Walk, type WalkEntry } from '@devfactory/kit';
import { isSafeName, keyOf, manifestName } from './paths.ts';

/** A walk's entry with its key; `manifest` names cannot be mistaken for other names. */
export interface SeenEntry {
  readonly key: string;
  readonly entry: WalkEntry;
}

/**
 * What the sandbox says it saw, held to what a folder can be: names stay inside, each comes once, and lies in a folder.
 * Without the last rule a made-up `link -> /etc` with `link/passwd` in it would write through the link wherever it is unpacked.
 * Throws workspace_untrusted, workspace_too_large.
 */
export function checkWalk(walk: Walk): SeenEntry[] {
  checkSize(walk);
  const seen = walk.entries.map((entry) => checked.get(entry) ?? check(entry));
  seen.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const folders = new Set(['']);
  let last: string | null = null;
  // In byte order a folder comes before all that is in it, so when its own folder is one, so are all above.
  for (const { key, entry } of seen) {
    if (key === last) throw untrusted(`it names "${entry.path.slice(0, 200)}" twice`);
    if (!folders.has(key.slice(0, Math.max(0, key.lastIndexOf('/')))))
      throw untrusted(`"${entry.path.slice(0, 200)}" lies in no folder`);
    if (entry.type === 'directory') folders.add(key);
    last = key;
  }
  return seen;
}

/** Entries that were found sound; a driver may give the same objects again. */
const checked = new WeakMap<WalkEntry, SeenEntry>();

function check(entry: WalkEntry): SeenEntry {
  if (!isSafeName(entry) || !isSound(entry)) throw untrusted(`it names "${entry.path.slice(0, 200)}"`);
  const seen = { key: keyOf(manifestName(entry)), entry };
  checked.set(entry, seen);
  return seen;
}

function isSound(entry: WalkEntry): boolean {
  const numbers =
    [entry.mode, entry.size].every((value) => Number.isSafeInteger(value) && value >= 0) &&
    Number.isFinite(entry.mtimeMs);
  return numbers && (entry.type !== 'symlink' || entry.unreadable !== null || isTarget(entry.target));
}

function isTarget(target: string | null): boolean {
  return target !== null && target !== '' && target.length <= 4096 && !target.includes('\0');
}

function checkSize(walk: Walk): void {
  const bytes = walk.entries.reduce(
    (sum, entry) => sum + (entry.type === 'file' && entry.unreadable === null ? entry.size : 0),
    0,
  );
  if (walk.entries.length <= limits.sourceFiles && bytes <= limits.sourceBytes) return;
  const message =
    `The workspace holds ${walk.entries.length} files and ${Math.round(bytes / 1e6)} MB; a checkpoint keeps at most ${limits.sourceFiles} files and ` +
    `${limits.sourceBytes / 1e6} MB. Remove what is not needed from the workspace, then go on.`;
  throw new DomainError('workspace_too_large', 'too-large', { message });
}

function untrusted(why: string): DomainError {
  return new DomainError('workspace_untrusted', 'forbidden', {
    message: `The sandbox's list of its files cannot be true: ${why}. Nothing was kept from it.`,
  });
}
