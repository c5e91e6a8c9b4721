import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@devfactory/kit';
import { suiteLimits, Workspaces } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, noSandbox, type Stage } from './testing/stage.ts';

const canary = `DFCANARY_${randomBytes(12).toString('hex')}`;
const run = promisify(execFile);

/** What a program prints without a wall. Failing is an answer, too. */
async function outside(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const [program = '', ...args] = argv;
  const { stdout } = await run(program, args, { timeout: 60_000, env: { ...process.env, ...env } }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  return stdout;
}

async function within(workspace: Workspace, argv: readonly string[]): Promise<string> {
  return (await workspace.exec({ argv, timeoutMs: 60_000 })).stdout;
}

/** How many of 250 processes at once there can be. */
const crowd = `const { spawn } = require('child_process'); let all = 0, left = 250;
  const children = []; const over = () => { if (--left === 0) { console.log(all); for (const c of children) c.kill('SIGKILL'); process.exit(); } };
  for (let i = 0; i < 250; i++) { const child = spawn('sleep', ['60'], { stdio: 'ignore' }); children.push(child);
    child.once('spawn', () => { all++; over(); }).once('error', over); }`;
const hoard = `const all = []; while (all.length < 120) all.push(Buffer.alloc(10_000_000, 1)); console.log('had it all');`;
/** Share of one core that eight spinning processes get in two seconds. */
const spin = `import multiprocessing, os, resource, time
def burn():
    end = time.monotonic() + 2
    while time.monotonic() < end: pass
began = time.monotonic()
spinners = [multiprocessing.Process(target=burn) for _ in range(8)]
for one in spinners: one.start()
for one in spinners: one.join()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print((used.ru_utime + used.ru_stime) / (time.monotonic() - began))`;
/** Names of the calls that the kernel took up, whatever it said to their arguments. x86-64. */
const callKernel = `import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
buf = ctypes.create_string_buffer(4096)
calls = { 'add_key': (248, b'user', b'x', b'y', 1, -3), 'keyctl': (250, 0, -3, 1, 0, 0), 'bpf': (321, 0, buf, 72),
  'io_uring_setup': (425, 4, buf), 'perf_event_open': (298, buf, 0, -1, -1, 0), 'name_to_handle_at': (303, -100, b'/', buf, buf, 0),
  'fsopen': (430, b'nothing', 0), 'x32 getpid': (0x40000000 + 39,) }
for name, args in calls.items():
    ctypes.set_errno(0)
    if libc.syscall(*args) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS): print(name)`;

const skipped = noSandbox ? ` (skipped: ${noSandbox})` : '';
describe.skipIf(noSandbox !== null)(
  `attacks on the machine and its other tenants, each with its teeth${skipped}`,
  () => {
    let stage: Stage;
    let workspaces: Workspaces;
    let other: Workspace;
    let folder: string;
    beforeAll(async () => {
      stage = makeStage();
      workspaces = new Workspaces(stage.driver);
      other = await workspaces.open('machine-other', { limits: suiteLimits });
      folder = mkdtempSync(join(tmpdir(), 'devfactory-machine-'));
    });
    afterAll(async () => {
      await workspaces.closeAll();
      await stage.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    test('C03: a crowd of processes is no larger than its workspace may have, and others go on', async () => {
      const inside = await workspaces.open('machine-crowd', { limits: { ...suiteLimits, processes: 100 } });
      const crowded = within(inside, ['node', '-e', crowd]);
      expect(await within(other, ['echo', 'on'])).toBe('on\n');
      expect(Number(await crowded)).toBeLessThan(100);
      expect(Number(await outside([process.execPath, '-e', crowd]))).toBe(250);
    }, 120_000);

    test('C04: who hoards memory is killed, and nobody else', async () => {
      const inside = await workspaces.open('machine-hoard', { limits: { ...suiteLimits, memoryBytes: 300_000_000 } });
      expect(await within(inside, ['node', '-e', hoard])).toBe('');
      expect(await within(other, ['echo', 'on'])).toBe('on\n');
      expect(await outside([process.execPath, '-e', hoard])).toContain('had it all');
    }, 120_000);

    test('C06: eight spinning processes share what their workspace may have, and none goes ahead of others', async (context) => {
      const inside = await workspaces.open('machine-spin', { limits: { ...suiteLimits, cpus: 0.1 } });
      context.skip(
        inside.notEnforced.some((words) => words.startsWith('CPU')),
        'no cgroup can be made here',
      );
      const share = Number(await within(inside, ['python3', '-c', spin]));
      expect(share).toBeLessThan(0.25);
      const ahead = `import os
for go in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -20), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))):
    try: go(); print('ahead')
    except PermissionError: pass`;
      expect(await within(inside, ['python3', '-c', ahead])).toBe('');
      expect(Number(await outside(['python3', '-c', spin]))).toBeGreaterThan(2 * share);
    }, 120_000);

    test.skipIf(process.arch !== 'x64')(
      'C08: calls by which kernels were broken into are not taken up (skipped on other processors than x86-64)',
      async () => {
        expect(other.notEnforced.filter((words) => words.startsWith('System calls'))).toEqual([]);
        expect(await within(other, ['python3', '-c', callKernel])).toBe('');
        const teeth = (await outside(['python3', '-c', callKernel])).split('\n');
        expect(teeth.length).toBeGreaterThan(2);
        for (const command of ['unshare -Ur true', 'unshare -m true', 'mount -t tmpfs x /tmp', 'chroot / true'])
          expect((await other.exec({ argv: ['sh', '-c', command], timeoutMs: 20_000 })).exitCode).not.toBe(0);
        // What projects do need still works: threads, timers, watches, pipes, sockets.
        const useful = `new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true }).once('message', () => console.log('works'));`;
        const script = `const { Worker } = require('worker_threads'); require('fs').watch('/tmp').close(); ${useful}`;
        expect(await within(other, ['node', '-e', script])).toBe('works\n');
      },
      60_000,
    );

    test('C12: what one workspace puts into its caches is in no other’s, and what is shared cannot be written', async () => {
      const poison = 'mkdir -p ~/.npm/_cacache ~/.cache/pip && echo "$0" | tee ~/.npm/_cacache/x ~/.cache/pip/x';
      const taste = 'cat ~/.npm/_cacache/x ~/.cache/pip/x 2> /dev/null; true';
      const inside = await workspaces.open('machine-poison', { limits: suiteLimits });
      expect(await within(inside, ['sh', '-c', poison, canary])).toContain(canary);
      expect(await within(other, ['sh', '-c', taste])).toBe('');
      await inside.files.write('deps/a.js', Buffer.from('good'));
      await inside.close();
      const mounts = [{ workspace: 'machine-poison', path: 'deps', at: '/mnt/deps' }];
      const next = await workspaces.open('machine-next', { limits: suiteLimits, mounts });
      expect(await within(next, ['sh', '-c', 'echo bad > /mnt/deps/a.js; cat /mnt/deps/a.js'])).toBe('good');
      // The teeth: two who share a home share the poison.
      await outside(['sh', '-c', poison, canary], { HOME: folder });
      expect(await outside(['sh', '-c', taste], { HOME: folder })).toContain(canary);
    }, 60_000);

    test('C13: programs planted under the names of the system’s are run by nobody but the workspace itself', async () => {
      const names = ['git', 'tar', 'find', 'sh', 'bash', 'node', 'ls', 'cat', 'env', 'ps'];
      const planted = `#!/bin/sh\necho ${canary} >> /workspace/taken\n`;
      const plant = names.map((name) => `cp /workspace/evil ~/.local/bin/${name}`).join('; ');
      const inside = await workspaces.open('machine-planted', { limits: suiteLimits });
      await inside.files.write('evil', Buffer.from(planted), { mode: 0o755 });
      const rc =
        'echo "echo $0 >> /workspace/taken" > ~/.bashrc; cp ~/.bashrc ~/.profile; cp ~/.bashrc ~/.bash_profile';
      await within(inside, ['/bin/sh', '-c', `mkdir -p ~/.local/bin; ${plant}; ${rc}`, canary]);
      // What the host asks of a workspace: its files, its ports, an end and a new beginning.
      await inside.files.walk();
      await inside.files.read('evil');
      await inside.files.list('.');
      await inside.ports();
      await inside.close();
      const again = await workspaces.open('machine-planted', { limits: suiteLimits });
      await again.files.walk();
      await expect(again.files.read('taken')).rejects.toMatchObject({ code: 'file_missing' });
      // The teeth: a command of the agent by its bare name is the planted one.
      await again.exec({ argv: ['git', 'status'], timeoutMs: 10_000 });
      expect(Buffer.from(await again.files.read('taken')).toString()).toContain(canary);
    }, 60_000);
  },
);
