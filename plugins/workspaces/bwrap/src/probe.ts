import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { failure } from './errors.ts';
import { readText } from './limits/control-files.ts';

const run = promisify(execFile);

export interface Features {
  readonly version: string;
  readonly disableUserns: boolean;
  /** The kernel takes filters for system calls. */
  readonly seccomp: boolean;
}

const tools = [
  { command: 'bwrap', package: 'bubblewrap' },
  { command: 'setpriv', package: 'util-linux' },
  { command: 'prlimit', package: 'util-linux' },
  { command: 'bash', package: 'bash' },
  { command: 'find', package: 'findutils' },
] as const;

/** What this machine's tools can do. Throws workspace_unavailable where one is missing. */
export async function readFeatures(): Promise<Features> {
  if (process.platform !== 'linux')
    throw failure('workspace_unavailable', `Sandboxes need Linux; this is ${process.platform}.`);
  const missing = tools.filter(({ command }) => !isInstalled(command));
  if (missing.length > 0) {
    const names = missing.map(({ command }) => command).join(', ');
    throw failure(
      'workspace_unavailable',
      `Not installed: ${names}. Run: ${installCommand(missing.map((tool) => tool.package))}`,
    );
  }
  const [{ stdout: version }, { stdout: help }] = await Promise.all([
    run('bwrap', ['--version']),
    run('bwrap', ['--help']),
  ]);
  const status = await readText('/proc/self/status').catch(() => null);
  return {
    version: version.trim().replace(/^bubblewrap /, ''),
    disableUserns: help.includes('--disable-userns'),
    seccomp: /^Seccomp:/m.test(status ?? ''),
  };
}

function isInstalled(command: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(':')
    .some((folder) => folder.startsWith('/') && existsSync(`${folder}/${command}`));
}

const sudo = (): string => (process.getuid?.() === 0 ? '' : 'sudo ');

function installCommand(packages: readonly string[]): string {
  const names = [...new Set(packages)].join(' ');
  if (existsSync('/usr/bin/apt-get')) return `${sudo()}apt-get install -y ${names}`;
  if (existsSync('/usr/bin/dnf')) return `${sudo()}dnf install -y ${names}`;
  return `install ${names} with this system's package tool`;
}

/** Why the sandbox does not start here, and the command that mends it. */
export async function findProblem(error: unknown): Promise<{ readonly found: string; readonly fix: string }> {
  const found = error instanceof Error ? error.message : String(error);
  const named = /^(.*) Run: (.+)$/s.exec(found);
  if (named) return { found: named[1] ?? found, fix: named[2] ?? '' };
  if (/proc on|mount proc/i.test(found))
    return { found, fix: inContainer('this container hides parts of /proc, so no sandbox can have its own') };
  if (/namespace|uid map|Operation not permitted|Permission denied|No permissions/i.test(found))
    return { found, fix: await namespaceFix() };
  return { found, fix: '' };
}

async function namespaceFix(): Promise<string> {
  const setting = async (path: string): Promise<string> => (await readText(`/proc/sys/${path}`)).trim();
  if ((await setting('user/max_user_namespaces')) === '0') return `${sudo()}sysctl -w user.max_user_namespaces=15000`;
  if ((await setting('kernel/unprivileged_userns_clone')) === '0')
    return `${sudo()}sysctl -w kernel.unprivileged_userns_clone=1`;
  if ((await setting('kernel/apparmor_restrict_unprivileged_userns')) === '1') return appArmorProfile();
  if (existsSync('/.dockerenv') || existsSync('/run/.containerenv'))
    return inContainer('the container forbids user namespaces');
  return 'Allow unprivileged user namespaces on this machine (a seccomp or AppArmor rule refuses them).';
}

function appArmorProfile(): string {
  const text =
    'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n';
  return `printf '${text}' | ${sudo()}tee /etc/apparmor.d/bwrap > /dev/null && ${sudo()}apparmor_parser -r /etc/apparmor.d/bwrap`;
}

function inContainer(why: string): string {
  return `Start the container with: --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined (${why}).`;
}
