import { notProven, presentTree, type RunState } from '@devfactory/contracts';

/** Exit codes of commands that stay with a run; scripts depend on them. */
export const exitCodes = { done: 0, failed: 1, usage: 2, notProven: 3, waiting: 4 } as const;

/** The tree that a run is judged by: the approved one, else the newest. */
export function judgedTree(state: RunState): string | null {
  return state.approval?.tree ?? presentTree(state);
}

/** Whether a run waits for a person or is at its end, so that watching it makes no sense any more. */
export function isAtRest(state: RunState): boolean {
  return state.paused || ['waiting', 'delivered', 'finished', 'failed', 'cancelled'].includes(state.stage.name);
}

/** 0 delivered and all requirements proven, 3 something is not proven, 4 a person is asked, 1 anything else. */
export function exitCodeOf(state: RunState): number {
  const open =
    state.requirements.every(({ origin }) => origin === 'source') || notProven(state, judgedTree(state)).length > 0;
  const { stage } = state;
  if (stage.name === 'failed' || stage.name === 'cancelled') return exitCodes.failed;
  if (stage.name === 'delivered' || stage.name === 'finished') {
    if (open) return exitCodes.notProven;
    return stage.name === 'delivered' || deliveredNothingAskedFor(state) ? exitCodes.done : exitCodes.failed;
  }
  // Nobody was to be asked (--auto-approve): the result is there, and not all of it is proven.
  if (stage.name === 'waiting' && stage.for === 'review' && state.request.autonomy === 'auto' && open)
    return exitCodes.notProven;
  return state.paused || stage.name === 'waiting' ? exitCodes.waiting : exitCodes.failed;
}

function deliveredNothingAskedFor(state: RunState): boolean {
  return state.exports.length === 0 && state.request.destinations.length === 0;
}
