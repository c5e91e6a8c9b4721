import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBuilt, Place, type Ended } from './command.ts';
import { writeScript } from './script.ts';

const hasSandbox = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;
const server = `require("http").createServer((q, a) => a.end("the " + q.url)).listen(process.env.PORT, "127.0.0.1")`;

// One server for all: the commands find it.
let place: Place;
beforeAll(async () => {
  place = await Place.make();
  if (isBuilt && hasSandbox) await place.start('up', '--port', '0').says('Ctrl-C stops it');
}, 180_000);
afterAll(() => place.end());

/** A run that waits for a person, with a server in its workspace. */
async function waiting(): Promise<void> {
  const script = await writeScript(place.folder, { writes: 'hello\n' });
  await place.expecting(4, 'run', 'Greet', '--script', script);
  await typed(`echo '{"scripts":{"dev":"node server.cjs"}}' > package.json; echo '${server}' > server.cjs; exit`);
}

async function typed(line: string): Promise<Ended> {
  const shell = place.attend('shell', 'last');
  shell.child.stdin?.end(`${line}\n`);
  return shell.ended;
}

describe.skipIf(!isBuilt || !hasSandbox)(
  'devfactory preview and shell (need the built back end and bubblewrap)',
  { timeout: 240_000 },
  () => {
    test('a shell is on the files of the run, goes on with what is typed, and ends with its own exit code', async () => {
      await waiting();
      const shell = place.attend('shell', 'last');
      await shell.says('$ ');
      shell.child.stdin?.write('ls; echo "of a per""son" > mine.txt; exit 7\n');
      const { code, out } = await shell.ended;
      expect(code).toBe(7);
      expect(out).toContain('server.cjs');
      expect(await typed('cat mine.txt')).toMatchObject({ code: 0, out: expect.stringContaining('of a person\r\n') });
    });

    test('a preview gives a link that lets a browser in once, and is over with Ctrl-C', async () => {
      await waiting();
      const preview = place.start('preview', 'last', '--json');
      await preview.says('"type":"preview"');
      preview.child.kill('SIGINT');
      const { code, out } = await preview.ended;
      expect(code).toBe(0);
      const told = JSON.parse(out) as { readonly port: number; readonly url: string };
      expect(told.url).toMatch(
        new RegExp(`^http://${told.port}--run-[a-z2-7]{16}\\.localhost:\\d+/\\.devfactory/enter#\\S+$`),
      );
      const again = await place.expecting(1, 'preview', 'run_aaaaaaaaaaaaaaaa');
      expect(again.talk).toContain('run_aaaaaaaaaaaaaaaa');
    });

    test('a server that crashes ends it with its last lines, and a run whose files are elsewhere says what brings them back', async () => {
      await waiting();
      await typed(`echo 'console.error("no database"); process.exit(3)' > server.cjs; exit`);
      const { talk } = await place.expecting(1, 'preview', 'last');
      expect(talk).toMatch(/no database[^]*It ended with exit code 3/);
      // As on another machine: the database knows the run, and its files are not here.
      const workspaces = join(place.dataDir, 'workspaces');
      for (const name of await readdir(workspaces))
        if (name.startsWith('run-')) await rm(join(workspaces, name), { recursive: true });
      for (const command of ['preview', 'shell']) {
        const refused = await place.expecting(1, command, 'last');
        expect(refused.talk).toMatch(/files of run run_\S+ are not on this machine.*give it feedback, or restore/);
      }
    });
  },
);
