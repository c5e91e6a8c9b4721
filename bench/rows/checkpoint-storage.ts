import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../report/figure.ts';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { bytesIn, change, changedFiles, fill, rewrittenFiles, type BenchFile } from '../stage/files.ts';
import { Keeper } from '../stage/keeper.ts';
import { gitRival, resticRival } from '../stage/rivals.ts';
import { openSandbox } from '../stage/sandbox.ts';

const checkpoints = 100;

/** What a hundred steps of work add to the disk. */
export const checkpointStorage: Row = {
  name: 'checkpoint-storage',
  title: `Disk for ${checkpoints} checkpoints, 3 files changed in each`,
  measure: async (bench) => {
    const count = bench.pick(1_000, 10_000);
    const small = await measureSeries(bench, {
      count,
      name: `of ${count} files, a line more in each`,
      changes: (round) => changedFiles(count, round),
      beside: { atMost: 1, of: 'ratio' },
    });
    const large = await measureSeries(bench, {
      count,
      name: `of ${count} files, 64 KB anew in each`,
      changes: (round) => rewrittenFiles(count, round),
      goal: { atMost: 1.2, of: 'ratio' },
    });
    const notes = ['restic is not on this machine, so it is not beside.'];
    return { figures: [...small, ...large], ...(resticRival('', '') ? {} : { notes }) };
  },
};

interface Series extends Pick<Figure, 'goal'> {
  readonly count: number;
  readonly name: string;
  readonly changes: (round: number) => readonly BenchFile[];
  /** Against restic, where it is on this machine. */
  readonly beside?: Figure['goal'];
}

async function measureSeries(bench: Bench, { count, name, changes, goal, beside }: Series): Promise<Figure[]> {
  const folder = await bench.folder('storage');
  const [tree, blobs] = [join(folder, 'tree'), join(folder, 'blobs')];
  await mkdir(tree);
  const workspace = await openSandbox(bench, join(folder, 'data'));
  await fill(workspace, tree, count);
  const restic = resticRival(tree, join(folder, 'restic'));
  const rivals = [gitRival(tree, join(folder, 'git')), ...(restic ? [restic] : [])];
  const keeper = new Keeper(workspace, blobs);
  await keeper.keep();
  for (const rival of rivals) {
    await rival.begin();
    await rival.keep();
  }
  const stores = [blobs, ...rivals.map(({ store }) => store)];
  const before = await Promise.all(stores.map((store) => bytesIn(store)));
  let changed = 0;
  for (let round = 1; round <= checkpoints; round += 1) {
    const files = changes(round);
    changed += files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    await change(workspace, tree, files);
    await keeper.keep();
    for (const rival of rivals) await rival.keep();
  }
  const after = await Promise.all(stores.map((store) => bytesIn(store)));
  const [added = 0, ...others] = after.map((bytes, index) => bytes - (before[index] ?? 0));
  const ours: Figure = { name, unit: 'bytes', value: added, n: 1 };
  const first: Figure = { ...ours, name: 'the first checkpoint', value: before[0] ?? 0 };
  return [
    { ...ours, reference: { name: 'the changed files', value: changed }, ...(goal && { goal }) },
    ...rivals.map((rival, index): Figure => ({
      ...ours,
      reference: { name: rival.name, value: others[index] ?? 0 },
      ...(beside && rival === restic ? { goal: beside } : {}),
    })),
    { ...first, reference: { name: 'the files', value: await bytesIn(tree) } },
  ];
}
