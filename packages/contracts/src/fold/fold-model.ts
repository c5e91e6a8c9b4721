import type { RunState } from '../state.ts';
import { addUsage, changeStep, type FoldsOf } from './fold-parts.ts';

/** Requests to models, and what a person says about model and money. */
export const modelFolds: FoldsOf<'model' | 'context' | 'budget'> = {
  'model.called': (state, { step, callId, model, attempt, reservedUsd }, { at }) => ({
    modelCall: {
      step,
      callId,
      model,
      attempt,
      since: at,
      reservedUsd,
      outcome: 'running',
      reason: '',
      retryInMs: null,
    },
    openModelCalls: [...state.openModelCalls, { step, callId, reservedUsd }],
    steps: changeStep(state, step, (record) => ({ modelCalls: record.modelCalls + 1 })),
  }),
  'model.answered': (state, { step, callId, usage }) => ({
    modelCall: ended(state, callId, { outcome: 'answered' }),
    openModelCalls: without(state, callId),
    // Step 0 is none of the agent's.
    ...(step === 0 ? {} : { contextTokens: usage.inputTokens + usage.outputTokens }),
    usage: addUsage(state.usage, usage),
    steps: changeStep(state, step, (record) => ({ usage: addUsage(record.usage, usage) })),
  }),
  'model.failed': (state, { step, callId, reason, retryInMs, usage }) => ({
    modelCall: ended(state, callId, { outcome: 'failed', reason, retryInMs }),
    openModelCalls: without(state, callId),
    usage: addUsage(state.usage, usage),
    steps: changeStep(state, step, (record) => ({ usage: addUsage(record.usage, usage) })),
  }),
  'context.compacted': (_, { tokens }) => ({ contextTokens: tokens }),
  'model.chosen': (_, { model }) => ({ model }),
  'budget.set': (_, { budgetUsd }) => ({ budgetUsd }),
};

function without({ openModelCalls }: RunState, callId: string): RunState['openModelCalls'] {
  return openModelCalls.filter((call) => call.callId !== callId);
}

function ended(
  { modelCall }: RunState,
  callId: string,
  change: Partial<NonNullable<RunState['modelCall']>>,
): RunState['modelCall'] {
  return modelCall?.callId === callId ? { ...modelCall, ...change } : modelCall;
}
