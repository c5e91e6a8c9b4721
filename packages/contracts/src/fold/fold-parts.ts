import type { EventOf, EventType, RunEvent } from '../event.ts';
import type { Usage } from '../run.ts';
import type { RunStage, RunState, StepRecord } from '../state.ts';

/** What one fact changes in the state. */
export type Fold<T extends EventType> = (
  state: RunState,
  data: EventOf<T>['data'],
  event: RunEvent,
) => Partial<RunState>;

/** The folds of all facts about some nouns. */
export type FoldsOf<Noun extends string> = { readonly [T in Extract<EventType, `${Noun}.${string}`>]: Fold<T> };

/** A person's word ends a wait or a rest: the engine decides anew from here. */
export function resumed(state: RunState): RunStage {
  const rests = ['waiting', 'finished', 'delivered'].includes(state.stage.name);
  return rests ? underWay(state) : state.stage;
}

export function underWay(state: RunState): RunStage {
  return { name: state.plan.approved > 0 ? 'working' : 'planning' };
}

/** The result moves on: nothing is approved any more, and what was not delivered yet will not be. */
export function withoutApproval(state: RunState): Partial<RunState> {
  const reason = 'The run went on before this was delivered; approve the new result.';
  const exports = state.exports.map((item) =>
    item.state === 'requested' || item.state === 'started'
      ? { ...item, state: 'failed' as const, tree: null, reason }
      : item,
  );
  return { approval: null, exports };
}

export function changeStep(
  state: RunState,
  step: number,
  change: (record: StepRecord) => Partial<StepRecord>,
): readonly StepRecord[] {
  return state.steps.map((record) => (record.step === step ? { ...record, ...change(record) } : record));
}

export function addUsage(a: Usage, b: Usage): Usage {
  const reasoning = (a.reasoningTokens ?? 0) + (b.reasoningTokens ?? 0);
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...(reasoning > 0 ? { reasoningTokens: reasoning } : {}),
    costUsd: a.costUsd + b.costUsd,
  };
}
