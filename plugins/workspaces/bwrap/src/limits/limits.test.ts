import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { shell, suiteLimits, Workspaces } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, noSandbox } from '../testing/stage.ts';
import type { Stage } from '../testing/stage.ts';
import { readText } from './control-files.ts';
import { makeGroups, removeGroups } from './groups.ts';

/** Of a sandbox's group and of the one that all of them are in, by whichever version this machine has. */
async function weightIn(folders: readonly string[]): Promise<{ readonly own: number; readonly family: number }> {
  for (const folder of folders) {
    for (const name of ['cpu.weight', 'cpu.shares']) {
      const [own, family] = await Promise.all([readText(join(folder, name)), readText(join(folder, '..', name))]);
      if (own !== '') return { own: Number(own), family: Number(family) };
    }
  }
  throw new Error('no group has a weight');
}

describe.skipIf(noSandbox !== null)(`the limits of a sandbox${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let stage: Stage;
  let workspaces: Workspaces;
  beforeAll(() => {
    stage = makeStage();
    workspaces = new Workspaces(stage.driver);
  });
  afterAll(async () => {
    await workspaces.closeAll();
    await stage.dispose();
  });

  test('a memory hog is killed, and the workspace goes on', async () => {
    const inside = await workspaces.open('limits-memory', { limits: { ...suiteLimits, memoryBytes: 300_000_000 } });
    const hog = await inside.exec({
      argv: ['node', '-e', 'const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1))'],
      timeoutMs: 30_000,
    });
    expect(hog).toMatchObject({ timedOut: false });
    expect(hog.exitCode).not.toBe(0);
    expect(await shell(inside, 'echo up')).toBe('up\n');
  });

  test('sandboxes weigh on each core what a process does, and divide it by what they may use', async ({ skip }) => {
    const limits = { memoryBytes: 1e9, processes: 10, diskBytes: 1e9, files: 1000, tmpBytes: 1e6 };
    const [one, two] = await Promise.all([
      makeGroups(`weight-one-${process.pid}`, { ...limits, cpus: 1 }),
      makeGroups(`weight-two-${process.pid}`, { ...limits, cpus: 2 }),
    ]);
    try {
      if (!one.enforced.has('cpu')) return skip('no group for processors here');
      const [small, large] = [await weightIn(one.folders), await weightIn(two.folders)];
      expect(large.own).toBe(2 * small.own);
      expect(large.family).toBe(small.own * availableParallelism());
    } finally {
      await removeGroups(one);
      await removeGroups(two);
    }
  });

  test('a fork bomb stays small and ends with its command', async () => {
    const inside = await workspaces.open('limits-forks', { limits: { ...suiteLimits, processes: 100 } });
    const bomb = await inside.exec({
      argv: ['bash', '-c', 'bomb() { bomb | bomb & }; bomb; sleep 1'],
      timeoutMs: 5_000,
    });
    expect(bomb.stderr).toContain('fork');
    expect(await shell(inside, 'ls /proc | grep -c "^[0-9]"').then(Number)).toBeLessThan(10);
  });

  test('a fork bomb beside a server ends alone', async () => {
    const inside = await workspaces.open('limits-beside', { limits: { ...suiteLimits, processes: 100 } });
    const server = await inside.start({
      argv: ['node', '-e', 'require("http").createServer().listen(8080, "127.0.0.1", () => console.log("up"))'],
      timeoutMs: 60_000,
    });
    await expect.poll(() => server.output(), { timeout: 10_000 }).toBe('up\n');
    await inside.exec({ argv: ['bash', '-c', 'bomb() { bomb | bomb & }; bomb; sleep 1'], timeoutMs: 5_000 });
    await expect
      .poll(() => shell(inside, 'ls /proc | grep -c "^[0-9]"').then(Number), { timeout: 10_000 })
      .toBeLessThan(15);
    expect(await inside.ports()).toEqual([8080]);
    await server.kill();
  });

  test('a workspace that outgrows its disk ends with a sentence, and opens again to be tidied', async () => {
    const limits = { ...suiteLimits, diskBytes: 100_000_000 };
    const inside = await workspaces.open('limits-disk', { limits });
    const filling = inside.exec({
      argv: ['bash', '-c', 'for i in $(seq 30); do head -c 20000000 /dev/zero > f$i; done; sleep 60'],
      timeoutMs: 90_000,
    });
    await expect(filling).rejects.toMatchObject({
      code: 'workspace_gone',
      message: expect.stringContaining('disk') as string,
    });
    expect(await inside.gone).toMatch(/used \d+ bytes of disk; 100000000 are allowed/);
    const again = await workspaces.open('limits-disk', { limits });
    expect(await shell(again, 'rm f*; sync; echo tidy')).toBe('tidy\n');
  });

  test('what lies in closed folders counts as well', async () => {
    const inside = await workspaces.open('limits-closed', { limits: { ...suiteLimits, diskBytes: 100_000_000 } });
    const hiding = inside.exec({
      argv: [
        'bash',
        '-c',
        'for d in a b c; do mkdir -p $d/d; head -c 40000000 /dev/zero > $d/d/f; chmod 000 $d/d $d; done; sleep 60',
      ],
      timeoutMs: 90_000,
    });
    await expect(hiding).rejects.toMatchObject({ code: 'workspace_gone' });
    expect(await inside.gone).toMatch(/used \d+ bytes of disk; 100000000 are allowed/);
  });

  test('a supervisor that is kept from measuring ends the workspace', async () => {
    const inside = await workspaces.open('limits-blind');
    const blinding = inside.exec({
      argv: ['bash', '-c', 'prlimit --pid $PPID --nofile=3:3; sleep 60'],
      timeoutMs: 90_000,
    });
    await expect(blinding).rejects.toMatchObject({ code: 'workspace_gone' });
    expect(await inside.gone).toContain('could not be measured');
  });

  test('a single file cannot outgrow the disk limit, and /tmp has a size of its own', async () => {
    const inside = await workspaces.open('limits-file', {
      limits: { ...suiteLimits, diskBytes: 50_000_000, tmpBytes: 10_000_000 },
    });
    expect((await inside.exec({ argv: ['truncate', '-s', '60M', 'big'], timeoutMs: 5_000 })).exitCode).not.toBe(0);
    expect(
      (await inside.exec({ argv: ['sh', '-c', 'head -c 20000000 /dev/zero > /tmp/x'], timeoutMs: 5_000 })).stderr,
    ).toContain('No space');
  });

  test('files that are deleted but held open count as well', async () => {
    const inside = await workspaces.open('limits-held', { limits: { ...suiteLimits, diskBytes: 100_000_000 } });
    const holding = inside.exec({
      argv: [
        'bash',
        '-c',
        'for i in 11 12 13 14; do eval "exec $i> h"; head -c 40000000 /dev/zero >&$i; rm h; done; sleep 60',
      ],
      timeoutMs: 90_000,
    });
    await expect(holding).rejects.toMatchObject({ code: 'workspace_gone' });
    expect(await inside.gone).toContain('disk');
  });

  test('processes stand still while the walk looks', async (context) => {
    const inside = await workspaces.open('limits-frozen');
    if (inside.notEnforced.some((words) => words.startsWith('Processes go on')))
      context.skip('no cgroup can be made here');
    await shell(inside, 'mkdir many; cd many; seq 3000 | xargs touch');
    // Two files that are only ever equal or one apart, at the two ends of the walk.
    const script =
      'let n = 0; const fs = require("fs"); fs.writeFileSync("0", ""); console.log("up"); for (;;) { fs.appendFileSync("0", "x"); fs.appendFileSync("z", "x"); }';
    const writer = await inside.start({ argv: ['node', '-e', script], timeoutMs: 60_000 });
    await expect.poll(() => writer.output(), { timeout: 10_000 }).toBe('up\n');
    for (let round = 0; round < 3; round++) {
      const { entries } = await inside.files.walk();
      const size = (path: string): number => entries.find((entry) => entry.path === path)?.size ?? 0;
      expect(size('0') - size('z')).toBeGreaterThanOrEqual(0);
      expect(size('0') - size('z')).toBeLessThanOrEqual(1);
    }
    await writer.kill();
  });
});
