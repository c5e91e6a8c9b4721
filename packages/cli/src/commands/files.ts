import type { Client } from '@devfactory/client';
import type { FileWritten } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { withServer } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const moveFile: Command = {
  name: 'move-file',
  about: 'give a file or folder of a run’s workspace another path, where nothing is yet',
  words: 'RUN FROM TO',
  count: { least: 3, most: 3 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) => {
    const [, from = '', to = ''] = invocation.arguments.words;
    return changeFiles(invocation, `${from} is ${to} now.`, (client, runId) =>
      client.runs.moveFile(runId, { from, to }),
    );
  },
};

export const removeFile: Command = {
  name: 'remove-file',
  about: 'remove a file of a run’s workspace; earlier checkpoints keep it',
  words: 'RUN PATH',
  count: { least: 2, most: 2 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) => {
    const [, path = ''] = invocation.arguments.words;
    return changeFiles(invocation, `${path} is removed.`, async (client, runId) => {
      const { digest } = await client.runs.fileNow(runId, path);
      return client.runs.removeFile(runId, { path, expected: digest });
    });
  },
};

/** A person's change, like one in the console: an event, a checkpoint, and the agent is told. */
function changeFiles(
  invocation: Invocation,
  done: string,
  change: (client: Client, runId: string) => Promise<FileWritten>,
): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const { arguments: given, terminal } = invocation;
    const runId = await runOf(client, given.words[0] ?? '');
    const { seq } = await change(client, runId);
    if (given.flag('json')) terminal.out(JSON.stringify({ type: 'changed', runId, seq }));
    else terminal.talk(done);
    return 0;
  });
}
