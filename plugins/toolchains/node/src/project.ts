import { type Command, type Project, type ProjectFile, readProjectFile, type SourceView } from '@devfactory/kit';
import { type PackageManifest, readManifest } from './manifest.ts';

const installMs = 600_000;
const buildMs = 300_000;
/** Options that a project's .npmrc or the environment might set stay out of it. */
const env = { NODE_OPTIONS: '', npm_config_update_notifier: 'false' };
/** Where Vite, vitest and the many that use `find-cache-dir` write beside the packages. */
const scratch = ['.cache', '.vite', '.vite-temp', '.vitest', '.tmp'].map((name) => `node_modules/${name}`);
const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json'];
const codeFile = /\.(?:[cm]?js|[cm]?ts)$/;
/** Entries by convention, the likeliest first. */
const entryNames = ['server', 'app', 'main', 'index'].flatMap((name) => [name, `src/${name}`]);
const entrySuffixes = ['js', 'mjs', 'cjs', 'ts', 'mts'];

/** Node projects: by package.json, by devfactory.json, or by an entry file or tests in the root's usual places. */
export async function detectNode(
  source: SourceView,
  { registry, hosts }: { readonly registry: string | null; readonly hosts: readonly string[] },
): Promise<Project | null> {
  const named = await readProjectFile(source, 'node');
  const manifest = await readManifest(source);
  const entry = entryOf(source, manifest);
  const hasTests = source.paths.some((path) => /^tests?\/.*\.test\.[cm]?[jt]s$/.test(path));
  const isNamed = named !== null && !('broken' in named);
  if (manifest === null && !isNamed && entry === null && !hasTests) return null;

  const words = isNamed ? named : null;
  const needsInstall =
    manifest === 'broken' || (manifest !== null && (manifest.dependencies.length > 0 || manifest.workspaces));
  const lock = lockFiles.find((path) => source.paths.includes(path));
  return {
    toolchain: 'node',
    title: titleOf(source, lock),
    install: needsInstall ? [await installCommand(source, { lock, registry })] : [],
    manifests: source.paths.filter(
      (path) => [...lockFiles, 'package.json'].includes(path) || path.endsWith('/package.json'),
    ),
    dependencyPaths: needsInstall ? ['node_modules'] : [],
    scratchPaths: needsInstall ? scratch : [],
    binPaths: needsInstall ? ['node_modules/.bin'] : [],
    registryHosts: hosts,
    build: named !== null && 'broken' in named ? [failing(named.broken)] : buildOf(source, { manifest, words, entry }),
    serve: (port) => serveOf({ manifest, words, entry }, port),
    preview: (port) => previewOf({ manifest, words }, port),
  };
}

interface Found {
  readonly manifest: PackageManifest | 'broken' | null;
  readonly words: ProjectFile | null;
  readonly entry: string | null;
}

function titleOf(source: SourceView, lock: string | undefined): string {
  const language = source.paths.includes('tsconfig.json') ? 'TypeScript on Node' : 'Node';
  return `${language} ${lock ? `with ${lock}` : 'without a lock file'}`;
}

/** No script of any package or of the project runs; `git` is switched off because a project's .npmrc may name any program for it. */
async function installCommand(
  source: SourceView,
  { lock, registry }: { readonly lock: string | undefined; readonly registry: string | null },
): Promise<Command> {
  const npmrc = (await source.read('.npmrc')) ?? '';
  // Line by line: a pattern over all of a stranger's text would try its empty lines over and over.
  const isLenient = npmrc.split('\n').some((line) => line.replaceAll(/\s/g, '') === 'legacy-peer-deps=true');
  const lenient = isLenient ? ['--legacy-peer-deps'] : [];
  const safe = [
    '--ignore-scripts',
    '--git=/bin/false',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(registry === null ? [] : [`--registry=${registry}`]),
  ];
  const retries = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const words = lock ? ['npm', 'ci'] : ['npm', 'install', '--no-package-lock'];
  return { argv: [...words, ...safe, ...retries, ...lenient], env, timeoutMs: installMs };
}

/** The project's own build script, or the TypeScript compiler where the entry is only there after compiling. */
function buildOf(source: SourceView, { manifest, words, entry }: Found): Command[] {
  if (words?.build) return words.build.map((argv) => ({ argv, env, timeoutMs: buildMs }));
  if (manifest === null || manifest === 'broken') return [];
  const scripts = ['prebuild', 'build', 'postbuild'].flatMap((name) => manifest.scripts[name] ?? []);
  if (manifest.scripts['build'] !== undefined) return scripts.map((script) => shell(script, buildMs));
  const compiled =
    entry === null && source.paths.includes('tsconfig.json') && manifest.dependencies.includes('typescript');
  return compiled ? [{ argv: ['tsc', '-p', 'tsconfig.json'], env, timeoutMs: buildMs }] : [];
}

function serveOf({ manifest, words, entry }: Found, port: number): Command | null {
  const address = { ...env, PORT: String(port), HOST: '127.0.0.1' };
  if (words?.serve)
    return { argv: words.serve.map((word) => word.replaceAll('${PORT}', String(port))), env: address, timeoutMs: 0 };
  if (manifest !== null && manifest !== 'broken') {
    const start = manifest.scripts['start'];
    if (start !== undefined)
      return { ...shell([manifest.scripts['prestart'], start].filter(Boolean).join(' && '), 0), env: address };
    if (entry === null && manifest.main !== null) return { argv: ['node', manifest.main], env: address, timeoutMs: 0 };
  }
  return entry === null ? null : { argv: ['node', entry], env: address, timeoutMs: 0 };
}

/** The `dev` script, as most projects call it, or Vite by itself. */
function previewOf({ manifest, words }: Pick<Found, 'manifest' | 'words'>, port: number): Command | null {
  const address = { ...env, PORT: String(port), HOST: '127.0.0.1' };
  if (words?.serve || manifest === null || manifest === 'broken') return null;
  const dev = manifest.scripts['dev'];
  if (dev !== undefined)
    return { ...shell([manifest.scripts['predev'], dev].filter(Boolean).join(' && '), 0), env: address };
  const isVite = manifest.dependencies.includes('vite') && manifest.scripts['start'] === undefined;
  return isVite ? { argv: ['vite', '--port', String(port)], env: address, timeoutMs: 0 } : null;
}

/** An entry file that is in the tree. */
function entryOf(source: SourceView, manifest: PackageManifest | 'broken' | null): string | null {
  const there = new Set(source.paths);
  const main = manifest !== null && manifest !== 'broken' ? manifest.main : null;
  if (main !== null && there.has(main) && codeFile.test(main)) return main;
  const known = entryNames.flatMap((name) => entrySuffixes.map((suffix) => `${name}.${suffix}`));
  return known.find((path) => there.has(path)) ?? null;
}

/** A script of package.json as npm would run it, with the project's tools on PATH. */
function shell(script: string, timeoutMs: number): Command {
  return { argv: ['/bin/sh', '-c', script], env, timeoutMs };
}

function failing(why: string): Command {
  return { argv: ['/bin/sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', why], timeoutMs: 10_000 };
}
