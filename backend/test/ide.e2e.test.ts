import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdeBundleState } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ideBundleName } from '../src/ide/ide-bundle.ts';
import { eventually, Factory, planOnly, problem } from './factory.ts';
import { Typing } from './terminal-screen.ts';

/** A VS Code that was fetched before, by a factory or lies at DEVFACTORY_IDE_DIR; fetching it takes half a minute and a registry. */
const cache = process.env['DEVFACTORY_IDE_DIR'] ?? '/var/lib/devfactory/runtime/ide';
const missing = existsSync(join(cache, ideBundleName))
  ? null
  : `no VS Code in ${cache}; DEVFACTORY_IDE_DIR names another place`;

interface Ticket {
  readonly origin: string;
  readonly action: string;
  readonly ticket: string;
}

let factory: Factory;
let runId: string;

async function startRun(): Promise<string> {
  const id = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: planOnly });
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  return id;
}

/** Asks an origin of foreign code as a browser would that knows *.localhost. */
function ask(
  ticket: Ticket,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
  const { port, host } = new URL(ticket.origin);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: { host, ...options.headers } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

async function enter(ticket: Ticket): Promise<{ cookie: string; location: string }> {
  const answer = await ask(ticket, new URL(ticket.action).pathname, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: factory.server.url,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
    body: `ticket=${encodeURIComponent(ticket.ticket)}`,
  });
  expect([answer.status, answer.text]).toEqual([303, expect.any(String)]);
  const cookie = [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { cookie, location: String(answer.headers['location']) };
}

describe('without VS Code on this machine', () => {
  beforeAll(async () => {
    factory = await Factory.start({ ide: false });
  });
  afterAll(() => factory.end());

  test('a factory that was started without it says so, and fetches nothing', async () => {
    const run = await startRun();
    expect((await factory.ask('/api/ide')).json).toEqual({ is: 'off' });
    expect((await factory.ask('/api/ide/fetch', { method: 'POST' })).json).toEqual({ is: 'off' });
    const refused = await factory.ask(`/api/runs/${run}/ide`, { json: {} });
    expect(problem(refused)).toMatchObject({ status: 424, code: 'ide_off' });
    expect(await readdir(join(factory.dataDir, 'runtime', 'ide'))).toEqual([]);
  });

  test('what cannot be fetched is told with the reason, leaves nothing behind, and can be tried again', async () => {
    await factory.restart({
      environment: {
        ...process.env,
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_fetch_retries: '0',
        NPM_CONFIG_USERCONFIG: '/dev/null',
      },
    });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await factory.ask('/api/ide/fetch', { method: 'POST' })).json).toMatchObject({ is: 'fetching' });
      const state = await eventually(async () => {
        const now = (await factory.ask('/api/ide')).json as IdeBundleState;
        if (now.is === 'fetching') throw new Error('still fetching');
        return now;
      });
      expect(state).toMatchObject({ is: 'failed', sentence: expect.stringContaining('ECONNREFUSED') });
    }
    expect(await readdir(join(factory.dataDir, 'runtime', 'ide'))).toEqual([]);
  });
});

describe.skipIf(missing !== null)(`VS Code in a run's sandbox${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-test-'));
    await mkdir(join(dataDir, 'runtime'), { mode: 0o755 });
    factory = await Factory.start({ dataDir, ideDirectory: cache });
    runId = await startRun();
  });
  afterAll(async () => {
    await factory.end();
    await rm(factory.dataDir, { recursive: true, force: true });
  });

  async function open(wish: object = {}): Promise<Ticket> {
    const answer = await factory.ask(`/api/runs/${runId}/ide`, { json: wish });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.json as Ticket;
  }

  test('it starts, is the same one for everybody, and opens a file at a line', async () => {
    const [first, second] = await Promise.all([open(), open({ file: 'src/app ü.py', line: 12 })]);
    expect(first.origin).toMatch(new RegExp(`^http://ide--${runId.replace('_', '-')}\\.localhost:\\d+$`));
    const { cookie, location } = await enter(second);
    const query = new URL(location, second.origin).searchParams;
    expect(query.get('folder')).toBe('/workspace');
    expect(JSON.parse(query.get('payload') ?? '')).toContainEqual([
      'openFile',
      expect.stringMatching(/\/workspace\/src\/app%20%C3%BC\.py:12$/),
    ]);
    const page = await ask(second, location, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('vscode-workbench-web-configuration');
    // The platform's own secrets are not in it, nor is anything loaded from elsewhere.
    expect(page.text).not.toContain(factory.token);
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!ide--)/);
  });

  test('our extension is in it and told of the run, and no other is, whatever the repository brings (A19)', async () => {
    const person = await Typing.at(factory, runId);
    const shown = (): string => person.text.slice(person.text.lastIndexOf('\u001b[2J'));
    await person.run(
      'mkdir -p .vscode && echo \'{"recommendations":["evil.evil"]}\' > .vscode/extensions.json && echo x > evil.vsix',
    );
    await open();
    await person.run('clear; ls ~/.local/share/devfactory-ide/extensions');
    await person.sees(/devfactory\.run/);
    expect(shown()).not.toContain('evil');
    // It is not only there: VS Code has taken it up.
    await eventually(async () => {
      await person.run('clear; cat ~/.local/share/devfactory-ide/extensions/extensions.json');
      expect(shown()).toContain('"id":"devfactory.devfactory"');
    });
    const before = await factory.state(runId);
    await person.run('clear; cat ~/.local/share/devfactory-ide/told.json');
    await person.sees(/"stage":"Waits for/);
    expect(person.text).toContain(`${factory.server.url}/runs/${runId}`);
    expect(person.text).not.toContain(factory.token);
    await factory.command(runId, { do: 'pause' });
    await eventually(async () => {
      await person.run('clear; cat ~/.local/share/devfactory-ide/told.json');
      expect(shown()).toContain('"stage":"Paused"');
    });
    await factory.command(runId, { do: 'resume' });
    expect((await factory.state(runId)).seq).toBeGreaterThan(before.seq);
    person.close();
  });

  test('D08: it is no way to a port, of the sandbox, the host or anywhere else', async () => {
    const ticket = await open();
    const { cookie } = await enter(ticket);
    for (const path of [
      '/proxy/22/',
      '/proxy/evil.test:80/',
      '/proxy/127.0.0.1@evil/',
      '/absproxy/5432/',
      '/absproxy/..%2f',
      `/proxy/${factory.server.port}/`,
    ])
      expect({ path, status: (await ask(ticket, path, { headers: { cookie } })).status }).toEqual({
        path,
        status: expect.toSatisfy((status: number) => status === 400 || status === 404 || status === 403),
      });
  });

  test('D05, D07: no door without a pass, and a ticket opens once, for its own run', async () => {
    const ticket = await open();
    expect((await ask(ticket, '/')).status).toBe(401);
    const { cookie } = await enter(ticket);
    const again = await ask(ticket, new URL(ticket.action).pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: factory.server.url },
      body: `ticket=${encodeURIComponent(ticket.ticket)}`,
    });
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(
      (
        await ask({ ...ticket, origin: ticket.origin.replace(/run-[a-z2-7]{16}/, `run-${'a'.repeat(16)}`) }, '/', {
          headers: { cookie },
        })
      ).status,
    ).toBe(401);
    // The teeth: with its pass the same request is answered.
    expect((await ask(ticket, '/healthz', { headers: { cookie } })).status).toBe(200);
  });

  test('killed, it is opened again with one request', async () => {
    const ticket = await open();
    const { cookie } = await enter(ticket);
    const terminal = (await factory.ask(`/api/runs/${runId}/terminals`, { json: { cols: 80, rows: 24 } })).json as {
      id: string;
    };
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(
      `${factory.server.url.replace('http', 'ws')}/api/runs/${runId}/terminals/${terminal.id}/socket`,
      { headers: { authorization: `Bearer ${factory.token}` } },
    );
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(Buffer.from('pkill -9 -f code-server/out\r'));
    await eventually(async () => {
      const answer = await ask(ticket, '/', { headers: { cookie } });
      if (answer.status === 200) throw new Error('it still runs');
      expect(answer.text).toContain('Open it again from the run');
    });
    socket.close();
    await open();
    expect((await ask(ticket, '/healthz', { headers: { cookie } })).status).toBe(200);
  });
});
