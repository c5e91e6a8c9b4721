import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { runQuietly } from './child.mjs';
import { say, SetupError } from './machine.mjs';
import { withProgress } from './progress.mjs';

/** What Debian and Ubuntu must provide: the package, and how we see that it is there. */
export const runtimePackages = [
  { name: 'bubblewrap', present: () => onPath('bwrap') },
  { name: 'ca-certificates', present: () => existsSync('/etc/ssl/certs/ca-certificates.crt') },
  { name: 'git', present: () => onPath('git') },
  { name: 'python3', present: () => existsSync('/usr/bin/python3') },
  { name: 'python3-venv', present: () => pythonHas('ensurepip') && pythonHas('venv') },
];

/** What only tests use: a browser, and the libraries that a generated Flask project needs where PyPI is out of reach. */
export const testPackages = [
  { name: 'chromium', present: () => findBrowser() !== undefined || !isDebian() },
  { name: 'python3-flask', present: () => pythonHas('flask') },
  { name: 'python3-jwt', present: () => pythonHas('jwt') },
  { name: 'python3-pytest', present: () => pythonHas('pytest') },
];

export function missingPackages(wanted) {
  return wanted.filter((each) => !each.present()).map((each) => each.name);
}

/** The one command that brings everything that is missing. */
export function aptCommand(names) {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

/** Installs by apt as root and answers what is missing afterwards; for anyone else it only looks. */
export async function installMissing(wanted) {
  const missing = missingPackages(wanted);
  if (missing.length === 0 || process.getuid?.() !== 0 || !onPath('apt-get')) return missing;

  say(`Installing ${missing.join(', ')} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  // One mirror of several being down fails the update; the packages may still be there, so the install decides.
  const apt = ['apt-get', ...wait, '-qq'];
  const told = await withProgress('still installing', async () => {
    const update = await runQuietly([...apt, 'update'], { env });
    const install = await runQuietly([...apt, 'install', '-y', '--no-install-recommends', ...missing], { env });
    return install.code === 0 ? '' : update.output + install.output;
  });
  if (told !== '') say(told.trimEnd());
  return missingPackages(wanted);
}

/** Why this kind of machine cannot run us, or nothing: said before anything is installed. */
export function unfit({ platform, arch }) {
  return platform === 'linux' && arch === 'x64'
    ? undefined
    : `DevFactory runs on Linux on x64 (Debian or Ubuntu), and this is ${platform} on ${arch}. Use such a machine, or a virtual one.`;
}

export async function requireSystemPackages() {
  const why = unfit(process);
  if (why !== undefined) throw new SetupError(why);
  const missing = await installMissing(runtimePackages);
  if (missing.length === 0) return;
  throw new SetupError(
    onPath('apt-get')
      ? `this machine lacks ${missing.join(', ')}. Run this once, then start again:\n\n  ${aptCommand(missing)}\n`
      : `this machine lacks ${missing.join(', ')} (Debian's names), and has no apt-get. Install them, then start again.`,
  );
}

/** A Chromium that Playwright can drive. Ubuntu's `chromium` is a snap launcher, which does not count. */
export function findBrowser() {
  const named = process.env['DEVFACTORY_CHROMIUM'];
  const candidates = [named, isDebian() ? '/usr/bin/chromium' : undefined, '/usr/bin/google-chrome'];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false; // No such file: not a Debian.
  }
}

function onPath(command) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/bin'];
  return folders.some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Absent or not ours to run: for us the same.
  }
}

/** Looks for the module's folder or file: starting Python would cost every warm start 50 ms. */
function pythonHas(module) {
  if (!existsSync('/usr/bin/python3')) return false;
  const version = basename(realpathSync('/usr/bin/python3'));
  const folders = [`/usr/lib/${version}`, '/usr/lib/python3/dist-packages'];
  return folders.some((folder) => existsSync(join(folder, module)) || existsSync(join(folder, `${module}.py`)));
}
