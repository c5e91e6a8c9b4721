import { commonOptions, serverOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError, UsageError } from '../failure.ts';
import { withServer } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const link: Command = {
  name: 'link',
  about: 'an address that reads a delivery in Azure for some hours, for whoever has it; it is kept nowhere',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { hours: { value: 'N', about: 'how long, 168 at most (default 24)' }, ...serverOptions, ...commonOptions },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const hours = Number(given.text('hours') ?? 24);
    if (!(hours > 0 && hours <= 168)) throw new UsageError('--hours takes a number up to 168.');
    return withServer(invocation, async ({ client }) => {
      const id = await runOf(client, given.words[0] ?? '');
      const { exports } = await client.runs.get(id);
      const made = exports.findLast(({ destination, state }) => destination.kind === 'azure' && state === 'delivered');
      if (!made) throw new CliError(`Run ${id} has not been delivered to Azure.`);
      const found = await client.runs.deliveryLink(id, made.id, hours);
      terminal.out(given.flag('json') ? JSON.stringify({ type: 'link', runId: id, ...found }) : found.url);
      return exitCodes.done;
    });
  },
};
