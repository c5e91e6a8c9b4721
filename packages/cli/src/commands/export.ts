import type { Command, Invocation } from '../command.ts';
import { commonOptions, serverOptions } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import { exportForms, readExportTarget, requireWritable, type ExportTarget } from '../input/export-target.ts';
import { currentDelivery, saveDelivery } from '../run/save-delivery.ts';
import { watchRun } from '../run/watch.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const exportResult: Command = {
  name: 'export',
  about: 'save the approved result and its proof here, or deliver it elsewhere',
  words: `RUN ${exportForms}`,
  count: { least: 2, most: 2 },
  options: { force: { about: 'replace files' }, ...serverOptions, ...commonOptions },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const target = readExportTarget(given.words[1] ?? '');
    const force = given.flag('force');
    await requireWritable(target, { force });
    return withServer(invocation, async (connection) => {
      const id = await runOf(connection.client, given.words[0] ?? '');
      const record = await deliveryOf(invocation, connection, { id, target });
      const paths = target.files
        ? await saveDelivery(connection.client, { runId: id, record }, { files: target.files, force })
        : [];
      if (given.flag('json'))
        terminal.out(
          JSON.stringify({
            type: 'exported',
            runId: id,
            exportId: record.id,
            tree: record.tree,
            location: record.location,
            files: paths,
          }),
        );
      else for (const path of target.files ? paths : [record.location ?? '']) terminal.out(path);
      return exitCodes.done;
    });
  },
};

/** A new delivery of the approved tree; of a ZIP, which nobody can have changed, the one that is there already. */
async function deliveryOf(
  invocation: Invocation,
  connection: Connection,
  { id, target }: { readonly id: string; readonly target: ExportTarget },
) {
  const { client } = connection;
  const before = await client.runs.get(id);
  const there = target.files ? currentDelivery(before, target.destination) : null;
  if (there) return there;
  const { seq } = await client.runs.command(id, { do: 'export', destination: target.destination });
  const { talk } = invocation.terminal;
  const { state } = await watchRun(connection, {
    runId: id,
    from: before,
    restAfter: seq,
    onEvent: () => undefined,
    talk,
  });
  const asked = new Set(before.exports.map((item) => item.id));
  const made = currentDelivery(state, target.destination);
  if (made && !asked.has(made.id)) return made;
  const failed = state.exports.findLast((item) => item.state === 'failed' && !asked.has(item.id));
  throw new CliError(`Nothing was delivered: ${failed?.reason ?? `run ${state.id} is ${state.stage.name}`}.`);
}
