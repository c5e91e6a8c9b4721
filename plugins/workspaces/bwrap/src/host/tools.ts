import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '@devfactory/kit';
import type { BwrapOptions } from '../options.ts';
import type { Bind } from '../profile.ts';
import { coveredSettings } from './maven-settings.ts';

const run = promisify(execFile);

type Env = Readonly<Record<string, string | undefined>>;

/** Languages that a machine has outside of the system's own folders: what a sandbox sees of them, and what comes on its PATH. */
export interface HostTools {
  readonly binds: readonly Bind[];
  readonly path: readonly string[];
}

interface Tool {
  readonly name: string;
  readonly command: string;
  /** Files below its folder that say it is what it seems: a folder with other things in it is never shown. */
  readonly marks: readonly string[];
}

const tools: readonly Tool[] = [
  { name: 'go', command: 'go', marks: ['VERSION', 'pkg/tool'] },
  { name: 'rust', command: 'rustc', marks: ['lib/rustlib', 'bin/cargo'] },
  { name: 'java', command: 'javac', marks: ['release', 'lib/modules'] },
  { name: 'maven', command: 'mvn', marks: ['boot', 'conf', 'lib'] },
];
const alreadyThere = ['/usr/bin', '/usr/local/bin', '/bin', '/usr', '/usr/local', '/'];

/**
 * Finds them as the host's own PATH does, and after that where their installers put them in a home: a service's PATH is short. What lies below
 * /usr is there anyway; the rest is shown read-only below /opt/tools, from a copy (of links, where the disk is the same) when other users
 * cannot go where it lies. An installation of which a part is missing is passed over for the next.
 */
export async function hostTools(env: Env, runtimeDir: string): Promise<HostTools> {
  const found = await Promise.all(tools.map((tool) => locate(tool, env, runtimeDir)));
  const present = found.filter((each) => each !== null);
  const binds = present.flatMap(({ bind }) => (bind === null ? [] : [bind]));
  return {
    binds: [...binds, ...(await coveredSettings(binds, { path: present.map(({ path }) => path), runtimeDir }))],
    path: present.map(({ path }) => path),
  };
}

/** What the host shows beside them. A program that cannot be had here is left out: what needs it says so. */
export async function shownPrograms(programs: NonNullable<BwrapOptions['programs']>): Promise<readonly Bind[]> {
  const binds = await Promise.all(
    programs.map(async ({ name, folder }): Promise<readonly Bind[]> => {
      try {
        return [{ from: await folder(), at: `/opt/tools/${name}` }];
      } catch (error) {
        if (error instanceof DomainError) return [];
        throw error;
      }
    }),
  );
  return binds.flat();
}

async function locate(
  tool: Tool,
  env: Env,
  runtimeDir: string,
): Promise<{ readonly bind: Bind | null; readonly path: string } | null> {
  const folder = await folderOf(tool, env);
  if (folder === null || alreadyThere.includes(folder)) return null;
  if (folder.startsWith('/usr/')) return { bind: null, path: join(folder, 'bin') };
  const at = `/opt/tools/${tool.name}`;
  const from = openToAll(folder) ? folder : await copied(folder, tool, runtimeDir);
  return from === null ? null : { bind: { from, at }, path: `${at}/bin` };
}

/** Where the first whole installation begins: `bin/` lies in it. */
async function folderOf(tool: Tool, env: Env): Promise<string | null> {
  for (const path of lookedThrough(env)) {
    const command = join(path, tool.command);
    const folder = isProgram(command) ? await installationOf(command, env) : null;
    if (folder !== null && tool.marks.every((mark) => existsSync(join(folder, mark)))) return folder;
  }
  return null;
}

function lookedThrough(env: Env): readonly string[] {
  const { PATH: path = '', HOME: home, CARGO_HOME: cargo } = env;
  const usual = home?.startsWith('/')
    ? ['.cargo/bin', '.local/go/bin', '.sdkman/candidates/java/current/bin', '.sdkman/candidates/maven/current/bin']
        .map((folder) => join(home, folder))
        .concat('/usr/local/go/bin')
    : [];
  const folders = [...path.split(delimiter), ...(cargo === undefined ? [] : [join(cargo, 'bin')]), ...usual];
  return folders.filter((folder) => folder.startsWith('/'));
}

/** rustup's command only leads to the toolchain that is chosen. */
async function installationOf(command: string, env: Env): Promise<string | null> {
  try {
    const program = await realpath(command);
    if (basename(program) !== 'rustup') return dirname(dirname(program));
    const { stdout } = await run(command, ['--print', 'sysroot'], { cwd: '/', env: { ...env }, timeout: 10_000 });
    return await realpath(stdout.trim());
  } catch {
    return null; // A link that leads nowhere, or no toolchain chosen: as if it were not there.
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether each folder on the way lets everybody pass. As a plain user sandboxes are that same user. */
function openToAll(folder: string): boolean {
  if (process.getuid?.() !== 0) return true;
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o005) !== 0o005 && (path === folder || (statSync(path).mode & 0o001) === 0))
      return false;
    if (path === dirname(path)) return true;
  }
}

/** Made once for each version: its name is the stamp of what was there. Null when there is no room or no right. */
async function copied(folder: string, tool: Tool, runtimeDir: string): Promise<string | null> {
  const stamps = [folder, ...tool.marks.map((mark) => join(folder, mark))].map(
    (path) => `${path}:${statSync(path).mtimeMs}`,
  );
  const target = join(
    runtimeDir,
    `${tool.name}-${createHash('sha256').update(stamps.join()).digest('hex').slice(0, 16)}`,
  );
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}.draft`;
  try {
    await mkdir(runtimeDir, { recursive: true, mode: 0o755 });
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o755 });
    // Documentation is what is large and not needed.
    const parts = (await readdir(folder)).filter((name) => name !== 'share').map((name) => join(folder, name));
    // Links where the disk is the same: gigabytes in a moment.
    await run('cp', ['-al', '--', ...parts, draft]).catch(() => run('cp', ['-a', '--', ...parts, draft]));
    await rename(draft, target);
    return target;
  } catch {
    await rm(draft, { recursive: true, force: true });
    return existsSync(target) ? target : null;
  }
}
