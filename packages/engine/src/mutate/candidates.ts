import type { Mutant } from '@devfactory/contracts';
import { structuredPatch } from 'diff';
import { keyOf as treeKey } from '../checkpoints/paths.ts';
import { cutText } from '../text/cut-text.ts';
import type { ChangedFile } from './changed-code.ts';
import { withEdits } from './grammar.ts';
import { shuffleKey, type Site } from './sites.ts';

/** A site of the changed code, and what is known about whether a check gets there. */
export interface Candidate {
  readonly file: ChangedFile;
  readonly site: Site;
  /** Names the function or top level that it lies in. */
  readonly place: string;
}

/** Where one check's run came by; null when that cannot be observed. */
export type Reach = ReadonlySet<string> | null;

export interface Ordered {
  /** In the order in which to try them. */
  readonly toTry: readonly Candidate[];
  /** Known not to be executed by the check, so that they survive without being tried. */
  readonly unreached: readonly Candidate[];
}

export function placeOf(path: string, start: number): string {
  return `${start}:${path}`;
}

/**
 * The candidates of one check: function by function, those that few checks come by before those that all do, since a mutant of what is
 * special to a check is what it should notice. Constants that its own words name take turns with them: a word that a greeting or a
 * login has in common with it says little. Where it is not known what it comes by, these go first.
 */
export function orderFor(
  check: { readonly id: string; readonly words: string },
  files: readonly ChangedFile[],
  {
    reach,
    shared,
    seen,
  }: {
    readonly reach: Reach;
    readonly shared: (place: string) => number;
    /** Keys of the files that the check gets to see; null for all. */
    readonly seen: ReadonlySet<string> | null;
  },
): Ordered {
  const all = files.flatMap((file) =>
    file.sites.map((site): Candidate => ({ file, site, place: placeOf(file.path, site.place) })),
  );
  const isUnreached = ({ file, place }: Candidate): boolean =>
    (seen !== null && !seen.has(treeKey(file))) ||
    (reach !== null && file.grammar.probes !== null && !reach.has(place));
  const byPlace = Map.groupBy(
    all.filter((item) => !isUnreached(item)),
    ({ place }) => place,
  );
  const queues = [...byPlace]
    .toSorted(
      ([a], [b]) =>
        rank(a) - rank(b) || shared(a) - shared(b) || compare(shuffleKey(check.id, a), shuffleKey(check.id, b)),
    )
    .map(([, items]) => items.toSorted((a, b) => compare(keyOf(check.id, a), keyOf(check.id, b))));
  const turns: Candidate[] = [];
  for (let turn = 0; queues.some((queue) => queue.length > turn); turn += 1)
    for (const queue of queues) turns.push(...queue.slice(turn, turn + 1));
  const isIts = (item: Candidate): boolean => isNamed(item, check.words);
  const [named, others] = [turns.filter(isIts), turns.filter((item) => !isIts(item))];
  return {
    toTry: reach === null ? inTurns(named, others) : inTurns(others, named),
    unreached: all.filter(isUnreached),
  };
}

function inTurns(first: readonly Candidate[], second: readonly Candidate[]): Candidate[] {
  const turns = Array.from({ length: Math.max(first.length, second.length) }, (_, index) => index);
  return turns.flatMap((turn) => [...first.slice(turn, turn + 1), ...second.slice(turn, turn + 1)]);
}

/** The top level of a file is executed by whoever imports it. */
function rank(place: string): number {
  return place.startsWith('-1:') ? 1 : 0;
}

/** What a function gives back comes first: no check of it can miss that. */
function keyOf(check: string, { file, site }: Candidate): string {
  return `${site.change === 'replaced-return' ? 0 : 1}${shuffleKey(check, file.path, site.start, site.text)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNamed({ site }: Candidate, words: string): boolean {
  const text = site.before.trim();
  return site.change === 'changed-constant' && text.length > 2 && words.includes(JSON.stringify(text).slice(1, -1));
}

/** The mutated file's text. */
export function mutated({ file, site }: Candidate): string {
  return withEdits(file.text, [site]);
}

export function mutantOf(candidate: Candidate, outcome: Mutant['outcome']): Mutant {
  const { file, site } = candidate;
  const patch = structuredPatch('a', 'b', file.text, mutated(candidate), undefined, undefined, { context: 2 });
  const diff = patch.hunks
    .flatMap((hunk) => [`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`, ...hunk.lines])
    .join('\n');
  return { path: file.path.slice(0, 1000), line: site.line, change: site.change, outcome, diff: cutText(diff, 900) };
}
