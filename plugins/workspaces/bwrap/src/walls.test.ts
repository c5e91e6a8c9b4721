import { spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import type { Workspace } from '@devfactory/kit';
import { shell, Workspaces } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, noSandbox } from './testing/stage.ts';
import type { Stage } from './testing/stage.ts';

const canary = 'DFCANARY_5e1f';
const isRoot = process.getuid?.() === 0;

describe.skipIf(noSandbox !== null)(`the walls of a sandbox${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let stage: Stage;
  let workspaces: Workspaces;
  let inside: Workspace;
  beforeAll(async () => {
    process.env['DF_TEST_CANARY'] = canary;
    stage = makeStage();
    workspaces = new Workspaces(stage.driver);
    inside = await workspaces.open('walls');
  });
  afterAll(async () => {
    delete process.env['DF_TEST_CANARY'];
    await workspaces.closeAll();
    await stage.dispose();
  });

  test("the host's processes, arguments and environment are not to be seen", async () => {
    const planted = spawn('sleep', ['60'], { argv0: canary });
    try {
      expect(
        await shell(
          inside,
          `cat /proc/*/cmdline /proc/*/environ 2>/dev/null | grep -c ${canary.slice(0, 6)}[_] || true`,
        ),
      ).toBe('0\n');
      expect(Number(await shell(inside, 'ls /proc | grep -c "^[0-9]"'))).toBeLessThan(10);
    } finally {
      planted.kill('SIGKILL');
    }
  });

  test("the host's files and other workspaces' are not there", async () => {
    const other = await workspaces.open('walls-other');
    await other.files.write('secret', Buffer.from(canary));
    const paths = [
      stage.dataDir,
      '/root',
      '/etc/shadow',
      '/etc/resolv.conf',
      '/var/lib',
      '/home/*/.ssh',
      '/sys',
      '/boot',
      '/run/docker.sock',
      '/proc/1/root/usr/../etc/shadow',
    ];
    expect(await shell(inside, `ls -d ${paths.join(' ')} 2>/dev/null || true`)).toBe('');
    expect(
      await shell(
        inside,
        'find / -xdev -newer /nothing 2>/dev/null; find / -name secret -not -path "/proc/*" -not -path "/usr/*" 2>/dev/null || true',
      ),
    ).toBe('');
  });

  test.skipIf(!isRoot)('each workspace belongs to a user of its own (skipped unless root)', async () => {
    const other = await workspaces.open('walls-user');
    const owner = (id: string): number => lstatSync(join(stage.dataDir, 'workspaces', id, 'files')).uid;
    expect(owner(inside.id)).not.toBe(owner(other.id));
    expect(Math.min(owner(inside.id), owner(other.id))).toBeGreaterThan(10_000);
    expect(lstatSync(join(stage.dataDir, 'workspaces', inside.id)).mode & 0o007).toBe(0);
    const map = await shell(inside, 'cat /proc/self/uid_map');
    expect(map.trim().split(/\s+/)).toEqual(['1000', expect.any(String), '1']);
  });

  test('nothing outside of its own folders can be written', async () => {
    const paths = [
      '/x',
      '/usr/x',
      '/etc/x',
      '/opt/x',
      '/dev/x',
      '/bin/x',
      '/proc/sys/kernel/core_pattern',
      '/opt/node/bin/node',
      '/opt/supervisor/main.js',
      '/var/x',
    ];
    const script = paths.map((path) => `(echo x > ${path}) 2>/dev/null && echo ${path}`).join('; ');
    expect(await shell(inside, `${script}; chmod 777 /opt/supervisor-node 2>/dev/null && echo chmod; true`)).toBe('');
    expect(
      await shell(inside, 'for d in /workspace ~ /tmp /run /dev/shm /var/tmp; do echo x > $d/w && echo ok; done'),
    ).toBe('ok\n'.repeat(6));
  });

  test('no capability, no new namespace, no mount, no core file, no file of the host open', async () => {
    const status = await shell(inside, 'grep -E "^(CapEff|CapBnd|CapAmb|NoNewPrivs)" /proc/self/status | sort');
    const none = '0'.repeat(16);
    expect(status).toBe(`CapAmb:\t${none}\nCapBnd:\t${none}\nCapEff:\t${none}\nNoNewPrivs:\t1\n`);
    for (const command of [
      'unshare -Ur true',
      'unshare -m true',
      'mount -t tmpfs x /tmp',
      'chroot / true',
      'nsenter -t 1 -a true',
    ]) {
      const { exitCode } = await inside.exec({ argv: ['sh', '-c', `${command} 2>&1`], timeoutMs: 5_000 });
      expect({ command, refused: exitCode !== 0 }).toEqual({ command, refused: true });
    }
    expect(await shell(inside, 'ulimit -c; ls /proc/self/fd | tr "\\n" " "')).toBe('0\n0 1 2 3 ');
  });

  test('the supervisor can be neither traced nor looked into', async () => {
    const looks = ['environ', 'mem', 'maps', 'fd', 'root', 'cwd'].map(
      (name) => `{ cat /proc/$PPID/${name} || ls /proc/$PPID/${name}/; } > /dev/null 2>&1 && echo ${name}`,
    );
    expect(await shell(inside, `${looks.join('; ')}; true`)).toBe('');
    const ptrace = 'import ctypes; libc = ctypes.CDLL(None); import os; print(libc.ptrace(16, os.getppid(), 0, 0))';
    const { stdout } = await inside.exec({ argv: ['python3', '-c', ptrace], timeoutMs: 10_000 });
    expect(['-1\n', '']).toContain(stdout);
  });

  test("the host's loopback, its abstract sockets and its names are out of reach", async () => {
    const listen = (at: string | number): Promise<Server> =>
      new Promise((resolve) => {
        const server = createServer((socket) => socket.end(canary));
        if (typeof at === 'string') server.listen(at, () => resolve(server));
        else server.listen(at, '0.0.0.0', () => resolve(server));
      });
    const [tcp, abstract] = [await listen(0), await listen(`\0${canary}`)];
    try {
      const { port } = tcp.address() as AddressInfo;
      const knock = `for (const at of [{port:${port},host:'127.0.0.1'},{port:${port},host:'::1'},{path:'\\0${canary}'},{port:80,host:'169.254.169.254'},{port:53,host:'1.1.1.1'}])
        require('node:net').connect(at).on('data', (d) => console.log('reached', String(d))).on('error', (e) => console.log(e.code))`;
      const { stdout } = await inside.exec({ argv: ['node', '-e', knock], timeoutMs: 10_000 });
      expect(stdout.trim().split('\n').toSorted()).toEqual([
        'ECONNREFUSED',
        'ECONNREFUSED',
        'ECONNREFUSED',
        'ENETUNREACH',
        'ENETUNREACH',
      ]);
      expect((await inside.exec({ argv: ['getent', 'hosts', 'example.com'], timeoutMs: 10_000 })).exitCode).not.toBe(0);
      expect(await shell(inside, 'grep -c : /proc/net/dev')).toBe('1\n');
    } finally {
      tcp.close();
      abstract.close();
    }
  });
});
