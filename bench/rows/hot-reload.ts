import { join } from 'node:path';
import { median } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { Factory } from '../stage/factory.ts';
import { listenTo, readPage } from '../stage/foreign-page.ts';
import { openPreview, runWith } from '../stage/preview-run.ts';
import { eventually } from '../stage/timing.ts';

/** Vite as its users start it. The program beside it changes a file when it is told to, and listens to Vite directly, without any wall between. */
const probe = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const origin = 'http://127.0.0.1:' + process.env.PORT;
const now = () => performance.timeOrigin + performance.now();
const get = async (path) => (await fetch(origin + path)).text();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for (let up = false; !up; await wait(100)) up = await get('/@vite/client').then(() => true, () => false);
await get('/src/main.js');
await get('/src/mod.js');
const token = /wsToken = "([^"]+)"/.exec(await get('/@vite/client'))?.[1] ?? '';
const socket = new WebSocket(origin.replace('http', 'ws') + '/?token=' + token, 'vite-hmr');
let heard = () => {};
socket.onmessage = ({ data }) => {
  const at = now();
  const said = JSON.parse(data);
  if (said.type === 'update') heard({ stamp: said.updates[0].timestamp, heard: at });
};
await new Promise((resolve) => { socket.onopen = resolve; });
while (!existsSync('go')) await wait(50);
const samples = [];
for (let round = 0; round < Number(readFileSync('go', 'utf8')); round += 1) {
  const update = new Promise((resolve) => { heard = resolve; });
  const changed = now();
  writeFileSync('src/mod.js', 'export const round = ' + round + ';\\n');
  const sample = await update;
  samples.push({ changed, ...sample });
  await get('/src/mod.js?t=' + sample.stamp);
  await wait(150);
}
writeFileSync('samples.json', JSON.stringify(samples));
`;

const project = {
  'package.json': JSON.stringify({
    type: 'module',
    devDependencies: { vite: '8.3.8' },
    scripts: { dev: 'node probe.mjs & vite --strictPort --host 127.0.0.1 --port $PORT' },
  }),
  'index.html': '<script type="module" src="/src/main.js"></script>\n',
  'src/main.js': "import './mod.js';\nimport.meta.hot?.accept('./mod.js', () => undefined);\n",
  'src/mod.js': 'export const round = -1;\n',
  'probe.mjs': probe,
};

/** One change, as the probe saw it; `stamp` is Vite's own name for it. */
interface Sample {
  readonly changed: number;
  readonly stamp: number;
  readonly heard: number;
}

/** What Vite says on its WebSocket, as far as it matters here. */
interface Said {
  readonly type: string;
  readonly updates?: readonly { readonly timestamp: number }[];
}

/** From a changed file to Vite's word of it: in a browser's place behind the gateway, and beside Vite in the sandbox, of the same changes. */
export const hotReload: Row = {
  name: 'hot-reload',
  title: 'A changed file of a Vite project reaches its preview',
  measure: async (bench) => {
    const folder = await bench.folder('hot-reload');
    const factory = await Factory.start(bench, join(folder, 'data'));
    const runId = await runWith(factory, project);
    const visitor = await openPreview(factory, runId, 180_000);
    const client = await readPage(visitor, '/@vite/client');
    const token = /wsToken = "([^"]+)"/.exec(client.text)?.[1] ?? '';
    const arrived = new Map<number, number>();
    const socket = await listenTo(visitor, { path: `/?token=${token}`, protocol: 'vite-hmr' }, (text) => {
      const at = performance.timeOrigin + performance.now();
      const said = JSON.parse(text) as Said;
      const stamp = said.type === 'update' ? said.updates?.[0]?.timestamp : undefined;
      if (stamp !== undefined) arrived.set(stamp, at);
    });
    bench.after(async () => void socket.destroy());
    const n = bench.pick(10, 40);
    await factory.client.runs.writeFile(runId, { path: 'go', expected: null, content: new Blob([String(n)]) });
    const samples = await eventually('the changes of the file', 120_000, async () => {
      const { text } = await factory.client.runs.fileNow(runId, 'samples.json').catch(() => ({ text: null }));
      return text === null ? null : (JSON.parse(text) as Sample[]);
    });
    const through = samples.map(({ changed, stamp }) => (arrived.get(stamp) ?? Infinity) - changed);
    const direct = samples.map(({ changed, heard }) => heard - changed);
    return {
      figures: [
        {
          name: 'until the preview is told',
          unit: 'ms',
          value: median(through),
          n,
          reference: { name: 'beside Vite', value: median(direct) },
          goal: { atMost: 2, of: 'ratio' },
        },
      ],
    };
  },
};
