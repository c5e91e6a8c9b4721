import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '../row.ts';
import { bytesIn, change, changedFiles, fill } from '../stage/files.ts';
import { Keeper } from '../stage/keeper.ts';
import { gitRival } from '../stage/rivals.ts';
import { openSandbox } from '../stage/sandbox.ts';

const checkpoints = 100;

/** What a hundred steps of work add to the disk. */
export const checkpointStorage: Row = {
  name: 'checkpoint-storage',
  title: 'Disk for 100 checkpoints, 3 small changes each',
  measure: async (bench) => {
    const count = bench.pick(1_000, 10_000);
    const folder = await bench.folder('storage');
    const [tree, blobs] = [join(folder, 'tree'), join(folder, 'blobs')];
    await mkdir(tree);
    const workspace = await openSandbox(bench, join(folder, 'data'));
    await fill(workspace, tree, count);
    const keeper = new Keeper(workspace, blobs);
    const git = gitRival(tree, join(folder, 'git'));
    await git.begin();
    await keeper.keep();
    await git.keep();
    const before = { blobs: await bytesIn(blobs), git: await bytesIn(git.store) };
    let changed = 0;
    for (let round = 1; round <= checkpoints; round += 1) {
      const files = changedFiles(count, round);
      changed += files.reduce((sum, { bytes }) => sum + bytes.length, 0);
      await change(workspace, tree, files);
      await keeper.keep();
      await git.keep();
    }
    const added = (await bytesIn(blobs)) - before.blobs;
    const changes = { name: 'the changed files', value: changed };
    return {
      figures: [
        { name: `100 checkpoints of ${count} files add`, unit: 'bytes', value: added, n: 1, reference: changes },
        {
          name: 'the same',
          unit: 'bytes',
          value: added,
          n: 1,
          reference: { name: 'git, loose objects', value: (await bytesIn(git.store)) - before.git },
        },
        {
          name: 'the first checkpoint',
          unit: 'bytes',
          value: before.blobs,
          n: 1,
          reference: { name: 'the files', value: await bytesIn(tree) },
        },
      ],
    };
  },
};
