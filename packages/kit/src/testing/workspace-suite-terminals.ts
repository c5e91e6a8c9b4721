import { expect, test } from 'vitest';
import type { TerminalSpec, Workspace, WorkspaceTerminal } from '../workspace.ts';

/** A terminal whose screen is read all the time. */
class Watched {
  readonly terminal: WorkspaceTerminal;
  readonly read: Promise<void>;
  screen = '';

  constructor(terminal: WorkspaceTerminal) {
    this.terminal = terminal;
    this.read = this.#read();
    this.read.catch(() => undefined);
  }

  type(text: string): Promise<void> {
    return this.terminal.write(Buffer.from(text));
  }

  async #read(): Promise<void> {
    for await (const chunk of this.terminal.output) {
      this.screen = (this.screen + Buffer.from(chunk).toString()).slice(-100_000);
    }
  }
}

/** What every driver promises of terminals. */
export function terminalTests(shared: () => Workspace): void {
  const open = async (argv: readonly string[], more: Partial<TerminalSpec> = {}): Promise<Watched> =>
    new Watched(await shared().terminal({ argv, cols: 100, rows: 30, ...more }));
  const count = async (pattern: string): Promise<string> =>
    (await shared().exec({ argv: ['pgrep', '-fc', pattern], timeoutMs: 10_000 })).stdout.trim();

  test('a shell on a terminal takes what is typed, knows its size, and tells how it ended', async () => {
    await shared().files.write('terminal folder/x', Buffer.from(''));
    const shell = await open(['bash', '--norc'], { cwd: 'terminal folder', env: { PS1: '> ', NAME: 'ü' } });
    await shell.type('tty; stty size; pwd; echo "$NAME"; ls /proc/self/fd | tr "\\n" " "\r');
    await expect
      .poll(() => shell.screen)
      .toMatch(/\/dev\/pts\/\d+\r\n30 100\r\n\/workspace\/terminal folder\r\nü\r\n0 1 2 3 > $/);
    await shell.terminal.resize({ cols: 40, rows: 10 });
    await shell.type('stty size\r');
    await expect.poll(() => shell.screen).toContain('10 40\r\n');
    await shell.type('sleep 1234\r');
    await expect.poll(() => count('^sleep 123[4]')).toBe('1');
    await shell.type('\u0003');
    await expect.poll(() => count('^sleep 123[4]')).toBe('0');
    await shell.type('exit 7\r');
    expect(await shell.terminal.exited).toEqual({ exitCode: 7, signal: null });
    await shell.read;
  });

  test('the last words before the end are seen, and a program that is missing is one', async () => {
    const words = await open(['sh', '-c', 'seq 1 5000; echo "last words"']);
    expect(await words.terminal.exited).toEqual({ exitCode: 0, signal: null });
    expect(words.screen).toMatch(/^1\r\n2\r\n[\s\S]*5000\r\nlast words\r\n$/);
    const missing = await open(['no-such-shell']);
    expect((await missing.terminal.exited).exitCode).not.toBe(0);
  });

  test('what a terminal started ends with it, and what others run goes on', async () => {
    const other = await open(['sh', '-c', 'echo up; sleep 2345; true']);
    const shell = await open(['bash', '--norc']);
    await shell.type('(setsid sleep 3456 >/dev/null 2>&1 &); sleep 3456 & nohup sleep 3456 & echo started\r');
    await expect.poll(() => count('^sleep 345[6]')).toBe('3');
    await shared().exec({ argv: ['true'], timeoutMs: 5_000 });
    expect(await count('^sleep 345[6]')).toBe('3');
    await shell.terminal.kill();
    expect(await shell.terminal.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await count('^sleep 345[6]')).toBe('0');
    expect(await count('^sleep 234[5]')).toBe('1');
    await other.terminal.kill();
    expect(await count('^sleep 234[5]')).toBe('0');
  });

  test('a program waits while nobody reads its screen, and one that does not read holds up nobody else', async () => {
    const terminal = await shared().terminal({ argv: ['sh', '-c', 'yes | head -c 1000000000'], cols: 80, rows: 24 });
    const reader = terminal.output[Symbol.asyncIterator]();
    let read = 0;
    while (read < 1_000_000) read += (await reader.next()).value?.length ?? 0;
    expect(await count('^head -c 100000000[0]')).toBe('1');
    const deaf = await open(['sh', '-c', 'stty raw -echo; echo deaf; sleep 60']);
    await expect.poll(() => deaf.screen).toContain('deaf');
    // More than all buffers on the way hold.
    const typed = deaf.type('x'.repeat(4_000_000));
    typed.catch(() => undefined);
    expect((await shared().exec({ argv: ['echo', 'alive'], timeoutMs: 5_000 })).stdout).toBe('alive\n');
    await deaf.terminal.kill();
    await terminal.kill();
    await expect(typed).rejects.toMatchObject({ code: 'terminal_ended' });
  });

  test('a flood on the screen goes through and costs the host no memory', async () => {
    const flood = await shared().terminal({
      argv: ['sh', '-c', 'stty raw; head -c 200000000 /dev/zero'],
      cols: 80,
      rows: 24,
    });
    const before = process.memoryUsage().rss;
    let bytes = 0;
    for await (const chunk of flood.output) bytes += chunk.length;
    expect(bytes).toBe(200_000_000);
    expect(await flood.exited).toEqual({ exitCode: 0, signal: null });
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
}
