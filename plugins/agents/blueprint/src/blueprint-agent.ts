import { noUsage, type ToolCall } from '@devfactory/contracts';
import { DomainError, type Agent, type StepInput, type StepOutput } from '@devfactory/kit';
import { whatIsBuilt } from './blueprints/list.ts';

/** Fills in one of its blueprints by fixed rules: offline, the same words give the same files, and no model anywhere. */
export function createBlueprintAgent(): Agent {
  return {
    id: 'blueprint',
    title: 'Blueprint',
    note: `A scaffolder that follows fixed rules, offline and without a model. It builds ${whatIsBuilt()}, with the things, fields and login that the prompt names, and says which requirements are beyond it.`,
    needsModel: false,
    accept: ({ source }) => {
      if (source.kind === 'git' || source.kind === 'upload')
        throw new DomainError('agent_starts_new', 'invalid', {
          message:
            'Agent blueprint starts new projects and does not read code that is there: it would write over it. Begin without a source, or choose an agent that works with a model.',
        });
    },
    step: nextStep,
  };
}

/** Read when first needed: the words and grammar that prompts are read with are much of what a server's start would load. */
const turns = {
  plan: async () => (await import('./turns/plan-turn.ts')).planTurn,
  work: async () => (await import('./turns/work-turn.ts')).workTurn,
  repair: async () => (await import('./turns/repair-turn.ts')).repairTurn,
} as const;

async function nextStep(input: StepInput): Promise<StepOutput> {
  const turn = await turns[input.purpose]();
  const { text, calls } = turn(input);
  const step = input.history.length + 1;
  return {
    text,
    calls: calls.map((call, index): ToolCall => ({ id: `b${step}-${index + 1}`, ...call })),
    usage: noUsage,
  };
}
