import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request as ask, type IncomingHttpHeaders } from 'node:http';
import { feedbackWords, type ForeignTicket, PageScreenshot, type PreviewState } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Factory, planOnly, problem } from './factory.ts';
import { Stream } from './sse.ts';
import { zip } from './zip.ts';

const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

const noBrowser = existsSync('/usr/lib/chromium/chromium') ? null : 'Chromium is not installed';

const server = `
import { createServer } from 'node:http';
if (process.env.CRASH) { console.error('\\u001b[31mno database\\u001b[0m'); process.exit(3); }
createServer((request, response) => {
  response.setHeader('set-cookie', 'theirs=1; Domain=localhost');
  response.end(JSON.stringify({ url: request.url, headers: request.headers }));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('serving'));
`;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

describe.skipIf(why !== null)(`preview${why ? ` (skipped: ${why})` : ''}`, () => {
  let factory: Factory;
  let run = '';
  let other = '';
  beforeAll(async () => {
    factory = await Factory.start();
    [run, other] = await Promise.all([create({ 'server.mjs': server }), create({ 'notes.txt': 'nothing to serve' })]);
  });
  afterAll(() => factory.end());

  async function create(files: Record<string, string>): Promise<string> {
    const upload = await factory.ask('/api/uploads', {
      body: zip(Object.entries(files).map(([name, content]) => ({ name, data: Buffer.from(content) }))),
      headers: { 'content-type': 'application/zip' },
    });
    const { uploadId } = upload.json as { uploadId: string };
    const id = await factory.create({
      prompt: 'p',
      agent: 'scripted',
      agentOptions: planOnly,
      source: { kind: 'upload', uploadId },
    });
    await factory.until(id, ({ stage }) => stage.name === 'waiting');
    return id;
  }

  const call = async (id: string, what: string): Promise<PreviewState> =>
    (await factory.ask(`/api/runs/${id}/preview/${what}`, { method: 'POST' })).json as PreviewState;
  const state = async (id = run): Promise<PreviewState> =>
    (await factory.ask(`/api/runs/${id}/preview`)).json as PreviewState;
  const running = (id = run): Promise<number> =>
    eventually(async () => {
      const now = (await state(id)).server;
      if (now.is !== 'running') throw new Error(JSON.stringify(now));
      return now.port;
    });

  async function enter(id: string, port: number): Promise<{ host: string; cookie: string; location: string }> {
    const ticket = (await factory.ask(`/api/runs/${id}/preview/tickets`, { json: { port, path: '/hello?a=b' } }))
      .json as ForeignTicket;
    const host = new URL(ticket.origin).host;
    const answer = await visit(host, '/.devfactory/enter', { method: 'POST', body: `ticket=${ticket.ticket}` });
    const cookies = answer.headers['set-cookie'] ?? [];
    return {
      host,
      cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; '),
      location: answer.headers.location ?? '',
    };
  }

  function visit(
    host: string,
    path: string,
    { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = ask(
        { host: '127.0.0.1', port: factory.server.gatewayPort, path, method, headers: { host, ...headers } },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  test('a run that waits starts its project’s server, which is reached on an origin of its own', async () => {
    expect(await state()).toEqual({ sandbox: 'closed', ports: [], server: { is: 'stopped' } });
    expect((await call(run, 'start')).server.is).toBe('preparing');
    const port = await running();
    const { host, cookie, location } = await enter(run, port);
    expect(host).toBe(`${port}--${run.replace('_', '-')}.localhost:${factory.server.gatewayPort}`);
    expect(location).toBe('/hello?a=b');
    const page = await visit(host, location, { headers: { cookie: `${cookie}; own=1` } });
    expect(JSON.parse(page.text)).toMatchObject({ url: '/hello?a=b', headers: { host, cookie: 'own=1' } });
    expect(page.headers['set-cookie']).toEqual(['theirs=1']);
    expect((await visit(host, '/', {})).status).toBe(401);
  });

  test('a server that is stopped is no longer reached, and its old address says so', async () => {
    await call(run, 'start');
    const { host, cookie } = await enter(run, await running());
    expect((await call(run, 'stop')).server).toEqual({ is: 'stopped' });
    const answer = await visit(host, '/', { headers: { cookie } });
    expect(answer.status).toBe(503);
    expect(answer.text).toMatch(/Nothing listens on port|Nothing runs in this workspace/);
  });

  test('who watches sees it start, each time it is started anew', async () => {
    const stream = await Stream.open(`${factory.server.url}/api/runs/${run}/preview/events`, {
      authorization: `Bearer ${factory.token}`,
    });
    for (let round = 1; round <= 3; round += 1) {
      await call(run, 'start');
      await eventually(async () => {
        const told = stream.messages.map(({ data }) => (data as PreviewState).server.is);
        expect(told.filter((is, index) => is === 'running' && told[index - 1] !== 'running')).toHaveLength(round);
      });
      await call(run, 'stop');
    }
    stream.close();
  });

  test('a server that crashes says with what, and its last lines without their colours', async () => {
    const crashing = await create({
      'package.json': JSON.stringify({ scripts: { dev: 'CRASH=1 node server.mjs' } }),
      'server.mjs': server,
    });
    await call(crashing, 'start');
    const crashed = await eventually(async () => {
      const now = (await state(crashing)).server;
      if (now.is !== 'crashed') throw new Error(JSON.stringify(now));
      return now;
    });
    expect(crashed).toMatchObject({
      command: 'CRASH=1 node server.mjs',
      sentence: 'It ended with exit code 3.',
      lines: ['no database'],
    });
    expect((await call(crashing, 'start')).server.is).toBe('preparing');
  });

  test('a workspace without a server says what would make one', async () => {
    await call(other, 'start');
    const now = await eventually(async () => {
      const answer = (await state(other)).server;
      if (answer.is !== 'crashed') throw new Error(answer.is);
      return answer;
    });
    expect(now.sentence).toContain('devfactory.json');
  });

  test('tickets lead to paths of the preview and nowhere else, and bad orders are refused', async () => {
    for (const order of [
      { port: 0 },
      { port: 70_000 },
      { port: 80, path: '//evil.test' },
      { port: 80, path: '/\\evil' },
      { port: 80, path: 'x' },
    ]) {
      const answer = await factory.ask(`/api/runs/${run}/preview/tickets`, { json: order });
      expect([order, answer.status]).toEqual([order, 422]);
    }
    const missing = await factory.ask('/api/runs/run_aaaaaaaaaaaaaaaa/preview/start', { method: 'POST' });
    expect(problem(missing).code).toBe('run_missing');
  });

  test.skipIf(noBrowser !== null)(
    `a picture of a page is taken and given as feedback, and the agent reads its words${noBrowser ? ` (skipped: ${noBrowser})` : ''}`,
    async () => {
      await call(run, 'start');
      const port = await running();
      const taken = await factory.ask(`/api/runs/${run}/preview/screenshots`, {
        json: { port, path: '/orders', width: 390, height: 700 },
      });
      expect(taken.status).toBe(201);
      const shot = PageScreenshot.parse(taken.json);
      expect(shot).toMatchObject({ port, path: '/orders', status: 200, width: 390, height: 700 });
      expect(shot.says).toContain('"url":"/orders"');
      const picture = await factory.ask(`/api/runs/${run}/pictures/${shot.digest}`);
      expect(picture.headers.get('content-type')).toBe('image/png');
      const say = (digest: string) =>
        factory.ask(`/api/runs/${run}/commands`, {
          json: { do: 'feedback', text: 'Too wide.', mode: 'queue', screenshots: [digest] },
        });
      expect(problem(await say('0'.repeat(64))).code).toBe('unknown_screenshot');
      expect((await say(shot.digest)).status).toBe(202);
      const { feedback } = await factory.state(run);
      expect(feedbackWords(feedback.at(-1) ?? { text: '', screenshots: [] })).toMatch(/^Too wide\.[^]*\n> .*\/orders/);
      const nowhere = await factory.ask(`/api/runs/${run}/preview/screenshots`, { json: { port: 4321 } });
      expect(problem(nowhere)).toMatchObject({ code: 'page_not_shown' });
      await call(run, 'stop');
    },
  );

  test('a browser on another machine is told what its previews need', async () => {
    await factory.restart({ allowedHosts: ['factory.lan'] });
    const order = { json: { port: 80 }, headers: { host: 'factory.lan' } };
    const asked = await new Promise<Answer>((resolve, reject) => {
      const sent = ask(
        `${factory.server.url}/api/runs/${run}/preview/tickets`,
        {
          method: 'POST',
          headers: { ...order.headers, authorization: `Bearer ${factory.token}`, 'content-type': 'application/json' },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify(order.json));
    });
    expect([asked.status, asked.text]).toEqual([424, expect.stringContaining('DEVFACTORY_PREVIEW_ORIGIN')]);
  });
});
