import type { ToldInIde } from '@devfactory/contracts';
import { links } from './links.ts';

/** One line of a tree, as far from VS Code as can be tested without it. */
export interface Line {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Name of a VS Code icon, and of the colour of a theme for it; '' for the usual one. */
  readonly icon: string;
  readonly color: string;
  /** Page of the console that a click opens; null for none. */
  readonly link: string | null;
  readonly lines: readonly Line[];
}

const good = { icon: 'pass-filled', color: 'testing.iconPassed' } as const;
const bad = { icon: 'error', color: 'testing.iconFailed' } as const;
const open = { icon: 'circle-large-outline', color: '' } as const;
const doubtful = { icon: 'warning', color: 'list.warningForeground' } as const;

const looks: Readonly<Record<string, { readonly icon: string; readonly color: string }>> = {
  proven: good,
  pass: good,
  passed: good,
  failing: bad,
  fail: bad,
  failed: bad,
  weak: doubtful,
  stale: doubtful,
};

export function runLines(told: ToldInIde): readonly Line[] {
  const proven = told.requirements.filter(({ status }) => status === 'proven').length;
  const all = told.requirements.length;
  return [
    line({ label: told.run.name, icon: 'rocket', link: links.run(told) }),
    line({ label: told.run.stage, icon: told.run.tone === 'bad' ? 'error' : 'info', link: links.run(told) }),
    line({
      label: all === 0 ? 'No requirements yet' : `${proven} of ${all} requirements proven`,
      ...(proven === all && all > 0 ? good : open),
      link: links.run(told),
    }),
    line({
      label: 'As the factory told it',
      description: 'the console has the last word',
      tooltip: 'What runs in this workspace could change what is shown here. What counts is in the console.',
      icon: 'shield',
    }),
  ];
}

export function requirementLines(told: ToldInIde): readonly Line[] {
  return told.requirements.map(({ id, text, status, checks }) =>
    line({
      label: `${id} ${text}`,
      description: status,
      tooltip: `${id}: ${text}\n${status}`,
      ...(looks[status] ?? open),
      link: links.requirement(told, id),
      lines: checks.map(({ title, standing }) =>
        line({
          label: title,
          description: standing,
          tooltip: `${title}\n${standing}`,
          ...(looks[standing] ?? open),
          link: links.requirement(told, id),
        }),
      ),
    }),
  );
}

export function checkpointLines(told: ToldInIde): readonly Line[] {
  return told.checkpoints.map(({ id, label, changed }) =>
    line({
      label,
      description: `${id} · ${changed}`,
      tooltip: `${label}\n${id}, ${changed}\nA click shows what changed; it can be restored there.`,
      icon: 'git-commit',
      link: links.checkpoint(told, id),
    }),
  );
}

/** For the bar below. */
export function summary(told: ToldInIde): string {
  const proven = told.requirements.filter(({ status }) => status === 'proven').length;
  return `${proven}/${told.requirements.length} proven · ${told.run.stage}`;
}

function line(given: Partial<Line> & Pick<Line, 'label'>): Line {
  return { description: '', tooltip: given.label, icon: '', color: '', link: null, lines: [], ...given };
}
