import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { syncFolder, writeNewFile } from '../durable-file.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError, systemCode, UsageError } from '../failure.ts';
import { requireAbsent, requireFolder } from '../input/export-target.ts';
import { withServer } from '../server/connect.ts';
import { dataDirectory } from '../server/data-dir.ts';
import { runBackend } from '../server/run-backend.ts';
import { findServer } from '../server/running-server.ts';

export const backup: Command = {
  name: 'backup',
  about: 'write the whole installation (runs, checkpoints, deliveries) to one file; it goes on working meanwhile',
  words: 'FILE',
  count: { least: 1, most: 1 },
  options: { force: { about: 'replace a file' }, ...serverOptions, ...commonOptions },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const path = resolve(given.words[0] ?? '');
    const force = given.flag('force');
    await requireFolder(dirname(path));
    await requireAbsent(path, { force });
    return withServer(invocation, async ({ client }) => {
      const partial = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
      try {
        // It holds prompts and code: nobody else's to read.
        const { bytes } = await writeNewFile(partial, (await client.backup()).body, 0o600);
        await requireAbsent(path, { force });
        await rename(partial, path);
        await syncFolder(dirname(path));
        terminal.out(given.flag('json') ? JSON.stringify({ type: 'backup', file: path, bytes }) : path);
      } catch (error) {
        throw systemCode(error) === 'ENOSPC'
          ? new CliError(`The disk of ${dirname(path)} is full; no backup was made.`)
          : error;
      } finally {
        await rm(partial, { force: true });
      }
      return exitCodes.done;
    });
  },
};

export const restore: Command = {
  name: 'restore',
  about: 'bring a backup back into an empty data directory',
  words: 'FILE',
  count: { least: 1, most: 1 },
  options: commonOptions,
  run: async ({ arguments: given, terminal }) => {
    const path = resolve(given.words[0] ?? '');
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw new UsageError(`There is no backup file ${path}.`);
    const dataDir = dataDirectory(given.text('data-dir'));
    const running = await findServer(dataDir);
    if (running) {
      throw new CliError(
        `A server runs on ${dataDir} (process ${running.pid}). Stop it first, or restore into another directory with --data-dir.`,
      );
    }
    const receipt = await runBackend('restore', ['--data-dir', dataDir, path], {
      failed: `${basename(path)} was not restored; the reason is above.`,
    });
    terminal.out(given.flag('json') ? receipt : `Restored into ${dataDir}.`);
    return exitCodes.done;
  },
};
