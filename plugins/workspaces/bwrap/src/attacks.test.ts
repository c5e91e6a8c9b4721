import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@devfactory/kit';
import { suiteLimits, Workspaces } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeStage, noSandbox, type Stage } from './testing/stage.ts';

const canary = `DFCANARY_${randomBytes(12).toString('hex')}`;
const run = promisify(execFile);

/** What an attack prints when it runs without a wall. Failing is an answer, too. */
async function outside(script: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['-e', script, ...args]).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return stdout;
}

async function within(workspace: Workspace, script: string, args: readonly string[]): Promise<string> {
  const { stdout } = await workspace.exec({ argv: ['node', '-e', script, ...args], timeoutMs: 30_000 });
  return stdout;
}

/** Programs of Node's that print whatever they get hold of. `process.argv` from 1 on: what they go for. */
const attacks = {
  readFiles: `for (const path of process.argv.slice(1)) try { console.log(require('fs').readFileSync(path, 'latin1')) } catch {}`,
  scanProcesses: `const fs = require('fs');
    for (const pid of fs.readdirSync('/proc')) for (const name of ['cmdline', 'environ'])
      try { console.log(fs.readFileSync('/proc/' + pid + '/' + name, 'latin1')) } catch {}`,
  throughRoot: `const fs = require('fs');
    for (const pid of fs.readdirSync('/proc').filter(Number)) try { console.log(fs.readFileSync('/proc/' + pid + '/root' + process.argv[1], 'latin1')) } catch {}`,
  hardLink: `try { require('fs').linkSync(process.argv[1], process.argv[2]); console.log(require('fs').readFileSync(process.argv[2], 'latin1')) } catch {}`,
  symbolicLink: `try { require('fs').symlinkSync(process.argv[1], process.argv[2]); console.log(require('fs').readFileSync(process.argv[2], 'latin1')) } catch {}`,
  connectAll: `let open = process.argv.length - 1;
    const over = () => { if (--open === 0) process.exit() };
    for (const at of process.argv.slice(1)) {
      const path = at.startsWith('@') ? '\\0' + at.slice(1) : at;
      const socket = require('net').connect(Number(at) ? { port: Number(at), host: '127.0.0.1' } : { path });
      socket.on('data', (data) => console.log(String(data))).on('error', () => {}).on('close', over);
      setTimeout(() => socket.destroy(), 2000);
    }`,
  killAll: `for (const pid of process.argv.slice(1)) try { process.kill(Number(pid), 'SIGKILL'); console.log('killed') } catch {}`,
  coreLimit: `console.log(/Max core file size +(\\S+)/.exec(require('fs').readFileSync('/proc/self/limits', 'latin1'))[1])`,
} as const;

const skipped = noSandbox ? ` (skipped: ${noSandbox})` : '';
describe.skipIf(noSandbox !== null)(`attacks from a sandbox on the host, each with its teeth${skipped}`, () => {
  let stage: Stage;
  let workspaces: Workspaces;
  let inside: Workspace;
  let folder: string;
  let secret: string;
  beforeAll(async () => {
    stage = makeStage();
    workspaces = new Workspaces(stage.driver);
    inside = await workspaces.open('attacks', { limits: suiteLimits });
    folder = mkdtempSync(join(tmpdir(), 'devfactory-attacks-'));
    secret = join(folder, 'secret');
    writeFileSync(secret, canary, { mode: 0o644 });
  });
  afterAll(async () => {
    await workspaces.closeAll();
    await stage.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The same, or opened anew, which it cannot be before all of it has ended. */
  async function standing(before: Workspace): Promise<Workspace> {
    const { exitCode } = await before.exec({ argv: ['true'], timeoutMs: 10_000 }).catch(() => ({ exitCode: null }));
    return exitCode === 0 ? before : workspaces.open('attacks', { limits: suiteLimits });
  }

  /** The wall holds, and the same attack without a wall does not fail for another reason. */
  async function holds(script: string, args: readonly string[], hostArgs = args): Promise<void> {
    expect(await within(inside, script, args)).not.toContain(canary);
    expect(await outside(script, hostArgs)).toContain(canary);
  }

  test('A13: a symbolic link to a file of the host shows nothing, in the sandbox or to the host that reads it', async () => {
    await holds(attacks.symbolicLink, [secret, '/workspace/link'], [secret, join(folder, 'link')]);
    await expect(inside.files.read('link')).rejects.toMatchObject({
      code: expect.stringMatching(/missing|escapes|not_a_file/),
    });
    const { entries } = await inside.files.walk();
    expect(entries.find(({ path }) => path === 'link')).toMatchObject({ type: 'symlink', target: secret });
  });

  test('A14: a file that becomes a link and back while the host reads it never shows what the link leads to', async () => {
    const flipping = await inside.start({
      argv: [
        'node',
        '-e',
        `const fs = require('fs'); fs.writeFileSync('plain', 'mine'); fs.symlinkSync('/etc/hostname', 'leads');
         for (;;) { fs.linkSync('plain', 'x'); fs.renameSync('x', 'flip'); fs.symlinkSync(process.argv[1], 'y'); fs.renameSync('y', 'flip'); }`,
        secret,
      ],
      timeoutMs: 60_000,
    });
    const seen = new Set<string>();
    const deadline = performance.now() + 30_000;
    for (let times = 0; times < 1_000 || (seen.size < 2 && performance.now() < deadline); times++)
      seen.add(
        await inside.files.read('flip').then(
          (bytes) => Buffer.from(bytes).toString(),
          () => 'refused',
        ),
      );
    await flipping.kill();
    expect(seen).toEqual(new Set(['mine', 'refused']));
    // The teeth: whoever looks where it leads and opens it then is led astray in between.
    const naive = join(folder, 'naive');
    writeFileSync(naive, 'mine');
    expect(realpathSync(naive).startsWith(realpathSync(folder))).toBe(true);
    rmSync(naive);
    symlinkSync(secret, naive);
    expect(readFileSync(naive, 'utf8')).toBe(canary);
  }, 90_000);

  test('A15: no hard link to a file of the host or of another workspace', async () => {
    const other = await workspaces.open('attacks-other', { limits: suiteLimits });
    await other.files.write('secret', Buffer.from(canary));
    await holds(attacks.hardLink, [secret, '/workspace/hard'], [secret, join(folder, 'hard')]);
    const theirs = join(stage.dataDir, 'workspaces', 'attacks-other');
    for (const path of [`${theirs}/files/secret`, `${theirs}/secret`, '/workspace/../attacks-other/secret'])
      expect(await within(inside, attacks.hardLink, [path, `/workspace/h${Math.random()}`])).not.toContain(canary);
  });

  test('C01: neither files nor other processes’ roots and environments can be read', async () => {
    const victim = spawn('sleep', ['60'], { env: { ...process.env, SECRET: canary } });
    try {
      await holds(attacks.readFiles, [secret, '/etc/shadow', '/root/.ssh/id_rsa']);
      await holds(attacks.throughRoot, [secret]);
      await holds(attacks.scanProcesses, []);
    } finally {
      victim.kill('SIGKILL');
    }
  });

  test('C02: what stands in another process’s argument list is not to be seen', async () => {
    const victim = spawn('sh', ['-c', 'sleep 60', canary]);
    try {
      await holds(attacks.scanProcesses, []);
    } finally {
      victim.kill('SIGKILL');
    }
  });

  test('C07: no process outside can be signalled', async () => {
    const victim = (): ChildProcess => spawn('sleep', ['60']);
    const first = victim();
    try {
      await within(inside, attacks.killAll, [String(first.pid), String(process.pid)]);
      await inside.exec({ argv: ['sh', '-c', 'kill -9 -1'], timeoutMs: 10_000 }).catch(() => undefined);
      expect(first.exitCode ?? first.signalCode).toBeNull();
      const ended = new Promise((resolve) => first.once('exit', (_, signal) => resolve(signal)));
      expect(await outside(attacks.killAll, [String(first.pid)])).toContain('killed');
      expect(await ended).toBe('SIGKILL');
    } finally {
      first.kill('SIGKILL');
      // It may have ended its own sandbox by that, and nobody else's.
      inside = await vi.waitFor(() => standing(inside), { timeout: 20_000, interval: 100 });
    }
  });

  test('C09: no socket of the host can be reached: TCP, in a folder, or by name alone', async () => {
    const servers: Server[] = [];
    const listen = (at: number | string): Promise<Server> =>
      new Promise((resolve) => {
        const server = createServer((socket) => socket.end(canary)).listen(at, () => resolve(server));
        servers.push(server);
      });
    try {
      const tcp = (await listen(0)).address() as { readonly port: number };
      const name = `devfactory-${randomBytes(6).toString('hex')}`;
      await listen(`\0${name}`);
      await listen(join(folder, 's.sock'));
      for (const at of [String(tcp.port), `@${name}`, join(folder, 's.sock')]) await holds(attacks.connectAll, [at]);
    } finally {
      for (const server of servers) server.close();
    }
  });

  test('C10: what listens inside on every address is not reachable from the host', async () => {
    const script = `require('net').createServer((s) => s.end(process.argv[2])).listen(Number(process.argv[1]), '0.0.0.0', () => console.log('up'))`;
    const free = createServer().listen(0);
    const { port } = free.address() as { readonly port: number };
    await new Promise((resolve) => free.close(resolve));
    const server = await inside.start({ argv: ['node', '-e', script, String(port), canary], timeoutMs: 60_000 });
    await expect.poll(() => server.output(), { timeout: 10_000 }).toContain('up');
    expect(await answerOf(port)).not.toContain(canary);
    await server.kill();
    const naive = spawn(process.execPath, ['-e', script, String(port), canary]);
    await new Promise((resolve) => naive.stdout.once('data', resolve));
    expect(await answerOf(port)).toContain(canary);
    naive.kill('SIGKILL');
  });

  test('C15: a flood of output, without lines and without meaning, costs the host a part of it', async () => {
    const before = process.memoryUsage().rss;
    const flood = await inside.exec({
      argv: ['sh', '-c', 'head -c 100000000 /dev/zero; head -c 1000000 /dev/urandom >&2'],
      timeoutMs: 60_000,
      outputBytes: 100_000,
    });
    expect(flood.exitCode).toBe(0);
    expect(flood.stdout.length + flood.stderr.length).toBeLessThan(700_000);
    expect(flood.dropped).toBeGreaterThan(99_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    // The teeth: who takes all that comes has it all.
    const { stdout } = await run('head', ['-c', '30000000', '/dev/zero'], { maxBuffer: 1e9 });
    expect(stdout.length).toBe(30_000_000);
  });

  test('C18: a time zone that is none and files of other ages crash nothing', async () => {
    const odd = await inside.exec({
      argv: ['sh', '-c', 'touch -d @16000000000 far; touch -d @-2000000000 past; date; date -r far +%s'],
      env: { TZ: 'No/Where\n', LC_ALL: 'xx_YY.nothing' },
      timeoutMs: 20_000,
    });
    // As far ahead as this file system can write down: after the year 2200 at least.
    expect(Number(odd.stdout.trim().split('\n').at(-1))).toBeGreaterThan(7_000_000_000);
    const { entries } = await inside.files.walk();
    expect(entries.filter(({ path }) => path === 'far' || path === 'past')).toHaveLength(2);
    // The teeth: a date of such a file is beyond what JavaScript can write down.
    expect(() => new Date(2 ** 60).toISOString()).toThrow(RangeError);
  });

  test('C19: a crash leaves no core file, so none with a secret in it', async () => {
    expect((await within(inside, attacks.coreLimit, [])).trim()).toBe('0');
    const crashed = await inside.exec({
      argv: ['sh', '-c', 'ulimit -c unlimited; sleep 9 & kill -SEGV $!; wait $!; ls'],
      timeoutMs: 20_000,
    });
    expect(crashed.stdout).not.toMatch(/^core/m);
    const { stdout } = await run('sh', ['-c', 'ulimit -c; exec "$0" -e "$1"', process.execPath, attacks.coreLimit]);
    expect(stdout.trim()).not.toBe('');
  });
});

function answerOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (data) => (text += String(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}
