import { commonOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError, UsageError } from '../failure.ts';
import { dataDirectory } from '../server/data-dir.ts';
import { runBackend } from '../server/run-backend.ts';
import { findServer } from '../server/running-server.ts';

export const moveBlobs: Command = {
  name: 'move-blobs',
  about: 'copy what is kept into the other blob store; cut off, the same command goes on',
  words: 'azure|file',
  count: { least: 1, most: 1 },
  options: {
    remove: { about: 'free the store that they come from, once the other one holds everything' },
    ...commonOptions,
  },
  run: async ({ arguments: given, terminal }) => {
    const [to = ''] = given.words;
    if (to !== 'azure' && to !== 'file') throw new UsageError(`'${to}' is no blob store: it is azure or file.`);
    const dataDir = dataDirectory(given.text('data-dir'));
    const running = await findServer(dataDir);
    if (running)
      throw new CliError(
        `A server runs on ${dataDir} (process ${running.pid}). Stop it first: blobs are moved at rest.`,
      );
    const receipt = await runBackend(
      'move-blobs',
      ['--data-dir', dataDir, ...(given.flag('remove') ? ['--remove'] : []), to],
      {
        failed: 'Not everything was moved; the reason is above. What was copied counts: the same command goes on.',
      },
    );
    terminal.out(
      given.flag('json')
        ? receipt
        : `Everything is in the store "${to}". Start the server with DEVFACTORY_BLOB_STORE=${to}.`,
    );
    return exitCodes.done;
  },
};
