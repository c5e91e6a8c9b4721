import { foldRun, type RunEvent } from '@devfactory/contracts';
import { median, type Figure } from '../report/figure.ts';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { Factory } from '../stage/factory.ts';
import { appendAll, longLog } from '../stage/long-log.ts';
import { quietRun } from '../stage/quiet-run.ts';
import { alternate, timed } from '../stage/timing.ts';

const count = 10_000;

/** What the length of a log costs whoever opens the run. */
export const longRun: Row = {
  name: 'long-run',
  title: 'A run of 10,000 events',
  measure: async (bench) => {
    const dataDir = await bench.folder('long');
    const { id, events } = await seed(await Factory.start(bench, dataDir));
    return { figures: [await measureFold(bench, events), ...(await measureOpen(bench, dataDir, id))] };
  },
};

/** Makes the run, then stops the server, so that the next one knows nothing of it. */
async function seed(factory: Factory): Promise<{ readonly id: string; readonly events: RunEvent[] }> {
  const id = await quietRun(factory, 'cancel');
  const { seq } = await factory.client.runs.get(id);
  await factory.sql((sql) => appendAll(sql, { id, seq }, longLog(count - seq)));
  const events: RunEvent[] = [];
  for (let after = 0; after < count;) {
    const page = await factory.client.runs.log(id, { after, limit: 1000 });
    events.push(...page.events);
    after = page.lastSeq;
  }
  await factory.stop();
  return { id, events };
}

async function measureFold(bench: Bench, events: readonly RunEvent[]): Promise<Figure> {
  const text = JSON.stringify(events);
  const n = bench.pick(5, 15);
  const [folds = [], parses = []] = await alternate(n, [
    async () => foldRun(events),
    async () => JSON.parse(text) as unknown,
  ]);
  return {
    name: 'fold all events, in this process',
    unit: 'ms',
    value: median(folds),
    n,
    reference: { name: 'JSON.parse of them', value: median(parses) },
  };
}

async function measureOpen(bench: Bench, dataDir: string, id: string): Promise<Figure[]> {
  const n = bench.pick(2, 5);
  const [cold, again, rows, bare]: [number[], number[], number[], number[]] = [[], [], [], []];
  let bytes = 0;
  for (let round = 0; round < n; round += 1) {
    const factory = await Factory.start(bench, dataDir);
    const get = (path: string): Promise<number> =>
      timed(async () => {
        const headers = { authorization: `Bearer ${factory.token}` };
        bytes = (await (await fetch(`${factory.url}${path}`, { headers })).arrayBuffer()).byteLength;
      });
    // The connection and the route are warm, the run is not.
    await get('/api/runs');
    await factory.sql(async (sql) => {
      await sql.query('select 1');
      rows.push(await timed(() => sql.query('select * from run_events where run_id = $1 order by seq', [id])));
    });
    cold.push(await get(`/api/runs/${id}`));
    const state = bytes;
    again.push(await get(`/api/runs/${id}`));
    bare.push(await get('/healthz'));
    bytes = state;
    await factory.stop();
  }
  const reference = { name: 'its rows by SQL', value: median(rows) };
  return [
    { name: 'GET the run, first time after a start', unit: 'ms', value: median(cold), n, reference },
    {
      name: 'GET the run again',
      unit: 'ms',
      value: median(again),
      n,
      reference: { name: 'GET /healthz', value: median(bare) },
    },
    { name: 'the answer', unit: 'bytes', value: bytes, n: 1 },
  ];
}
