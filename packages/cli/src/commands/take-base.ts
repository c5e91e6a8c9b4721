import type { Command } from '../command.ts';
import { CliError } from '../failure.ts';
import { sayOptions, sayToRun } from './say.ts';

export const takeBase: Command = {
  name: 'take-base',
  about: 'merge what the pull request is for, as it is now, into the run’s files; they are verified and approved anew',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: sayOptions,
  run: (invocation) =>
    sayToRun(invocation, (state) => {
      const record = state.exports.findLast(
        ({ state: at, destination, settled }) =>
          at === 'delivered' && destination.kind === 'github' && settled === null,
      );
      if (!record) throw new CliError(`Run ${state.id} has no open pull request.`);
      return {
        command: { do: 'take-base', exportId: record.id },
        done: 'The base is taken in; what comes of it is verified, and waits for your approval.',
      };
    }),
};
