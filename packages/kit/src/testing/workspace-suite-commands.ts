import { expect, test } from 'vitest';
import type { Workspace } from '../workspace.ts';

const server = `
const server = require('node:http').createServer((request, response) => response.end('seen ' + request.url));
server.listen(Number(process.argv[1]), process.argv[2], () => console.log('listening'));
`;

/** What every driver promises of commands, ports and connections. */
export function commandTests(shared: () => Workspace): void {
  const sh = (script: string, more: object = {}): ReturnType<Workspace['exec']> =>
    shared().exec({ argv: ['sh', '-c', script], timeoutMs: 30_000, ...more });

  test('a command gives its exit code and both streams', async () => {
    expect(await sh('echo out; echo err >&2; exit 7')).toMatchObject({
      exitCode: 7,
      signal: null,
      timedOut: false,
      stdout: 'out\n',
      stderr: 'err\n',
      dropped: 0,
    });
    expect(await sh('kill -TERM $$')).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect(await shared().exec({ argv: ['no-such-command'], timeoutMs: 5_000 })).toMatchObject({ exitCode: 127 });
  });

  test('arguments, folder, environment and stdin arrive as they are', async () => {
    await shared().files.write('sub folder/x', Buffer.from(''));
    const argv = ['sh', '-c', 'pwd; printf "%s|" "$@"; echo "$NAME"; cat', 'sh', 'a b', '$(id)', 'ü', ''];
    const result = await shared().exec({
      argv,
      cwd: 'sub folder',
      env: { NAME: 'a\nb' },
      stdin: 'from outside',
      timeoutMs: 5_000,
    });
    expect(result.stdout).toBe('/workspace/sub folder\na b|$(id)|ü||a\nb\nfrom outside');
    await expect(sh('true', { cwd: '../..' })).rejects.toMatchObject({ code: 'path_invalid' });
    await expect(sh('true', { cwd: 'missing' })).rejects.toMatchObject({ code: 'file_missing' });
  });

  test('a program may open its own output by name', async () => {
    expect(await sh('echo out > /dev/stdout; echo err > /dev/stderr')).toMatchObject({
      exitCode: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('a timeout kills the whole tree, also what hides in a session of its own', async () => {
    const result = await sh('setsid sleep 4321 & sleep 4321', { timeoutMs: 500 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL' });
    expect((await sh('pgrep -fc "sleep 432[1]"')).stdout).toBe('0\n');
  });

  test('what a command leaves running ends with it, and what others run goes on', async () => {
    const other = await shared().start({ argv: ['sh', '-c', 'sleep 5432 & wait'], timeoutMs: 60_000 });
    const result = await sh('(setsid sleep 6543 >/dev/null 2>&1 &) ; echo done');
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    expect((await sh('pgrep -fc "sleep 654[3]"; pgrep -fc "^sleep 543[2]"')).stdout).toBe('0\n1\n');
    await other.kill();
    expect((await sh('pgrep -fc "sleep 543[2]"')).stdout).toBe('0\n');
  });

  test('an abort kills the command and rejects with its reason', async () => {
    const abort = new AbortController();
    const running = shared().exec(
      { argv: ['sh', '-c', 'touch aborting; sleep 7654'], timeoutMs: 60_000 },
      abort.signal,
    );
    await expect.poll(() => shared().files.list('.')).toContainEqual(expect.objectContaining({ path: 'aborting' }));
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect((await sh('pgrep -fc "sleep 765[4]"')).stdout).toBe('0\n');
  });

  test('a time limit longer than any timer ends nothing', async () => {
    expect(await sh('sleep 0.1; echo done', { timeoutMs: 1e12 })).toMatchObject({ exitCode: 0, timedOut: false });
  });

  test('a flood of output keeps its head and its tail and costs the host no memory', async () => {
    const before = process.memoryUsage().rss;
    const script = 'echo first; head -c 1000000000 /dev/zero | tr "\\0" x; echo; echo last';
    const result = await sh(script, { outputBytes: 10_000, timeoutMs: 50_000 });
    expect(result.exitCode).toBe(0);
    expect(result.stdout.startsWith('first\nxxx')).toBe(true);
    expect(result.stdout.endsWith('xxx\nlast\n')).toBe(true);
    expect(result.stdout.length).toBeLessThan(10_200);
    expect(result.dropped).toBe(1_000_000_000 + 12 - 10_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test('a background process is reached through its port, and its output is seen while it runs', async () => {
    for (const [port, host] of [
      ['18080', '127.0.0.1'],
      ['18081', '::1'],
    ] as const) {
      const running = await shared().start({ argv: ['node', '-e', server, port, host], timeoutMs: 60_000 });
      await expect.poll(() => running.output()).toBe('listening\n');
      expect(await shared().ports()).toContain(Number(port));
      const connection = await shared().connect(Number(port));
      connection.end('GET /here HTTP/1.0\r\n\r\n');
      const answer: Buffer[] = [];
      for await (const chunk of connection as AsyncIterable<Buffer>) answer.push(chunk);
      expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*seen \/here$/);
      await running.kill();
      expect(await running.exited).toMatchObject({ signal: 'SIGTERM', timedOut: false, stdout: 'listening\n' });
      expect(await shared().ports()).not.toContain(Number(port));
      await expect(shared().connect(Number(port))).rejects.toMatchObject({ code: 'port_closed' });
    }
  });

  test('who watches the ports hears of each that opens and closes within a second, until it stops watching', async () => {
    const abort = new AbortController();
    const seen: { readonly ports: readonly number[]; readonly at: number }[] = [];
    const watching = (async () => {
      for await (const ports of shared().watchPorts(abort.signal)) seen.push({ ports, at: performance.now() });
    })();
    await expect.poll(() => seen.length).toBe(1);
    const running = await shared().start({ argv: ['node', '-e', server, '18082', '::'], timeoutMs: 60_000 });
    await expect.poll(() => running.output()).toBe('listening\n');
    const opened = performance.now();
    await expect.poll(() => seen.length, { interval: 10 }).toBe(2);
    await running.kill();
    const closed = performance.now();
    await expect.poll(() => seen.length, { interval: 10 }).toBe(3);
    expect(seen.map(({ ports }) => ports.includes(18_082))).toEqual([false, true, false]);
    expect(seen[1]!.at - opened).toBeLessThan(1_000);
    expect(seen[2]!.at - closed).toBeLessThan(1_000);
    abort.abort();
    await watching;
  });

  test('a unix socket in the sandbox is reached, and what floods it waits for its reader', async () => {
    const echo = `
      const server = require('node:net').createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
      server.listen('/tmp/echo.sock', () => console.log('listening'));`;
    const running = await shared().start({ argv: ['node', '-e', echo], timeoutMs: 60_000 });
    await expect.poll(() => running.output()).toBe('listening\n');
    const connection = await shared().connect({ socket: '/tmp/echo.sock' });
    const piece = Buffer.alloc(1_000_000, 'x');
    let sent = 0;
    while (connection.write(piece)) sent += 1;
    expect(sent).toBeLessThan(50);
    connection.end();
    let received = 0;
    for await (const chunk of connection as AsyncIterable<Buffer>) received += chunk.length;
    expect(received).toBe((sent + 1) * piece.length);
    await running.kill();
    for (const socket of ['/tmp/none.sock', '/etc/passwd', `/tmp/${'x'.repeat(200)}`])
      await expect(shared().connect({ socket })).rejects.toMatchObject({ code: 'port_closed' });
  });

  test('a background process that ignores TERM is killed', async () => {
    const stubborn = await shared().start({
      argv: ['sh', '-c', 'trap "" TERM; echo up; while true; do sleep 1; done'],
      timeoutMs: 60_000,
    });
    await expect.poll(() => stubborn.output()).toBe('up\n');
    await stubborn.kill();
    expect(await stubborn.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  test('a background flood shows its head and its newest end', async () => {
    const running = await shared().start({
      argv: ['sh', '-c', 'echo first; yes | head -c 3000000; echo last; sleep 60'],
      outputBytes: 2_000,
      timeoutMs: 60_000,
    });
    await expect.poll(() => running.output(), { timeout: 20_000 }).toMatch(/^first\ny[\s\S]*y\nlast\n$/);
    expect(running.output().length).toBeLessThan(2_200);
    await running.kill();
  });

  test('many commands at once each get their own answer', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => sh(`echo ${index}`)));
    expect(results.map((result) => result.stdout)).toEqual(results.map((_, index) => `${index}\n`));
  });
}
