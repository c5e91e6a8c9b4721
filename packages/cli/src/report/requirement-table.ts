import { isWeak, provenWords, requirementViews, type RequirementView, type RunState } from '@devfactory/contracts';
import { judgedTree } from '../exit-code.ts';
import { oneLine, type Paint } from '../terminal.ts';

/** Every requirement with its status, and for what is not proven the reason below it. */
export function requirementTable(state: RunState, paint: Paint): string {
  const views = requirementViews(state, judgedTree(state));
  if (views.length === 0) return 'No requirements yet.';
  const proven = views.filter((view) => view.status === 'proven').length;
  const width = Math.max(...views.map((view) => view.id.length));
  const lines = views.flatMap((view) => {
    const unheld = view.status === 'proven' && !view.heldOut ? ` ${paint.quiet('visible checks only')}` : '';
    return [
      `  ${paintStatus(view, paint)} ${view.id.padEnd(width)}  ${oneLine(view.text, 120)}${unheld}`,
      ...reasons(state, view).map((reason) => `${' '.repeat(15 + width)}${paint.quiet(reason)}`),
    ];
  });
  return [paint.strong(provenWords(proven, views.length)), ...lines, ...hindrances(views, paint)].join('\n');
}

/** What this machine lacks keeps many checks from being asked: said once, in full, and not at each of them. */
export function hindrances(views: readonly RequirementView[], paint: Paint): string[] {
  const checks = views.flatMap((view) => view.checks).filter(isHindered);
  const sentences = new Set(checks.map(({ latest }) => oneLine((latest?.excerpt ?? '').split('\n', 1)[0] ?? '', 300)));
  return [...sentences].map((sentence) => paint.attention(`Not checked: ${sentence}`));
}

/** The check could not be asked: that says nothing about the code. */
export function isHindered({ standing, latest }: RequirementView['checks'][number]): boolean {
  return standing === 'failing' && latest?.cause === 'environment';
}

const widest = 'unchecked'.length;

function paintStatus({ status, mark }: RequirementView, paint: Paint): string {
  const word = (mark && status !== 'proven' ? mark.kind : status).padEnd(widest);
  if (status === 'proven') return paint.good(word);
  return status === 'failing' && !mark ? paint.bad(word) : paint.attention(word);
}

function reasons(state: RunState, view: RequirementView): string[] {
  if (view.status === 'proven') return [];
  const lines: string[] = [];
  if (view.mark) lines.push(`${view.mark.kind} by hand (${view.status}): ${oneLine(view.mark.reason, 120)}`);
  const cannot = state.requirements.find((item) => item.id === view.id)?.cannot;
  if (cannot !== undefined) lines.push(`the agent cannot meet it: ${oneLine(cannot, 140)}`);
  for (const check of view.checks) {
    if (check.standing !== 'proven') {
      lines.push(`${check.id} ${oneLine(check.title, 80)}: ${standingReason(check)}`);
    }
  }
  return lines.length > 0 ? lines : proposed(state, view.id);
}

/** Before an approval nothing is locked; what it would lock says more than "unchecked". */
function proposed(state: RunState, requirementId: string): string[] {
  const checks = state.checks.filter((check) => check.requirementId === requirementId);
  if (checks.length === 0) return ['no check belongs to it'];
  return checks.map((check) => `${check.id} ${oneLine(check.title, 80)}: waits for the plan to be approved`);
}

/** Why a check stands where it does. */
export function standingReason(check: RequirementView['checks'][number]): string {
  if (isHindered(check)) return 'could not be checked here, see below';
  const { standing, latest, base, mutation } = check;
  switch (standing) {
    case 'failing':
      return `${latest?.cause ?? 'no pass'}: ${oneLine(latest?.excerpt ?? '', 120)}`;
    case 'stale':
      return 'its evidence is of an older tree or wording';
    case 'unproven':
      return latest === null ? 'not run yet' : 'it is not known what it says about the base';
    case 'weak':
      if (mutation && isWeak(mutation)) return oneLine(mutation.reason, 200);
      return base?.verdict === 'passed'
        ? 'it passes on the base too, so it cannot tell good from bad'
        : 'it did not pass on the base';
    case 'proven':
      return '';
  }
}
