import type { PatchLine } from './parse-patch.ts';

/** Lines that a pair of removed and added ones would need more work than this to be compared stay as they are. */
const mostPairs = 400_000;

/**
 * The same difference without lines that differ in spaces alone: these are as the newer side has them. Parts of a file in which
 * nothing else differs are left out.
 */
export function calmLines(lines: readonly PatchLine[]): PatchLine[] {
  return hunks(lines).flatMap((hunk) => {
    const calm = [...calmed(hunk)];
    return calm.some(({ kind }) => kind === 'added' || kind === 'removed') ? calm : [];
  });
}

function hunks(lines: readonly PatchLine[]): PatchLine[][] {
  const found: PatchLine[][] = [];
  for (const line of lines) {
    if (line.kind === 'hunk' || found.length === 0) found.push([]);
    found.at(-1)?.push(line);
  }
  return found;
}

function* calmed(lines: readonly PatchLine[]): Iterable<PatchLine> {
  let [gone, come]: [PatchLine[], PatchLine[]] = [[], []];
  const notes: PatchLine[] = [];
  for (const line of lines) {
    if (line.kind === 'removed') gone.push(line);
    else if (line.kind === 'added') come.push(line);
    else if (line.kind === 'note' && gone.length + come.length > 0) notes.push(line);
    else {
      yield* paired(gone, come);
      yield* notes.splice(0);
      [gone, come] = [[], []];
      yield line;
    }
  }
  yield* paired(gone, come);
  yield* notes;
}

/** The longest common run of lines, spaces aside, and around it what is really gone or new. */
function* paired(gone: readonly PatchLine[], come: readonly PatchLine[]): Iterable<PatchLine> {
  if (gone.length === 0 || come.length === 0 || gone.length * come.length > mostPairs) {
    yield* gone;
    yield* come;
    return;
  }
  const [before, after] = [gone.map(bare), come.map(bare)];
  const longest = commonLengths(before, after);
  const length = (a: number, b: number): number => longest[a * (after.length + 1) + b] ?? 0;
  let [a, b] = [0, 0];
  while (a < gone.length && b < come.length) {
    const [old, fresh] = [gone[a], come[b]];
    if (!old || !fresh) return;
    if (before[a] === after[b]) {
      yield { kind: 'same', before: old.before, after: fresh.after, text: fresh.text };
      a += 1;
      b += 1;
    } else if (length(a + 1, b) >= length(a, b + 1)) {
      yield old;
      a += 1;
    } else {
      yield fresh;
      b += 1;
    }
  }
  yield* gone.slice(a);
  yield* come.slice(b);
}

function bare({ text }: PatchLine): string {
  return text.replaceAll(/\s+/g, '');
}

/** At [a, b], a row of `after.length + 1` each: how many lines are common from a and b on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let a = before.length - 1; a >= 0; a -= 1) {
    for (let b = after.length - 1; b >= 0; b -= 1) {
      const at = a * width + b;
      lengths[at] =
        before[a] === after[b]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}
