import type { TerminalCard, TerminalWord } from '@devfactory/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, Factory, planOnly, problem } from './factory.ts';

const size = { cols: 100, rows: 30 };
let factory: Factory;
let runId: string;
beforeAll(async () => {
  factory = await Factory.start({ idleMs: 60_000 });
  runId = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: planOnly });
  await factory.until(runId, ({ stage }) => stage.name === 'waiting');
});
afterAll(() => factory.end());

async function open(run = runId): Promise<string> {
  const answer = await factory.ask(`/api/runs/${run}/terminals`, { json: size });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return (answer.json as TerminalCard).id;
}
const cards = async (run = runId): Promise<TerminalCard[]> =>
  (await factory.ask(`/api/runs/${run}/terminals`)).json as TerminalCard[];
const socketUrl = (id: string, run = runId): string =>
  `${factory.server.url.replace('http', 'ws')}/api/runs/${run}/terminals/${id}/socket`;

/** A browser at a terminal: shows all it gets at once, unless told to be slow. */
class Screen {
  readonly words: TerminalWord[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  text = '';
  place = 0;
  bytes = 0;
  shows = true;

  constructor(id: string, options: { from?: number; headers?: Record<string, string>; run?: string } = {}) {
    const query = options.from === undefined ? '' : `?from=${options.from}`;
    const headers = options.headers ?? { authorization: `Bearer ${factory.token}` };
    this.socket = new WebSocket(socketUrl(id, options.run) + query, { headers });
    this.closed = new Promise((resolve, reject) => {
      this.socket.on('close', resolve);
      this.socket.on('error', reject);
    });
    this.closed.catch(() => undefined);
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.text = (this.text + data.toString()).slice(-50_000);
        this.place += data.length;
        this.bytes += data.length;
        if (this.shows) this.show();
        return;
      }
      const word = JSON.parse(data.toString()) as TerminalWord;
      this.words.push(word);
      if (word.is === 'screen') this.place = word.from;
    });
  }

  show(): void {
    this.socket.send(JSON.stringify({ shown: this.place }));
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  sees(pattern: RegExp): Promise<void> {
    return eventually(async () => {
      if (!pattern.test(this.text))
        throw new Error(`${String(pattern)} is not on the screen:\n${this.text.slice(-200)}`);
    });
  }
}

/** What a refused upgrade says. */
function refused(url: string, headers: Record<string, string>): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('open', () => reject(new Error('it was let in')));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).code as string }));
    });
  });
}

async function cookie(): Promise<string> {
  const link = (await factory.ask('/api/login-links', { method: 'POST' })).json as { url: string };
  const answer = await factory.ask(link.url.slice(factory.server.url.length), { as: 'nobody' });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

test('a shell in the workspace of a waiting run: typed into, resized, and on the same files as the agent', async () => {
  const screen = new Screen(await open());
  await screen.sees(/\$ $/);
  screen.type('pwd; echo "from a person" > note.txt; stty size\r');
  await screen.sees(/\/workspace\r\n30 100\r\n/);
  screen.socket.send(JSON.stringify({ size: { cols: 60, rows: 20 } }));
  screen.type('stty size\r');
  await screen.sees(/20 60\r\n/);
  const other = new Screen(await open());
  await other.sees(/\$ $/);
  other.type('cat note.txt\r');
  await other.sees(/from a person/);
  screen.socket.close();
  other.socket.close();
});

test('a lost connection goes on where it was, a reload gets what is still there, and what ran went on', async () => {
  const id = await open();
  const first = new Screen(id);
  await first.sees(/\$ $/);
  first.type('for i in $(seq 1 20); do echo "line $i"; sleep 0.05; done; echo "all do""ne"\r');
  await first.sees(/line 3\r\n/);
  first.socket.terminate();
  await first.closed;
  const again = new Screen(id, { from: first.place });
  await again.sees(/all done/);
  const whole = first.text + again.text;
  expect([...whole.matchAll(/^line (\d+)\r$/gm)].map((found) => Number(found[1]))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  const reload = new Screen(id);
  await reload.sees(/line 1\r\n[\s\S]*line 20\r\nall done/);
  expect(reload.words[0]).toEqual({ is: 'screen', from: 0, replayTo: expect.any(Number) });
  const beyond = new Screen(id, { from: 1e9 });
  await beyond.sees(/all done/);
  for (const screen of [again, reload, beyond]) screen.socket.close();
});

test('a flood goes no faster than the browser shows it, costs no memory, and a browser that sleeps holds nothing up', async () => {
  const id = await open();
  const screen = new Screen(id);
  await screen.sees(/\$ $/);
  screen.shows = false;
  const before = process.memoryUsage().rss;
  screen.type('stty -onlcr; head -c 20000000 /dev/zero | tr "\\0" x; echo "flood en""ded"\r');
  await expect.poll(() => screen.bytes, { timeout: 10_000 }).toBeGreaterThan(200_000);
  await new Promise((resolve) => setImmediate(resolve));
  const asleep = screen.bytes;
  expect(asleep).toBeLessThan(1_000_000);
  // Asleep: after five seconds the shell goes on without it, and awake again it sees the end.
  const witness = new Screen(id);
  await witness.sees(/flood ended/);
  expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  screen.shows = true;
  screen.show();
  await screen.sees(/flood ended/);
  expect(screen.words.filter(({ is }) => is === 'screen').length).toBeGreaterThan(1);
  screen.socket.close();
  witness.socket.close();
}, 60_000);

test('more typed than a program reads waits, and the rest of the factory goes on', async () => {
  const screen = new Screen(await open());
  await screen.sees(/\$ $/);
  screen.type('stty -echo; sleep 30\r');
  for (let times = 0; times < 8; times++) screen.type('x'.repeat(900_000));
  expect((await factory.ask(`/api/runs/${runId}`)).status).toBe(200);
  expect(
    (await factory.ask(`/api/runs/${runId}/terminals/${(await cards()).at(-1)?.id}`, { method: 'DELETE' })).status,
  ).toBe(204);
  expect(await screen.closed).toBe(1000);
});

test('the end is told in words: by itself, closed, and when the sandbox is killed; one more opens it again', async () => {
  const own = new Screen(await open());
  await own.sees(/\$ $/);
  own.type('exit 3\r');
  expect(await own.closed).toBe(1000);
  expect(own.words.at(-1)).toEqual({
    is: 'ended',
    ended: { sentence: 'The shell ended with exit code 3.', exitCode: 3, signal: null },
  });
  const doomed = new Screen(await open());
  await doomed.sees(/\$ $/);
  doomed.type('kill -9 $PPID\r');
  expect(await doomed.closed).toBe(1000);
  expect(doomed.words.at(-1)).toMatchObject({
    is: 'ended',
    ended: { sentence: expect.stringMatching(/ended by itself/) },
  });
  expect((await cards()).every(({ ended }) => ended !== null)).toBe(true);
  const again = new Screen(await open());
  await again.sees(/\$ $/);
  again.type('cat note.txt\r');
  await again.sees(/from a person/);
  again.socket.close();
});

test('the agent goes on beside a terminal, and a terminal beside the agent', async () => {
  const screen = new Screen(await open());
  await screen.sees(/\$ $/);
  screen.type('sleep 3210 & echo star""ted\r');
  await screen.sees(/started/);
  const { plan } = await factory.state(runId);
  expect((await factory.command(runId, { do: 'approve-plan', version: plan.proposed })).status).toBe(202);
  await factory.until(runId, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  screen.type('jobs; cat hello.txt\r');
  await screen.sees(/Running +sleep 3210[\s\S]*hello\r\n/);
  screen.socket.close();
});

test('nobody gets a terminal but who is logged in, and from our own page', async () => {
  const id = await open();
  const url = socketUrl(id);
  const own = factory.server.url;
  const session = await cookie();
  const none = { status: 401, code: 'not_logged_in' };
  const foreign = { status: 403, code: 'foreign_origin' };
  expect(await refused(url, {})).toEqual(none);
  expect(await refused(`${url}?token=${factory.token}`, {})).toEqual(none);
  expect(await refused(url, { authorization: 'Bearer nonsense', origin: own })).toEqual(none);
  expect(await refused(url, { cookie: `${session}x`, origin: own })).toEqual(none);
  expect(await refused(url, { cookie: session })).toEqual(foreign);
  for (const origin of [
    'null',
    'http://evil.test',
    `http://5173--${runId.replace('_', '-')}.localhost:${factory.server.port}`,
    `${own}.evil.test`,
  ])
    expect(await refused(url, { cookie: session, origin })).toEqual(foreign);
  expect(await refused(url, { cookie: session, origin: own, 'sec-fetch-site': 'same-site' })).toEqual(foreign);
  expect(await refused(url, { cookie: session, origin: 'http://evil.test', host: 'evil.test' })).toEqual({
    status: 403,
    code: 'foreign_host',
  });
  expect(await refused(socketUrl(id, 'run_aaaaaaaaaaaaaaaa'), { cookie: session, origin: own })).toEqual({
    status: 404,
    code: 'terminal_missing',
  });
  for (const path of [
    '/api/runs',
    '/',
    `/api/runs/${runId}/terminals/../${id}/socket`,
    `/api/runs/${runId}/terminals/t-0/socket`,
  ])
    expect(await refused(own.replace('http', 'ws') + path, { cookie: session, origin: own })).toMatchObject({
      status: 404,
    });

  // The teeth: the same words from our own page are let in, and closed within seconds once the session is over.
  const screen = new Screen(id, { headers: { cookie: session, origin: own } });
  await screen.sees(/\$ $/);
  await factory.ask('/api/logout', { method: 'POST', as: 'nobody', headers: { cookie: session, origin: own } });
  expect(await screen.closed).toBe(4401);
});

test('a terminal is refused where there is no workspace, by name', async () => {
  const unknown = await factory.ask('/api/runs/run_aaaaaaaaaaaaaaaa/terminals', { json: size });
  expect(problem(unknown)).toMatchObject({ status: 404 });
  for (const wrong of [{}, { cols: 0, rows: 1 }, { cols: 5000, rows: 10 }, { ...size, argv: ['x'] }])
    expect((await factory.ask(`/api/runs/${runId}/terminals`, { json: wrong })).status).toBe(422);
});

test('no more terminals than a run may have, and none that outlives its use', async () => {
  await factory.restart({ idleMs: 1_000 });
  expect(await cards()).toEqual([]);
  const answers = await Promise.all(
    Array.from({ length: 22 }, () => factory.ask(`/api/runs/${runId}/terminals`, { json: size })),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    ...Array<number>(20).fill(201),
    409,
    409,
  ]);
  await eventually(async () => expect((await cards()).every(({ ended }) => ended !== null)).toBe(true));
  expect((await cards())[0]?.ended?.sentence).toBe('It was ended after a while without use.');
});
