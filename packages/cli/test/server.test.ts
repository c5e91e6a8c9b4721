import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, Place } from './command.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.end());

// Each server takes its seconds to start, on a busy machine more of them.
const patient = { timeout: 180_000 };

describe.skipIf(!isBuilt)('devfactory up (needs the built back end: npm run build)', patient, () => {
  test('prints one line to open, which logs a browser in once, and ends in order', async () => {
    const up = place.start('up', '--port', '0');
    await up.says('/login?token=');
    await up.says('Ctrl-C stops it');

    const again = await place.run();
    expect(again.code).toBe(0);
    expect(again.talk).toContain('A server runs already');
    const url = again.out.trim();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login\?token=\S+$/);
    const login = await fetch(url, { redirect: 'manual' });
    expect([login.status, login.headers.get('location')]).toEqual([303, '/']);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);

    up.child.kill('SIGINT');
    const ended = await up.ended;
    expect(ended.code).toBe(0);
    expect(ended.out.trim().split('\n')).toHaveLength(1);
    expect(ended.out.trim()).not.toBe(url);
  });

  test('says what to do when the port is in use, before a database is made', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    try {
      const { port } = taken.address() as AddressInfo;
      const { code, out, talk } = await place.run('up', '--port', String(port));
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(talk).toContain(`Port ${port} is in use by another program`);
      expect(talk).toContain('--port 0');
    } finally {
      taken.close();
    }
  });

  test('refuses a data directory that cannot be one, at once and with what to do', async () => {
    const foreign = join(place.folder, 'photos');
    await mkdir(foreign);
    await writeFile(join(foreign, 'a.jpg'), '');
    for (const dataDir of ['/proc/x', foreign]) {
      const { out, talk } = await place.expecting(2, 'up', '--data-dir', dataDir, '--port', '0');
      expect(out).toBe('');
      expect(talk).toContain('with --data-dir');
      const asked = await place.expecting(2, 'runs', '--data-dir', dataDir);
      expect(asked.talk).toContain('with --data-dir');
    }
    expect(await readdir(foreign)).toEqual(['a.jpg']);
  });

  test('a killed command takes its server along, and the next one starts another', async () => {
    const up = place.start('up', '--port', '0', '--json');
    await up.says('"type":"ready"');
    await up.says('Ctrl-C stops it');
    up.child.kill('SIGKILL');
    const { out } = await up.ended;
    const { url } = JSON.parse(out) as { url: string };
    await expect
      .poll(
        () =>
          fetch(`${url}/healthz`).then(
            () => 'answers',
            () => 'gone',
          ),
        { timeout: 60_000 },
      )
      .toBe('gone');
    const runs = await place.run('runs', '--json');
    expect(runs.talk).toContain('Starting a server for this command');
    expect(runs).toMatchObject({ code: 0, out: '[]\n' });
  });

  test('two commands at the same time share the server of the one that was first', async () => {
    const both = await Promise.all([place.run('runs', '--json'), place.run('doctor', '--json')]);
    expect(both.map(({ code, talk }) => [code, talk.replaceAll(/Starting.*\n/g, '')])).toEqual([
      [0, ''],
      [0, ''],
    ]);
  });
});
