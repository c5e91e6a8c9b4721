import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteLimits } from '@devfactory/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeStage, noSandbox } from '../testing/stage.ts';
import { hostTools } from './tools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-tools-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A Go as it lies in someone's home, with a command in it that answers. */
async function lay(name: string, files: readonly string[]): Promise<string> {
  const root = join(folder, name, 'go');
  for (const path of files) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), '#!/bin/sh\necho go of the host\n', { mode: 0o755 });
  }
  await mkdir(join(folder, name, 'links'));
  await symlink(join(root, 'bin/go'), join(folder, name, 'links/go'));
  return join(folder, name, 'links');
}

test.skipIf(noSandbox !== null)(
  `a language that lies where nobody else may go is seen in a sandbox, and cannot be changed there${noSandbox === null ? '' : ` (skipped: ${noSandbox})`}`,
  async () => {
    const path = await lay('private', ['VERSION', 'pkg/tool/compile', 'bin/go']);
    await chmod(join(folder, 'private'), 0o700);
    const stage = makeStage({ hostEnv: { PATH: `${path}:/usr/bin:/bin` } });
    try {
      const workspace = await stage.driver.open({ id: 'tools', limits: suiteLimits, egress: [] });
      const script = 'command -v go && go; echo x >> "$(command -v go)"';
      const result = await workspace.exec({ argv: ['sh', '-c', script], timeoutMs: 20_000 });
      await workspace.close();
      expect(result.stdout).toBe('/opt/tools/go/bin/go\ngo of the host\n');
      expect(result.stderr).toMatch(/Read-only|Permission denied/);
    } finally {
      await stage.dispose();
    }
  },
);
test.skipIf(noSandbox !== null)(
  `Maven's settings of the machine are seen in a sandbox only without passwords${noSandbox === null ? '' : ` (skipped: ${noSandbox})`}`,
  async () => {
    const settings = async (name: string, text: string): Promise<string> => {
      const root = join(folder, name);
      for (const part of ['bin', 'boot', 'conf', 'lib']) await mkdir(join(root, part), { recursive: true });
      await writeFile(join(root, 'bin/mvn'), '#!/bin/sh\n', { mode: 0o755 });
      await writeFile(join(root, 'conf/settings.xml'), text);
      const stage = makeStage({ hostEnv: { PATH: join(root, 'bin') } });
      try {
        const workspace = await stage.driver.open({ id: 'maven', limits: suiteLimits, egress: [] });
        const argv = ['cat', '/opt/tools/maven/conf/settings.xml'];
        const { stdout } = await workspace.exec({ argv, timeoutMs: 20_000 });
        await workspace.close();
        return stdout;
      } finally {
        await stage.dispose();
      }
    };
    const server = '<server><id>own</id><password>hunter2hunter2</password></server>';
    expect(await settings('maven-closed', `<settings><servers>${server}</servers></settings>`)).toBe('<settings/>\n');
    const open = `<settings><!-- ${server} --><offline>false</offline></settings>`;
    expect(await settings('maven-open', open)).toBe(open);
  },
);
test('a folder that is no whole installation is never shown', async () => {
  const path = await lay('other', ['bin/go', 'diary.txt']);
  expect(await hostTools({ PATH: path }, join(folder, 'runtime'))).toEqual({ binds: [], path: [] });
});
test('a machine without any has none', async () => {
  expect(await hostTools({ PATH: '' }, join(folder, 'runtime'))).toEqual({ binds: [], path: [] });
  expect(await hostTools({}, join(folder, 'runtime'))).toEqual({ binds: [], path: [] });
});
