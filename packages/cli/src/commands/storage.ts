import { commonOptions, serverOptions, type Command } from '../command.ts';
import { sizeWords } from '../report/size-words.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { typed } from '../typed.ts';

export const storage: Command = {
  name: 'storage',
  about: 'what is kept, in all and by run, and how near the quota that is',
  words: '',
  count: { least: 0, most: 0 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const [use, byRun] = [await client.storage(), await client.storageByRun({ limit: 50 })];
      if (given.flag('json')) terminal.out(JSON.stringify({ ...use, runs: byRun.runs }));
      else {
        for (const what of ['blobs', 'workspaces', 'uploads', 'logs'] as const)
          terminal.out(`${what.padEnd(11)}${sizeWords(use[what].bytes).padStart(10)}  ${use[what].count}`);
        terminal.out(`${'in all'.padEnd(11)}${sizeWords(use.quota.used).padStart(10)}`);
        for (const run of byRun.runs)
          terminal.out(
            `${run.id}  ${sizeWords(run.blobs.bytes).padStart(10)}, its own ${sizeWords(run.ownBlobs.bytes)}, workspace ${run.workspaceBytes === null ? 'none' : sizeWords(run.workspaceBytes)}  ${run.state}${run.archived ? ', archived' : ''}  ${oneLine(run.name, 60)}`,
          );
        if (use.quota.sentence !== '') terminal.talk(use.quota.sentence);
      }
      return 0;
    }),
};

export const cleanUp: Command = {
  name: 'clean-up',
  about: 'free what nothing needs any more',
  words: '',
  count: { least: 0, most: 0 },
  options: { 'dry-run': { about: 'only tell what that would be' }, ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const done = await client.cleanUp({ dryRun: given.flag('dry-run') });
      if (given.flag('json')) terminal.out(JSON.stringify(done));
      else {
        const { removed, kept, workspaces } = done;
        const word = done.dryRun ? 'would be freed' : 'freed';
        terminal.out(
          `${sizeWords(removed.bytes)} ${word}: ${removed.count} blobs, ${workspaces.length} workspaces; ${kept.count} blobs with ${sizeWords(kept.bytes)} are needed.`,
        );
        if (done.sentence !== '') terminal.talk(done.sentence);
        if (done.dryRun) terminal.talk(`Free it: ${typed('clean-up')}`);
      }
      return 0;
    }),
};
