import { setImmediate } from 'node:timers/promises';
import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { keyOf, type FileEntry } from '../paths.ts';
import { parseIgnoreRules, type IgnoreRules } from './ignore-rules.ts';

/** Folders that tools make beside the sources, whether or not the project's ignore rules name them. */
const caches = new Set(['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache']);

/**
 * Keys of the files and symlinks that make up the source tree: all but what lies in a `.git`, what the tree's own .gitignore files
 * name (each for its folder and below, deeper ones first; what lies in an ignored folder stays ignored), and caches.
 * A file that git tracks in spite of its rules is left out too: the rules count, not a repository that the sandbox could change.
 * `entries` are in byte order, parents first; `read` gives a file's bytes. Throws ignore_rules_costly.
 */
export async function sourcePaths(
  entries: readonly ManifestEntry[],
  read: (entry: FileEntry) => Promise<Uint8Array>,
): Promise<Set<string>> {
  const files = new Map<string, FileEntry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (entry.type === 'file' && /(^|\/)\.gitignore$/.test(key)) files.set(key, entry);
  }
  const rules = new Map<string, IgnoreRules>();
  const top = files.get('.gitignore');
  if (top) rules.set('', parseIgnoreRules(await read(top)));
  const dropped = new Set<string>();
  const source = new Set<string>();
  const patience = new Patience();
  for (const entry of entries) {
    await patience.spend();
    const key = keyOf(entry);
    const slash = key.lastIndexOf('/');
    const isFolder = entry.type === 'directory';
    if (
      dropped.has(key.slice(0, Math.max(0, slash))) ||
      isNoSource(key.slice(slash + 1)) ||
      isIgnored(key, isFolder, rules)
    ) {
      if (isFolder) dropped.add(key);
      continue;
    }
    if (!isFolder) source.add(key);
    const own = isFolder ? files.get(`${key}/.gitignore`) : undefined;
    if (own) rules.set(key, parseIgnoreRules(await read(own)));
  }
  return source;
}

function isNoSource(name: string): boolean {
  return name.toLowerCase() === '.git' || caches.has(name);
}

/** The deepest folder whose rules say something decides. */
function isIgnored(key: string, isFolder: boolean, rules: ReadonlyMap<string, IgnoreRules>): boolean {
  for (let slash = key.lastIndexOf('/'); ; slash = key.lastIndexOf('/', slash - 1)) {
    const folder = slash > 0 ? key.slice(0, slash) : '';
    const answer = rules.get(folder)?.match(folder === '' ? key : key.slice(slash + 1), isFolder) ?? null;
    if (answer !== null || folder === '') return answer ?? false;
  }
}

/** Rules are a stranger's and may be made to cost: others get their turn in between, and in the end it is enough. */
class Patience {
  readonly #until = performance.now() + 15_000;
  #turnEnds = performance.now() + 50;

  async spend(): Promise<void> {
    const now = performance.now();
    if (now < this.#turnEnds) return;
    if (now > this.#until) {
      const message =
        'Matching all paths against the .gitignore files of the workspace takes more than 15 seconds. Simplify those files.';
      throw new DomainError('ignore_rules_costly', 'too-large', { message });
    }
    await setImmediate();
    this.#turnEnds = performance.now() + 50;
  }
}
