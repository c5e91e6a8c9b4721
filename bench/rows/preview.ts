import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, request as ask } from 'node:http';
import { join } from 'node:path';
import { median } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { endProcess, Factory } from '../stage/factory.ts';
import { planOnly, watch } from '../stage/quiet-run.ts';
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
    const through = await openPreview(factory);
    const agent = new Agent({ keepAlive: true });
    const get = (port: number, headers: Readonly<Record<string, string>>) => (): Promise<void> =>
      fetchPage({ port, headers, agent });
    const works = [get(through.port, through.headers), get(Number(String(said)), {})];
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

async function openPreview(
  factory: Factory,
): Promise<{ readonly port: number; readonly headers: Readonly<Record<string, string>> }> {
  const { id } = await factory.client.runs.create(planOnly);
  await watch(factory, id, (event) => event.type === 'wait.began');
  const put = await fetch(`${factory.url}/api/runs/${id}/workspace/file?path=server.mjs&expected=none`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${factory.token}`, 'content-type': 'application/octet-stream' },
    body: app,
  });
  if (!put.ok) throw new Error(`the program could not be put into the workspace: ${await put.text()}`);
  await factory.client.previews.start(id);
  const signal = AbortSignal.timeout(60_000);
  for await (const { server } of factory.client.previews.follow(id, { signal })) {
    if (server.is === 'crashed') throw new Error(server.sentence);
    if (server.is !== 'running') continue;
    const { action, ticket } = await factory.client.previews.ticket(id, { port: server.port });
    const { host, port } = new URL(action);
    return { port: Number(port), headers: { host, cookie: await enter(action, ticket) } };
  }
  throw new Error('the preview did not start within a minute');
}

/** Names below localhost need no name server in browsers; here they may, so the address is said. */
function enter(action: string, ticket: string): Promise<string> {
  const { host, port, pathname } = new URL(action);
  return new Promise((resolve, reject) => {
    const sent = ask({ host: '127.0.0.1', port, path: pathname, method: 'POST', headers: { host } }, (answer) => {
      answer.resume();
      resolve((answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; '));
    });
    sent.on('error', reject);
    sent.end(new URLSearchParams({ ticket }).toString());
  });
}

function fetchPage(from: {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = ask({ ...from, host: '127.0.0.1', path: '/' }, (answer) => {
      let size = 0;
      answer.on('data', (chunk: Buffer) => (size += chunk.length));
      answer.on('end', () =>
        size === 20_000 ? resolve() : reject(new Error(`${answer.statusCode}: ${size} bytes came`)),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
