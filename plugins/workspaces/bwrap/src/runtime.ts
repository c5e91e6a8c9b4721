import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  chmod,
  copyFile,
  cp,
  link,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { supervisorProgram } from '@devfactory/supervisor';
import type { ProgramFile } from '@devfactory/supervisor';
import { systemCallFilter } from './system-calls.ts';

/** What every sandbox shares, laid out where any user can reach it. */
export interface Runtime {
  /** Node for the programs inside; its folder goes on PATH. */
  readonly nodeFolder: string;
  /** Node's own npm, which the links in `nodeFolder` lead to when this lies beside it. */
  readonly nodeLibrary: string;
  /** Node for the supervisor. May be executed but not read: the kernel then lets nobody inside trace it or look into its memory. */
  readonly supervisorNode: string;
  readonly supervisorFolder: string;
  readonly etcFolder: string;
  /** What the kernel is to refuse inside; null where there is none for this processor. */
  readonly systemCalls: string | null;
}

const run = promisify(execFile);
const systemCallsFile = 'system-calls.bpf';

const require = createRequire(import.meta.url);

const etcFiles: Readonly<Record<string, string>> = {
  passwd:
    'root:x:0:0:root:/:/usr/sbin/nologin\ndev:x:1000:1000:dev:/home/dev:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n',
  group: 'root:x:0:\ndev:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost workspace\n::1 localhost ip6-localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

/**
 * Lays the runtime out once per content: a folder whose name is the stamp of what is in it, complete as soon as it has that name.
 * A new version gets a new folder, so that sandboxes which run keep theirs.
 */
export async function prepareRuntime(runtimeDir: string, node: string): Promise<Runtime> {
  const program = supervisorProgram();
  const source = await realpath(node);
  const folder = join(runtimeDir, await stampOf(source, program));
  if (!existsSync(folder)) {
    await mkdir(runtimeDir, { recursive: true, mode: 0o755 });
    await removeAbandoned(runtimeDir);
    const draft = `${folder}.${process.pid}.draft`;
    await rm(draft, { recursive: true, force: true });
    await layOut(draft, source, program);
    await rename(draft, folder).catch((error: unknown) => {
      // Someone else was faster; both have the same content.
      if (!existsSync(folder)) throw error;
    });
    await rm(draft, { recursive: true, force: true });
  }
  return {
    nodeFolder: join(folder, 'bin'),
    nodeLibrary: join(folder, 'lib'),
    supervisorNode: join(folder, 'supervisor-node'),
    supervisorFolder: join(folder, 'supervisor'),
    etcFolder: join(folder, 'etc'),
    systemCalls: systemCallFilter(process.arch) && join(folder, systemCallsFile),
  };
}

async function stampOf(node: string, program: readonly ProgramFile[]): Promise<string> {
  const { size, mtimeMs } = await stat(node);
  const hash = createHash('sha256').update(JSON.stringify([node, size, mtimeMs, npmVersion(), etcFiles]));
  hash.update(systemCallFilter(process.arch) ?? '');
  for (const { path, content } of program) hash.update(`\0${path}\0`).update(content);
  return hash.digest('hex').slice(0, 20);
}

async function layOut(draft: string, node: string, program: readonly ProgramFile[]): Promise<void> {
  await place(draft, 'bin/node', { copy: node, mode: 0o755 });
  await place(draft, 'supervisor-node', { copy: node, mode: 0o111 });
  await layOutNpm(draft);
  for (const { path, content } of program) await place(draft, join('supervisor', path), { content, mode: 0o644 });
  const filter = systemCallFilter(process.arch);
  if (filter) await place(draft, systemCallsFile, { content: filter, mode: 0o644 });
  for (const [name, content] of Object.entries(etcFiles))
    await place(draft, join('etc', name), { content, mode: 0o644 });
}

function npmSource(): string {
  return dirname(require.resolve('npm/package.json'));
}

function npmVersion(): string {
  return readFileSync(join(npmSource(), 'package.json'), 'utf8').match(/"version":\s*"([^"]+)"/)?.[1] ?? '';
}

/** The npm that comes with us: a machine's own may be missing, too old for this Node, or where no other user can read. */
async function layOutNpm(draft: string): Promise<void> {
  const target = join(draft, 'lib/node_modules/npm');
  const source = npmSource();
  const papers = [join(source, 'docs'), join(source, 'man')];
  await cp(source, target, { recursive: true, verbatimSymlinks: true, filter: (path) => !papers.includes(path) });
  for (const command of ['npm', 'npx']) {
    await chmod(join(target, `bin/${command}-cli.js`), 0o755);
    await symlink(`../lib/node_modules/npm/bin/${command}-cli.js`, join(draft, 'bin', command));
  }
  await run('chmod', ['-R', 'u+rwX,go+rX,go-w', join(draft, 'lib')]);
  // Thousands of small files: one flush for all of them.
  await run('sync', ['-f', draft]);
}

type Placed = { readonly mode: number } & ({ readonly copy: string } | { readonly content: string | Uint8Array });

async function place(root: string, path: string, what: Placed): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await openFolders(root, dirname(target));
  if ('copy' in what && (await linked(what.copy, target, what.mode))) return;
  if ('copy' in what) await copyFile(what.copy, target);
  else await writeFile(target, what.content);
  const file = await open(target, 'r+');
  await file.sync();
  await file.close();
  // The umask may be strict; sandboxes run as other users.
  await chmod(target, what.mode);
}

async function openFolders(root: string, path: string): Promise<void> {
  for (let folder = path; folder.length >= root.length; folder = dirname(folder)) await chmod(folder, 0o755);
}

/** Node is large: on the same disk a second name for the same file will do, where its mode is the one wanted. */
async function linked(source: string, target: string, mode: number): Promise<boolean> {
  if (((await stat(source)).mode & 0o777) !== mode) return false;
  return link(source, target).then(
    () => true,
    () => false,
  );
}

/** Drafts of processes that died while they laid out. */
async function removeAbandoned(runtimeDir: string): Promise<void> {
  for (const name of await readdir(runtimeDir)) {
    const pid = /\.(\d+)\.draft$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      await rm(join(runtimeDir, name), { recursive: true, force: true });
  }
}
