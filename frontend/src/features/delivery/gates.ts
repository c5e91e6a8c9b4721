import { requirementViews, type RequirementView, type RunState } from '@devfactory/contracts';
import { standingOf } from '../../words/requirement-words.ts';

/** What stands between a result and its delivery, and what a person must say out loud to pass. */
export interface Gates {
  readonly views: readonly RequirementView[];
  readonly open: readonly RequirementView[];
  /** 'R-3 failing, R-7 waived' */
  readonly named: string;
  /** Why nothing can be approved now; null when it can. */
  readonly closed: string | null;
}

export function gates(state: RunState, tree: string | null): Gates {
  const views = requirementViews(state, tree);
  const open = views.filter((view) => view.status !== 'proven');
  const named = open.map((view) => `${view.id} ${standingOf(view).word.toLowerCase()}`).join(', ');
  return { views, open, named, closed: closedBecause(state, tree) };
}

function closedBecause(state: RunState, tree: string | null): string | null {
  if (state.stage.name === 'cancelled') return 'This run was cancelled; nothing more is delivered from it.';
  if (tree === null) return 'There is no source tree yet.';
  if (state.approval) return null;
  if (state.stage.name === 'waiting' && state.stage.for === 'review') return null;
  return 'The run is not ready for a review yet. It comes here when it waits for you.';
}
