import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { median, type Figure, type Goal } from '../report/figure.ts';
import type { Measured, Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { change, changedFiles, fill } from '../stage/files.ts';
import { Keeper, type Kept } from '../stage/keeper.ts';
import { gitRival, resticRival, type Rival } from '../stage/rivals.ts';
import { openSandbox } from '../stage/sandbox.ts';
import { timed } from '../stage/timing.ts';

interface Place {
  readonly folder: string;
  readonly tree: string;
}

export const checkpoint10k: Row = {
  name: 'checkpoint-10k',
  title: 'Checkpoints of 10,000 files',
  measure: (bench) => measureCheckpoints(bench, 10_000),
};

export const checkpoint100k: Row = {
  name: 'checkpoint-100k',
  title: 'Checkpoints of 100,000 files',
  measure: (bench) => measureCheckpoints(bench, 100_000),
};

async function measureCheckpoints(bench: Bench, count: number): Promise<Measured> {
  const folder = await bench.folder('checkpoint');
  const place = { folder, tree: join(folder, 'tree') };
  await mkdir(place.tree);
  const workspace = await openSandbox(bench, join(folder, 'data'));
  await fill(workspace, place.tree, count);
  const firsts = count > 10_000 ? 1 : bench.pick(1, 3);
  const rounds = bench.pick(3, 9);
  const first = await firstOnes(place, firsts, (store) => new Keeper(workspace, store));
  const changed: Kept[] = [];
  const others = first.rivals.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    await change(workspace, place.tree, changedFiles(count, round));
    changed.push(await first.keeper.keep());
    for (const [index, rival] of first.rivals.entries()) others[index]?.push(await timed(() => rival.keep()));
  }
  const rivals = first.rivals.map(({ name }, index) => ({
    name,
    first: first.rivalMs[index] ?? [],
    changed: others[index] ?? [],
  }));
  return {
    figures: rivals.flatMap((rival, index) =>
      figuresOf({ count, first: first.ours, changed, rival, goals: index === 0 }),
    ),
    notes: [
      'A step of the agent waits for all of it: only what is durable is told.',
      ...(rivals.length > 1 ? [] : ['restic is not on this machine, so it is not beside.']),
    ],
  };
}

/** The first checkpoint of all files, into an empty store each time; the last store is gone on with. */
async function firstOnes(
  place: Place,
  n: number,
  keeperIn: (store: string) => Keeper,
): Promise<{ keeper: Keeper; rivals: Rival[]; ours: number[]; rivalMs: number[][] }> {
  const [ours, rivalMs]: [number[], number[][]] = [[], [[], []]];
  for (let round = 0; ; round += 1) {
    const keeper = keeperIn(join(place.folder, `blobs-${round}`));
    const rivals = rivalsIn(place, round);
    ours.push((await keeper.keep()).allMs);
    for (const [index, rival] of rivals.entries()) {
      await rival.begin();
      rivalMs[index]?.push(await timed(() => rival.keep()));
    }
    if (round === n - 1) return { keeper, rivals, ours, rivalMs };
  }
}

function rivalsIn({ folder, tree }: Place, round: number): Rival[] {
  const restic = resticRival(tree, join(folder, `restic-${round}`));
  return [gitRival(tree, join(folder, `git-${round}`)), ...(restic ? [restic] : [])];
}

interface Samples {
  readonly count: number;
  readonly first: readonly number[];
  readonly changed: readonly Kept[];
  readonly rival: { readonly name: string; readonly first: readonly number[]; readonly changed: readonly number[] };
  readonly goals: boolean;
}

function figuresOf({ count, first, changed, rival, goals }: Samples): Figure[] {
  const beside = { name: rival.name, value: median(rival.changed) };
  const large = count > 10_000;
  const figure = (name: string, samples: readonly number[], atMost: number | null): Figure => {
    const goal: Goal | null = goals && atMost !== null ? { atMost, of: 'value' } : null;
    const whole: Figure = { name, unit: 'ms', value: median(samples), n: samples.length, reference: beside };
    return goal ? { ...whole, goal } : whole;
  };
  const firstOne = { ...figure('first', first, null), reference: { name: rival.name, value: median(rival.first) } };
  const all = figure(
    '3 files changed, in all',
    changed.map(({ allMs }) => allMs),
    large ? 1000 : 150,
  );
  if (!goals) return [firstOne, all];
  return [
    firstOne,
    all,
    figure(
      'of it walk and read',
      changed.map(({ walkMs, readMs }) => walkMs + readMs),
      large ? null : 50,
    ),
    figure(
      'of it the walk alone',
      changed.map(({ walkMs }) => walkMs),
      null,
    ),
  ];
}
