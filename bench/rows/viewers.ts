import { setTimeout as pause } from 'node:timers/promises';
import { percentile, type Figure } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { Factory } from '../stage/factory.ts';
import { memoryOf } from '../stage/processes.ts';
import { quietRun } from '../stage/quiet-run.ts';
import { eventually } from '../stage/timing.ts';
import { Viewers } from '../stage/viewers.ts';

/** A run at work writes a few events in a second. */
const everyMs = 100;
const patienceMs = 30_000;

interface Watched {
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly doubled: number;
  readonly n: number;
}

/** Many who watch one run, while people speak to it through the server. */
export const viewers: Row = {
  name: 'viewers',
  title: 'Viewers of one run',
  measure: async (bench) => {
    const count = bench.pick(200, 1000);
    const rounds = bench.pick(50, 200);
    const factory = await Factory.start(bench, await bench.folder('viewers'));
    const id = await quietRun(factory, 'pause');
    const alone = await measureDelays(factory, id, { count: 1, rounds });
    const before = (await memoryOf([factory.pid])).once;
    const many = await measureDelays(factory, id, { count, rounds });
    const figures: Figure[] = [
      delay(`delay to ${count} viewers, p50`, { many, alone }, 'p50'),
      { ...delay(`delay to ${count} viewers, p99`, { many, alone }, 'p99'), goal: { atMost: 200, of: 'value' } },
      { name: 'events lost', unit: 'count', value: many.lost, n: many.n, goal: { atMost: 0, of: 'value' } },
      { name: 'events doubled', unit: 'count', value: many.doubled, n: many.n, goal: { atMost: 0, of: 'value' } },
      {
        name: 'the server, with all of them',
        unit: 'bytes',
        value: many.memory,
        n: 1,
        reference: { name: 'with none', value: before },
      },
    ];
    return {
      figures,
      notes: [`${rounds} events, one every ${everyMs} ms; viewers and server share this machine's cores.`],
    };
  },
};

async function measureDelays(
  factory: Factory,
  id: string,
  { count, rounds }: { readonly count: number; readonly rounds: number },
): Promise<Watched & { readonly memory: number }> {
  const { seq } = await factory.client.runs.get(id);
  const all = await Viewers.open(factory, { id, after: seq }, count);
  try {
    let last = seq;
    for (let round = 1; round <= rounds; round += 1) {
      const due = pause(everyMs);
      ({ seq: last } = await factory.client.runs.command(id, { do: 'feedback', mode: 'queue', text: `note ${round}` }));
      await due;
    }
    // What has not come when the time is up is lost.
    await eventually('all events at all viewers', patienceMs, () => (all.missing(last) === 0 ? true : null)).catch(
      () => undefined,
    );
    const memory = (await memoryOf([factory.pid])).once;
    return {
      p50: percentile(all.delays, 0.5),
      p99: percentile(all.delays, 0.99),
      lost: all.missing(last),
      doubled: all.doubled,
      n: all.delays.length,
      memory,
    };
  } finally {
    all.close();
  }
}

function delay(
  name: string,
  { many, alone }: { readonly many: Watched; readonly alone: Watched },
  share: 'p50' | 'p99',
): Figure {
  return {
    name,
    unit: 'ms',
    value: many[share],
    n: many.n,
    reference: { name: `to one viewer, ${share}`, value: alone[share] },
  };
}
