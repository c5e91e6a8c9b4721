import { notProven, type RunState } from '@devfactory/contracts';
import { judgedTree } from '../exit-code.ts';

/** The commands that make sense now, ready to be typed. */
export function nextSteps(state: RunState): readonly string[] {
  const { id, stage } = state;
  if (state.paused) return [`devfactory resume ${id} --follow`];
  switch (stage.name) {
    case 'waiting':
      return waitingSteps(state, stage.for);
    case 'failed':
      return [`devfactory logs ${id}`, `devfactory resume ${id} --follow`];
    case 'finished':
    case 'delivered':
      return [
        ...(state.approval ? [`devfactory export ${id} zip:result.zip`] : []),
        `devfactory feedback ${id} "what to change" --follow`,
      ];
    case 'cancelled':
      return [];
    case 'queued':
    case 'planning':
    case 'working':
    case 'verifying':
    case 'delivering':
      return [`devfactory logs ${id} --follow`];
  }
}

function waitingSteps(state: RunState, what: 'plan-approval' | 'answer' | 'review'): readonly string[] {
  const { id } = state;
  if (what === 'answer') return [`devfactory feedback ${id} "your answer" --follow`];
  if (what === 'plan-approval')
    return [
      `devfactory show ${id}`,
      `devfactory approve ${id} --follow`,
      `devfactory feedback ${id} "what to change" --follow`,
    ];
  const open = notProven(state, judgedTree(state)).length > 0;
  return [
    `devfactory approve ${id}${open ? ' --unproven' : ''} --export zip:result.zip`,
    `devfactory feedback ${id} "what to change" --follow`,
  ];
}
