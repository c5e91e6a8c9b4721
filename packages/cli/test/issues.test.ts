import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isBuilt, Place } from './command.ts';
import { writeScript } from './script.ts';

const hasSandbox = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;
const issue = {
  number: 12,
  title: 'Say\u001B[2J hello',
  body: 'In hello.txt.',
  user: { login: 'mallory' },
  author_association: 'NONE',
  html_url: 'https://forge.example/acme/shop/issues/12',
};

let place: Place;
let github: Server;
beforeEach(async () => {
  place = await Place.make();
  github = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const answer = { '/api/v3/repos/acme/shop/issues': [issue], '/api/v3/repos/acme/shop/issues/12': issue }[
      path ?? ''
    ];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'Not Found' }));
  }).listen(0, '127.0.0.1');
  await once(github, 'listening');
  vi.stubEnv('DEVFACTORY_GITHUB_TOKEN', 'ghp_of0tests0of0tests0of0tests0of0tests');
  vi.stubEnv('DEVFACTORY_GITHUB_API', `http://127.0.0.1:${(github.address() as AddressInfo).port}/api/v3`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.end();
  github.closeAllConnections();
  github.close();
});

describe.skipIf(!isBuilt || !hasSandbox)(
  'issues from the command (needs the built back end)',
  { timeout: 180_000 },
  () => {
    test('are listed, read whole, and become requirements of a run', async () => {
      const up = place.start('up', '--port', '0');
      await up.says('Ctrl-C stops it');
      const listed = await place.expecting(0, 'issues', 'acme/shop');
      expect(listed.out).toBe('#12  Say [2J hello  (mallory, who may not write there)\n');
      expect(listed.talk).toContain('--issues acme/shop#12');
      expect((await place.expecting(0, 'issues', 'acme/shop#12')).out).toContain(
        '\n> Say[2J hello\n> \n> In hello.txt.\n',
      );
      expect((await place.expecting(2, 'issues', 'shop')).talk).toContain("'shop' is not OWNER/REPO");
      const script = await writeScript(place.folder, { writes: 'hello\n' });
      const run = ['run', 'Do it', '--script', script];
      expect((await place.run(...run, '--issues', 'acme/shop#7')).talk).toContain('There is no issue acme/shop#7');
      expect((await place.expecting(0, 'runs', '--json')).out).not.toContain('run_');
      await place.start(...run, '--issues', 'acme/shop#12').says('plan version 1');
      const shown = JSON.parse((await place.expecting(0, 'show', 'last', '--json')).out) as {
        requirements: { id: string; text: string }[];
      };
      expect(shown.requirements.map(({ text }) => text.split('\n').slice(1))[0]).toEqual([
        '> Say[2J hello',
        '> ',
        '> In hello.txt.',
      ]);
    });
  },
);
