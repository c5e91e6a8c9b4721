import { spawnSync } from 'node:child_process';
import type { ForeignTicket, PreviewState, TerminalCard, WorkspaceFile, WorkspaceFolder } from '@devfactory/contracts';
import { defaultLimits } from '@devfactory/engine';
import { heldBytes } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Factory, planOnly } from './factory.ts';
import { Typing } from './terminal-screen.ts';

const why = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
/** What comes out of a terminal, in megabytes; a gigabyte with DEVFACTORY_FLOOD=1000. */
const flood = Number(process.env['DEVFACTORY_FLOOD'] ?? 100);
const memoryBytes = 1_200_000_000;

const server = `
import { createServer } from 'node:http';
createServer((_, response) => response.end('here')).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** What a workspace may do to itself: whoever looks is told, nothing else suffers, and one more request has it back. */
describe.skipIf(why !== null)(`a workspace in trouble${why ? ` (skipped: ${why})` : ''}`, () => {
  let factory: Factory;
  let run = '';
  beforeAll(async () => {
    factory = await Factory.start({
      idleMs: 60_000,
      limits: { editPauseMs: 50, workspace: { ...defaultLimits.workspace, memoryBytes } },
    });
    run = await factory.create({ prompt: 'p', agent: 'scripted', agentOptions: planOnly });
    await factory.until(run, ({ stage }) => stage.name === 'waiting');
    await put('server.mjs', server);
  });
  afterAll(() => factory.end());

  const at = (path: string): string => `/api/runs/${run}/workspace/file?path=${encodeURIComponent(path)}`;
  const put = (path: string, body: string) =>
    factory.ask(`${at(path)}&expected=none`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/octet-stream' },
    });
  const look = async (path: string): Promise<WorkspaceFile> => (await factory.ask(at(path))).json as WorkspaceFile;
  const preview = async (): Promise<PreviewState> =>
    (await factory.ask(`/api/runs/${run}/preview`)).json as PreviewState;
  const cards = async (): Promise<TerminalCard[]> =>
    (await factory.ask(`/api/runs/${run}/terminals`)).json as TerminalCard[];

  async function serve(): Promise<number> {
    await factory.ask(`/api/runs/${run}/preview/start`, { method: 'POST' });
    return eventually(async () => {
      const now = (await preview()).server;
      if (now.is !== 'running') throw new Error(JSON.stringify(now));
      return now.port;
    });
  }

  test('its supervisor is killed under terminal, preview and editor: each is told, and each is back with one request', async () => {
    await serve();
    const person = await Typing.at(factory, run);
    await person.run('echo kept > kept.txt');
    person.type('kill -9 $PPID\r');
    const crashed = await eventually(async () => {
      const now = (await preview()).server;
      if (now.is !== 'crashed') throw new Error(now.is);
      return now;
    });
    expect(crashed.sentence).toMatch(/ended/);
    await eventually(async () => expect((await cards()).at(-1)?.ended?.sentence).toMatch(/ended by itself/));
    // One request each: the editor's opens the workspace by itself.
    expect((await look('kept.txt')).text).toBe('kept\n');
    expect((await put('more.txt', 'more')).status).toBe(200);
    await serve();
    const again = await Typing.at(factory, run);
    await again.run('cat kept.txt more.txt');
    expect(again.text).toContain('more');
    again.close();
  });

  test('it runs out of memory: the largest process is killed, and whoever works beside it goes on', async () => {
    const beside = await Typing.at(factory, run);
    const greedy = await Typing.at(factory, run);
    const port = await serve();
    const hoard = 'const all = []; for (;;) all.push(Buffer.alloc(50_000_000, 1));';
    await greedy.run(`node -e '${hoard}'; echo ended with $?`);
    expect(greedy.text).toMatch(/ended with 137/);
    await beside.run('echo still he""re');
    expect(beside.text).toContain('still here');
    expect((await preview()).server).toMatchObject({ is: 'running', port });
    expect((await factory.state(run)).stage.name).toBe('waiting');
    beside.close();
    greedy.close();
  });

  test(`${flood} MB come out of a terminal: the shell gets through, and the factory holds little of it`, async () => {
    const person = await Typing.at(factory, run);
    const before = process.memoryUsage().rss;
    let most = 0;
    person.type(`stty -onlcr; head -c ${flood}000000 /dev/zero | tr "\\0" x; touch all-out\r`);
    await eventually(async () => {
      expect((await factory.ask('/healthz')).status).toBe(200);
      most = Math.max(most, process.memoryUsage().rss - before);
      expect((await look('all-out')).text).toBe('');
    }, 300_000);
    expect(most).toBeLessThan(100_000_000);
    person.close();
  }, 320_000);

  test('it holds 2 GB in one file, a line of a megabyte, bytes that are no text, and names that play tricks', async () => {
    const person = await Typing.at(factory, run);
    const before = heldBytes();
    await person.run('mkdir odd; cd odd; truncate -s 2G huge.bin; head -c 1000000 /dev/zero | tr "\\0" y > long.txt');
    await person.run(`head -c 2000 /dev/urandom > bytes.bin; touch "$(printf 'a\\nb\\033[31m\\007.txt')"; cd ..`);
    const { entries } = (await factory.ask(`/api/runs/${run}/workspace/tree?path=odd`)).json as WorkspaceFolder;
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['odd/a\nb\u001b[31m\u0007.txt', 0],
      ['odd/bytes.bin', 2_000],
      ['odd/huge.bin', 2 ** 31],
      ['odd/long.txt', 1_000_000],
    ]);
    expect(await look('odd/huge.bin')).toMatchObject({ text: null, why: expect.stringContaining('too large') });
    expect(await look('odd/bytes.bin')).toMatchObject({ text: null, why: expect.stringContaining('not text') });
    expect((await look('odd/long.txt')).text).toHaveLength(1_000_000);
    expect((await look(entries[0]?.path ?? '')).text).toBe('');
    // The teeth: nothing of it was too much for the log, whose words are clean, or for the next who works there.
    expect(heldBytes() - before).toBeLessThan(200_000_000);
    await person.run('rm -r odd');
    person.close();
    expect((await put('after.txt', 'after')).status).toBe(200);
    const told = JSON.stringify((await factory.state(run)).checkpoints.map(({ label }) => label));
    expect(told).not.toMatch(/\\u001b|\\u0007/);
  }, 120_000);

  test('nobody came for an hour: what ran has ended in words, and one request has each of them back', async () => {
    await factory.restart({ idleMs: 6_000, limits: { editPauseMs: 50 } });
    const port = await serve();
    const ticket = (await factory.ask(`/api/runs/${run}/preview/tickets`, { json: { port, path: '/' } }))
      .json as ForeignTicket;
    const away = await Typing.at(factory, run);
    await away.run('echo before > before.txt');
    away.close();
    await eventually(async () => {
      expect((await cards()).every(({ ended }) => ended !== null)).toBe(true);
      expect(await preview()).toEqual({ sandbox: 'closed', ports: [], server: { is: 'stopped' } });
    });
    expect((await cards()).at(-1)?.ended?.sentence).toBe('It was ended after a while without use.');
    expect(ticket.origin).toContain(`${port}--`);
    expect((await look('before.txt')).text).toBe('before\n');
    expect(await serve()).toBe(port);
  });
});
