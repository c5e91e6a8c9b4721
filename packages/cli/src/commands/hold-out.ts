import type { Command } from '../command.ts';
import { readCheckFile } from '../input/check-file.ts';
import { sayOptions, sayToRun } from './say.ts';

export const holdOut: Command = {
  name: 'hold-out',
  about: 'add a check to a requirement that no agent is ever shown',
  words: 'RUN REQUIREMENT CHECK_FILE',
  count: { least: 3, most: 3 },
  options: sayOptions,
  run: async (invocation) => {
    const [, requirementId = '', path = ''] = invocation.arguments.words;
    const check = await readCheckFile(path);
    return sayToRun(invocation, () => ({
      command: { do: 'hold-out-check', requirementId, check },
      done: `Held out for ${requirementId}: ${check.title}. It counts from now on.`,
    }));
  },
};

export const dropHeldOut: Command = {
  name: 'drop-held-out',
  about: 'take a held-out check away again',
  words: 'RUN CHECK',
  count: { least: 2, most: 2 },
  options: sayOptions,
  run: (invocation) => {
    const id = invocation.arguments.words[1] ?? '';
    return sayToRun(invocation, () => ({ command: { do: 'drop-held-out-check', id }, done: `Dropped ${id}.` }));
  },
};
