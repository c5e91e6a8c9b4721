import { noUsage, type ToolCall } from '@devfactory/contracts';
import type { Agent, StepInput, StepOutput } from '@devfactory/kit';
import { whatIsBuilt } from './blueprints/list.ts';
import { planTurn } from './turns/plan-turn.ts';
import { repairTurn } from './turns/repair-turn.ts';
import { workTurn } from './turns/work-turn.ts';

/** Fills in one of its blueprints by fixed rules: offline, the same words give the same files, and no model anywhere. */
export function createBlueprintAgent(): Agent {
  return {
    id: 'blueprint',
    title: 'Blueprint',
    note: `A scaffolder that follows fixed rules, offline and without a model. It builds ${whatIsBuilt()}, with the things, fields and login that the prompt names, and says which requirements are beyond it.`,
    needsModel: false,
    accept: () => undefined,
    step: async (input) => nextStep(input),
  };
}

const turns = { plan: planTurn, work: workTurn, repair: repairTurn } as const;

function nextStep(input: StepInput): StepOutput {
  const { text, calls } = turns[input.purpose](input);
  const step = input.history.length + 1;
  return {
    text,
    calls: calls.map((call, index): ToolCall => ({ id: `b${step}-${index + 1}`, ...call })),
    usage: noUsage,
  };
}
