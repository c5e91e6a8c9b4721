import type { Command, Invocation } from '../command.ts';
import { commonOptions, serverOptions } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import { readExportTarget, requireWritable } from '../input/export-target.ts';
import { currentDelivery, saveDelivery } from '../run/save-delivery.ts';
import { watchRun } from '../run/watch.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const exportResult: Command = {
  name: 'export',
  about: 'save the approved result and its proof here',
  words: 'RUN zip:PATH',
  count: { least: 2, most: 2 },
  options: { force: { about: 'replace files' }, ...serverOptions, ...commonOptions },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const target = readExportTarget(given.words[1] ?? '');
    const force = given.flag('force');
    await requireWritable(target, { force });
    return withServer(invocation, async (connection) => {
      const id = await runOf(connection.client, given.words[0] ?? '');
      const record = await deliveryOf(invocation, connection, { id, destination: target.destination });
      const paths = await saveDelivery(connection.client, { runId: id, record }, { target, force });
      if (given.flag('json'))
        terminal.out(
          JSON.stringify({ type: 'exported', runId: id, exportId: record.id, tree: record.tree, files: paths }),
        );
      else for (const path of paths) terminal.out(path);
      return exitCodes.done;
    });
  },
};

/** The delivery that is there already, or a new one of the approved tree. */
async function deliveryOf(
  invocation: Invocation,
  connection: Connection,
  wanted: { readonly id: string; readonly destination: { readonly kind: string } },
) {
  const { client } = connection;
  const before = await client.runs.get(wanted.id);
  const there = currentDelivery(before, wanted.destination.kind);
  if (there) return there;
  const { seq } = await client.runs.command(wanted.id, { do: 'export', destination: wanted.destination });
  const { talk } = invocation.terminal;
  const { state } = await watchRun(connection, {
    runId: wanted.id,
    from: before,
    restAfter: seq,
    onEvent: () => undefined,
    talk,
  });
  const made = currentDelivery(state, wanted.destination.kind);
  if (made) return made;
  const failed = state.exports.findLast((item) => item.state === 'failed');
  throw new CliError(`Nothing was delivered: ${failed?.reason ?? `run ${state.id} is ${state.stage.name}`}.`);
}
