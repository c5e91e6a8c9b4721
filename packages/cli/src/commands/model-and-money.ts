import type { Command } from '../command.ts';
import { UsageError } from '../failure.ts';
import { sayOptions, sayToRun } from './say.ts';

export const use: Command = {
  name: 'use',
  about: 'let a run ask another model from its next step on',
  words: 'RUN PROVIDER/MODEL',
  count: { least: 2, most: 2 },
  options: sayOptions,
  run: (invocation) => {
    const model = invocation.arguments.words[1] ?? '';
    return sayToRun(invocation, () => ({
      command: { do: 'choose-model', model },
      done: `The next step asks ${model}.`,
      rests: true,
    }));
  },
};

export const budget: Command = {
  name: 'budget',
  about: 'set what the models of a run may cost altogether, in US dollars',
  words: 'RUN USD',
  count: { least: 2, most: 2 },
  options: sayOptions,
  run: (invocation) => {
    const text = invocation.arguments.words[1] ?? '';
    const budgetUsd = Number(text);
    if (!(budgetUsd > 0) || !Number.isFinite(budgetUsd))
      throw new UsageError(`A budget is an amount in US dollars above 0, not '${text}'.`);
    return sayToRun(invocation, () => ({
      command: { do: 'set-budget', budgetUsd },
      done: `The run may cost $${budgetUsd}.`,
      rests: true,
    }));
  },
};
