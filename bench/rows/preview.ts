import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { median } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { endProcess, Factory } from '../stage/factory.ts';
import { readPage, type Visitor } from '../stage/foreign-page.ts';
import { openPreview, runWith } from '../stage/preview-run.ts';
import { alternate } from '../stage/timing.ts';

const app = `
import { createServer } from 'node:http';
const page = 'x'.repeat(20_000);
const server = createServer((_, response) => response.end(page));
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(server.address().port));
`;

/** A page of 20 kB from the sandbox, through gateway and supervisor, beside the same program asked directly. */
export const preview: Row = {
  name: 'preview',
  title: 'A page of a preview',
  measure: async (bench) => {
    const folder = await bench.folder('preview');
    const direct = join(folder, 'server.mjs');
    await writeFile(direct, app);
    const child = spawn(process.execPath, [direct], { stdio: ['ignore', 'pipe', 'inherit'] });
    bench.after(() => endProcess(child, 'SIGTERM'));
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const factory = await Factory.start(bench, join(folder, 'data'));
    const through = await openPreview(factory, await runWith(factory, { 'server.mjs': app }));
    const agent = new Agent({ keepAlive: true });
    const get = (visitor: Visitor) => async (): Promise<void> => {
      const { status, text } = await readPage({ ...visitor, agent });
      if (text.length !== 20_000) throw new Error(`${status}: ${text.length} bytes came`);
    };
    const works = [get(through), get({ port: Number(String(said)), headers: {} })];
    await alternate(10, works);
    const n = bench.pick(100, 500);
    const [preview = [], plain = []] = await alternate(n, works);
    agent.destroy();
    return {
      figures: [
        {
          name: 'over asking it directly',
          unit: 'ms',
          value: median(preview) - median(plain),
          n,
          goal: { atMost: 10, of: 'value' },
        },
        {
          name: 'a page through the gateway',
          unit: 'ms',
          value: median(preview),
          n,
          reference: { name: 'the same program directly', value: median(plain) },
        },
      ],
    };
  },
};
