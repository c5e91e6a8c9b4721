import { isUtf8 } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DomainError,
  type ExecResult,
  type ExecSpec,
  type RestoreEntry,
  type WalkEntry,
  type Workspace,
} from '@devfactory/kit';

/**
 * A workspace without a wall: a real folder and real processes, for tests of what is built on the port. The walled one is tested
 * together with all of this in backend/test.
 */
export function openFolderWorkspace(directory: string, id = 'folder'): Workspace {
  const at = (path: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${directory}/`), typeof path === 'string' ? Buffer.from(path) : path]);
  const named = (name: { path: string; raw: boolean }): Buffer =>
    at(name.raw ? Buffer.from(name.path, 'base64') : name.path);
  const files: Workspace['files'] = {
    read: async (path) => readFileSync(at(path)),
    write: async (path, bytes, { expected, ...options } = {}) => {
      const old = existsSync(at(path))
        ? createHash('sha256')
            .update(readFileSync(at(path)))
            .digest('hex')
        : null;
      if (expected !== undefined && expected !== old)
        throw new DomainError('file_changed', 'conflict', { message: `${path} is not what it was.` });
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(at(path), bytes, options);
    },
    remove: async (path) => rmSync(at(path), { recursive: true, force: true }),
    list: async () => [],
    walk: async () => walk(directory),
    readMany: async function* (paths) {
      for (const name of paths) {
        let bytes: Buffer | null = null;
        let stamp = '';
        let fresh = true;
        try {
          const readAt = Date.now();
          bytes = readFileSync(named(name));
          stamp = stampOf(named(name));
          fresh = lstatSync(named(name)).ctimeMs >= readAt - 20;
        } catch {
          // Gone or unreadable.
        }
        yield { path: name.path, bytes, stamp, fresh };
      }
    },
    putMany: async (entries) => {
      for await (const entry of entries) put(named(entry), entry);
    },
    removeMany: async (paths) => {
      const all = paths.map((name) => named(name)).toSorted((a, b) => b.length - a.length);
      for (const path of all) removeOne(path);
    },
  };
  const unsupported = (): never => {
    throw new DomainError('unsupported', 'unsupported', {
      message: 'a folder workspace has neither network nor terminals',
    });
  };
  return {
    id,
    files,
    notEnforced: ['everything: this workspace has no wall'],
    exec: (spec) => exec(directory, spec),
    start: unsupported,
    terminal: unsupported,
    ports: async () => [],
    watchPorts: unsupported,
    connect: unsupported,
    egressDecisions: () => [],
    gone: new Promise<string>(() => {}),
    close: async () => {},
  };
}

function put(path: Buffer, entry: RestoreEntry): void {
  if (entry.type === 'directory') {
    mkdirSync(path, { recursive: true });
    chmodSync(path, entry.mode);
    return;
  }
  rmSync(path, { force: true });
  if (entry.type === 'symlink') {
    symlinkSync(entry.target, path);
    return;
  }
  writeFileSync(path, entry.bytes);
  chmodSync(path, entry.mode);
  if (entry.mtimeMs !== null) utimesSync(path, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
}

function removeOne(path: Buffer): void {
  if (!existsSync(path) && !lstatSync(path, { throwIfNoEntry: false })) return;
  try {
    if (lstatSync(path).isDirectory()) rmdirSync(path);
    else rmSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}

function stampOf(path: Buffer): string {
  const stats = lstatSync(path, { bigint: true });
  return [stats.mtimeNs, stats.ctimeNs, stats.size, stats.ino].join('-');
}

function walk(root: string): { entries: WalkEntry[]; leftOut: string[] } {
  const entries: WalkEntry[] = [];
  const leftOut: string[] = [];
  const visit = (prefix: Buffer): void => {
    const folder = Buffer.concat([Buffer.from(`${root}/`), prefix]);
    for (const name of readdirSync(folder, { encoding: 'buffer' }).toSorted(Buffer.compare)) {
      const path = prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
      const whole = Buffer.concat([Buffer.from(`${root}/`), path]);
      const stats = lstatSync(whole, { bigint: true });
      if (
        stats.isDirectory() &&
        name.toString() === 'node_modules' &&
        existsSync(Buffer.concat([folder, Buffer.from('/package.json')]))
      ) {
        leftOut.push(path.toString());
        continue;
      }
      const type = stats.isFile()
        ? 'file'
        : stats.isDirectory()
          ? 'directory'
          : stats.isSymbolicLink()
            ? 'symlink'
            : 'special';
      entries.push({
        ...(isUtf8(path) ? { path: path.toString(), raw: false } : { path: path.toString('base64'), raw: true }),
        type,
        mode: Number(stats.mode & 0o7777n),
        size: Number(stats.size),
        mtimeMs: Number(stats.mtimeNs / 1000n) / 1000,
        stamp: stampOf(whole),
        target: type === 'symlink' ? readlinkSync(whole) : null,
        unreadable: null,
      });
      if (type === 'directory') visit(path);
    }
  };
  visit(Buffer.alloc(0));
  return { entries, leftOut };
}

function exec(directory: string, spec: ExecSpec): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const [command = '', ...args] = spec.argv;
    const child = spawn(command, args, {
      cwd: join(directory, spec.cwd ?? '.'),
      env: { ...process.env, ...spec.env },
      timeout: spec.timeoutMs,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (exitCode, signal) =>
      resolve({ exitCode, signal, timedOut: false, stdout, stderr, dropped: 0, durationMs: 0 }),
    );
    // A command that ends without reading closes the pipe first.
    child.stdin.on('error', () => {});
    child.stdin.end(spec.stdin ?? '');
  });
}
