import { median } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { Factory } from '../stage/factory.ts';
import { planOnly, watch } from '../stage/quiet-run.ts';
import { timed } from '../stage/timing.ts';

/** From sending POST /api/runs to what a viewer of the new run sees. */
export const firstEvent: Row = {
  name: 'first-event',
  title: 'A new run on the screen',
  measure: async (bench) => {
    const factory = await Factory.start(bench, await bench.folder('event'));
    const n = bench.pick(5, 20);
    const [first, worker, plain]: [number[], number[], number[]] = [[], [], []];
    // One for nothing: the first request of its kind compiles code and opens connections.
    for (let round = 0; round <= n; round += 1) {
      const bare = await timed(() => factory.client.isHealthy());
      const sample = await newRun(factory);
      if (round === 0) continue;
      plain.push(bare);
      first.push(sample.first);
      worker.push(sample.worker);
    }
    const reference = { name: 'GET /healthz', value: median(plain) };
    return {
      figures: [
        { name: 'POST to the first event', unit: 'ms', value: median(first), n, reference },
        { name: 'POST to the first event of a worker', unit: 'ms', value: median(worker), n, reference },
      ],
    };
  },
};

async function newRun(factory: Factory): Promise<{ readonly first: number; readonly worker: number }> {
  const started = performance.now();
  const { id } = await factory.client.runs.create(planOnly);
  let [first, worker] = [0, 0];
  await watch(factory, id, (event) => {
    const passed = performance.now() - started;
    first ||= passed;
    if (event.actor.kind === 'factory') worker ||= passed;
    return event.type === 'wait.began';
  });
  await factory.client.runs.command(id, { do: 'cancel' });
  return { first, worker };
}
