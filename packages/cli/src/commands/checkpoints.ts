import type { Checkpoint } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { runOf } from './run-argument.ts';
import { sayOptions, sayToRun } from './say.ts';

export const checkpoints: Command = {
  name: 'checkpoints',
  about: 'list the checkpoints of a run',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const state = await client.runs.get(await runOf(client, given.words[0] ?? ''));
      if (given.flag('json'))
        terminal.out(JSON.stringify(state.checkpoints.map((item) => ({ ...item, head: item.id === state.head }))));
      else for (const item of state.checkpoints) terminal.out(line(item, item.id === state.head));
      return 0;
    }),
};

function line(checkpoint: Checkpoint, head: boolean): string {
  const { added, modified, removed } = checkpoint.changed;
  const marks = [head ? 'head' : '', checkpoint.torn ? 'torn' : ''].filter((mark) => mark !== '').join(', ');
  return `${checkpoint.id.padEnd(6)} +${added} ~${modified} -${removed}  ${checkpoint.files} files  ${oneLine(checkpoint.label, 100)}${marks === '' ? '' : `  (${marks})`}`;
}

export const restoreCheckpoint: Command = {
  name: 'restore-checkpoint',
  about: 'bring the files of a checkpoint back; the present is kept as a checkpoint first',
  words: 'RUN CHECKPOINT',
  count: { least: 2, most: 2 },
  options: sayOptions,
  run: (invocation) => {
    const checkpointId = invocation.arguments.words[1] ?? '';
    return sayToRun(invocation, () => ({
      command: { do: 'restore', checkpointId },
      done: `Asked for ${checkpointId} to be restored.`,
    }));
  },
};
