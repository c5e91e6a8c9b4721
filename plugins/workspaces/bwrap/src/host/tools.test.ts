import { spawnSync } from 'node:child_process';
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
/** What a sandbox answers to a script on a machine with this environment. */
async function said(hostEnv: Readonly<Record<string, string | undefined>>, script: string): Promise<string> {
  const stage = makeStage({ hostEnv });
  try {
    const workspace = await stage.driver.open({ id: 'tools', limits: suiteLimits, egress: [] });
    const { stdout, stderr } = await workspace.exec({ argv: ['sh', '-c', script], timeoutMs: 60_000 });
    await workspace.close();
    return stdout + stderr;
  } finally {
    await stage.dispose();
  }
}

/** A Rust that rustup keeps in somebody's home, and before it on PATH a compiler without its cargo. */
async function rustOfHome(name: string): Promise<Readonly<Record<string, string>>> {
  const home = join(folder, name);
  const chosen = join(home, '.rustup/toolchains/chosen');
  for (const path of [
    'half/bin',
    '.cargo/bin',
    '.rustup/toolchains/chosen/bin',
    '.rustup/toolchains/chosen/lib/rustlib',
  ])
    await mkdir(join(home, path), { recursive: true });
  for (const program of ['cargo', 'rustc', 'env'])
    await writeFile(join(chosen, 'bin', program), `#!/bin/sh\necho ${program} of the toolchain\n`, { mode: 0o755 });
  await writeFile(join(home, 'half/bin/rustc'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(home, '.cargo/bin/rustup'), `#!/bin/sh\n[ "$HOME" = "${home}" ] && echo "${chosen}"\n`, {
    mode: 0o755,
  });
  for (const command of ['cargo', 'rustc']) await symlink('rustup', join(home, '.cargo/bin', command));
  await chmod(home, 0o700);
  return { HOME: home, PATH: join(home, 'half/bin') };
}

test.skipIf(noSandbox !== null)(
  `what rustup keeps in a home is seen where PATH does not name it, and goes before the system's commands${noSandbox === null ? '' : ` (skipped: ${noSandbox})`}`,
  async () => {
    expect(await said(await rustOfHome('rustup'), 'cargo; rustc; command -v env')).toBe(
      'cargo of the toolchain\nrustc of the toolchain\n/opt/tools/rust/bin/env\n',
    );
  },
);
const noCargo =
  noSandbox ?? (spawnSync('cargo', ['--version']).status === 0 ? null : 'no Rust here; apt-get install cargo');
test.skipIf(noCargo !== null)(
  `the machine's own cargo compiles in a sandbox${noCargo === null ? '' : ` (skipped: ${noCargo})`}`,
  { timeout: 120_000 },
  async () => {
    const script = `cd /tmp && cargo init -q --vcs none --name seen seen && cd seen && cargo run -q --offline`;
    expect(await said(process.env, script)).toContain('Hello, world!');
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
