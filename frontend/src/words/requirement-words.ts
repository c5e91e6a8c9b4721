import { counted, type RequirementView } from '@devfactory/contracts';
import type { Shape, Tone } from './tone.ts';

/** How a requirement's standing reads: a word, a form and a colour that say the same. */
export interface Standing {
  readonly word: string;
  readonly shape: Shape;
  readonly tone: Tone;
  /** What the word means here, in one sentence. */
  readonly meaning: string;
}

const statuses: Record<RequirementView['status'], Standing> = {
  proven: {
    word: 'Proven',
    shape: 'disc',
    tone: 'ok',
    meaning: 'Every check passed on this exact tree, and each of them can tell good from bad.',
  },
  failing: {
    word: 'Failing',
    shape: 'square',
    tone: 'bad',
    meaning: 'The latest evidence on this tree is not a pass.',
  },
  weak: { word: 'Weak', shape: 'half', tone: 'warn', meaning: 'Passed, but a check cannot tell good from bad.' },
  stale: {
    word: 'Stale',
    shape: 'clock',
    tone: 'warn',
    meaning: 'The evidence is of an older tree or an older wording.',
  },
  unproven: { word: 'Unproven', shape: 'ring', tone: 'none', meaning: 'There is no evidence yet.' },
  unchecked: {
    word: 'Unchecked',
    shape: 'dashed',
    tone: 'none',
    meaning: 'No locked check asks for it, so nothing can prove it.',
  },
};

/** A person's mark is shown as what it is; it never turns into proven. */
export function standingOf(view: Pick<RequirementView, 'status' | 'mark'>): Standing {
  if (view.status === 'proven' || !view.mark) return statuses[view.status];
  const by = view.mark.by.kind === 'person' ? view.mark.by.name : view.mark.by.kind;
  const under = statuses[view.status].word.toLowerCase();
  return view.mark.kind === 'waived'
    ? {
        word: 'Waived',
        shape: 'struck',
        tone: 'none',
        meaning: `Waived by ${by}: ${view.mark.reason} Underneath it is ${under}.`,
      }
    : {
        word: 'Accepted by hand',
        shape: 'signed',
        tone: 'run',
        meaning: `Accepted by ${by}: ${view.mark.reason} Underneath it is ${under}.`,
      };
}

/** Parts of the bar above the list, in its order. */
export function countStandings(
  views: readonly RequirementView[],
): { readonly standing: Standing; readonly count: number }[] {
  const order = ['Proven', 'Accepted by hand', 'Failing', 'Weak', 'Stale', 'Waived', 'Unproven', 'Unchecked'];
  const counts = new Map<string, { standing: Standing; count: number }>();
  for (const view of views) {
    const standing = standingOf(view);
    counts.set(standing.word, { standing, count: (counts.get(standing.word)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => order.indexOf(a.standing.word) - order.indexOf(b.standing.word));
}

/** One short line under a requirement: what its latest evidence says. `proposed` counts checks that no approval has locked. */
export function evidenceLine(view: RequirementView, proposed = 0): string {
  const latest = view.checks.flatMap((check) => (check.latest ? [check.latest] : []));
  if (view.checks.length === 0) return proposed > 0 ? `${counted(proposed, 'check')} proposed` : 'no check';
  if (latest.length === 0) return counted(view.checks.length, 'check');
  const passed = latest.filter((item) => item.verdict === 'passed').length;
  const newest = latest.at(-1);
  const inside = latest.every((item) => item.vantage === 'inside') ? ' · inside only' : '';
  const held = view.heldOut ? ' · held out too' : '';
  return `${passed} of ${counted(view.checks.length, 'check')} · ${newest?.checkpointId ?? ''}${inside}${held}`;
}

/** First words of what the check that fails last said; empty when nothing fails. */
export function failureLine(view: RequirementView): string {
  if (view.status !== 'failing') return '';
  const failing = view.checks.findLast((check) => check.latest && check.latest.verdict !== 'passed')?.latest;
  const lines = (failing?.excerpt ?? '').split('\n').map((line) => line.trim());
  return lines.find((line) => /expected|error|assert|fail|refused|timed? ?out|not /i.test(line)) ?? lines[0] ?? '';
}
