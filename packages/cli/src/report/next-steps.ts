import { notProven, requirementViews, type RunState } from '@devfactory/contracts';
import { judgedTree } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { typed } from '../typed.ts';
import { isHindered } from './requirement-table.ts';

/** Tells which commands make sense now; nothing where there is none. */
export function tellNext(terminal: Terminal, state: RunState): void {
  const steps = nextSteps(state);
  if (steps.length > 0) terminal.talk(['Next:', ...steps.map((step) => `  ${step}`)].join('\n'));
}

/** The commands that make sense now, ready to be typed. */
function nextSteps(state: RunState): readonly string[] {
  const { id, stage } = state;
  if (state.paused) return [typed(`resume ${id} --follow`)];
  switch (stage.name) {
    case 'waiting':
      return waitingSteps(state, stage.for);
    case 'failed':
      return [typed(`logs ${id}`), typed(`resume ${id} --follow`)];
    case 'finished':
    case 'delivered':
      return [
        ...(state.approval ? [typed(`export ${id} zip:result.zip`)] : []),
        typed(`feedback ${id} "what to change" --follow`),
      ];
    case 'cancelled':
      return [];
    case 'queued':
    case 'planning':
    case 'working':
    case 'verifying':
    case 'delivering':
      return [typed(`logs ${id} --follow`)];
  }
}

function waitingSteps(state: RunState, what: 'plan-approval' | 'answer' | 'review'): readonly string[] {
  const { id } = state;
  if (what === 'answer') return [typed(`feedback ${id} "your answer" --follow`)];
  if (what === 'plan-approval')
    return [typed(`show ${id}`), typed(`approve ${id} --follow`), typed(`feedback ${id} "what to change" --follow`)];
  const open = notProven(state, judgedTree(state)).length > 0;
  const hindered = requirementViews(state, judgedTree(state)).some((view) => view.checks.some(isHindered));
  return [
    ...(hindered ? [typed('doctor')] : []),
    typed(`approve ${id}${open ? ' --unproven' : ''} --export zip:result.zip`),
    typed(`feedback ${id} "what to change" --follow`),
  ];
}
