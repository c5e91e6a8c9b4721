import { working } from './library.ts';
import { checkpoint, endStep, step, toolEnd } from './parts.ts';
import type { Story } from './story.ts';

/** A run whose last step changed each of `files` files of `lines` lines in several places. */
export function broad(story: Story, { files, lines }: { files: number; lines: number }): Story {
  working(story, { name: 'Ledger, every account rounded anew' });
  toolEnd(story, 's4c1', { excerpt: '9 passed', exitCode: 0 });
  const tree = (rounded: boolean): ReadonlyMap<string, string> => {
    const many = Array.from(
      { length: files },
      (_, index) => [pathOf(index), account(index, { lines, rounded })] as const,
    );
    return new Map([...(story.trees.get('ck-1') ?? []), ...many]);
  };
  checkpoint(story, 2, { tree: tree(false), step: 4 });
  endStep(story, 4, { ms: 900, ck: 'ck-2' });
  step(story, 5, { text: 'Every account is rounded anew.', calls: [['shell', 'python round.py']] });
  checkpoint(story, 3, { tree: tree(true), step: 5 });
  endStep(story, 5, { ms: 1200, ck: 'ck-3' });
  return story;
}

function pathOf(index: number): string {
  return `ledger/region_${Math.floor(index / 10)}/account_${String(index).padStart(3, '0')}.py`;
}

/** Ten lines a function, its third one inside a docstring that began on the second. */
function account(index: number, { lines, rounded }: { lines: number; rounded: boolean }): string {
  const digits = rounded ? 2 : 4;
  const functions = Array.from({ length: Math.ceil(lines / 10) }, (_, at) => [
    `def balance_${at}(entries):`,
    `    """Balance ${at} of account ${index},`,
    `    for each entry that is rounded to ${digits} digits.`,
    '    """',
    '    total = 0',
    '    for entry in entries:',
    `        total += round(entry.amount, ${digits})  # not in cents`,
    '    if total < 0:',
    `        raise ValueError("account ${index} is overdrawn")`,
    '    return total',
  ]);
  return `${functions.flat().slice(0, lines).join('\n')}\n`;
}
