import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceLimits } from '@devfactory/kit';
import type { SupervisorSettings } from '@devfactory/supervisor';
import type { Place } from './places.ts';
import type { Runtime } from './runtime.ts';

/** A read-only sight of something on the host. */
export interface Bind {
  readonly from: string;
  readonly at: string;
  /** Folders below it, relative, that are empty and writable instead. */
  readonly scratch?: readonly string[];
}

export interface Profile {
  readonly runtime: Runtime;
  readonly place: Place;
  readonly limits: WorkspaceLimits;
  readonly env: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
  /** Folders of the host's languages, before the system's own on PATH: the host chose them, and a command of the same name there may lead to what a sandbox has not. */
  readonly toolPath: readonly string[];
  readonly egress: boolean;
  readonly models: boolean;
  /** Paths below /workspace that come from elsewhere. */
  readonly mounts: readonly string[];
  /** What this bubblewrap can do beyond what the oldest can. */
  readonly disableUserns: boolean;
  /** System calls are filtered: the launcher opens the filter at `filterFd`. */
  readonly filtered: boolean;
  /** Names in the host's /etc. */
  readonly etcNames: readonly string[];
  /** Command that sets the limits of the processes inside and goes on with what follows it. */
  readonly processLimits: readonly string[];
  /** The supervisor watches memory, where no cgroup can. */
  readonly watchMemory: boolean;
}

export const connectionFd = 3;
export const infoFd = 4;
export const filterFd = 5;

const home = '/home/dev';
const nodeAt = '/opt/node/bin';
const nodeLibraryAt = '/opt/node/lib';
const supervisorAt = '/opt/supervisor';
const runBytes = 16 * 1024 * 1024;

/** What programs need of the host's /etc: how they find libraries, alternatives, certificates and their own configuration. */
const etcPaths = [
  'alternatives',
  'ca-certificates',
  'fonts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'maven',
  'mime.types',
  'os-release',
  'pki/tls',
  'pki/ca-trust',
  'pki/java',
  'protocols',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'timezone',
] as const;
const etcPatterns = [/^java-\d+/, /^python3/, /^php$/, /^perl$/];

/** The whole command line after the user switch: bubblewrap, the walls, and the supervisor inside them. */
export function bwrapCommand(profile: Profile): string[] {
  return [
    'bwrap',
    ...walls(profile),
    ...system(profile),
    ...own(profile),
    '--',
    ...profile.processLimits,
    ...supervisor(profile),
  ];
}

function walls(profile: Profile): string[] {
  const namespaces = ['user', 'pid', 'net', 'ipc', 'uts', 'cgroup'].map((name) => `--unshare-${name}`);
  const nested = profile.disableUserns ? ['--disable-userns'] : [];
  const filter = profile.filtered ? ['--seccomp', String(filterFd)] : [];
  const identity = ['--uid', '1000', '--gid', '1000', '--hostname', 'workspace'];
  return [
    ...namespaces,
    ...nested,
    ...filter,
    ...identity,
    '--cap-drop',
    'ALL',
    '--new-session',
    '--die-with-parent',
    '--info-fd',
    String(infoFd),
  ];
}

function system(profile: Profile): string[] {
  const { etcFolder } = profile.runtime;
  const etc = [...etcPaths, ...profile.etcNames.filter((name) => etcPatterns.some((pattern) => pattern.test(name)))];
  return [
    ['--ro-bind', '/usr', '/usr'],
    ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap(topFolder),
    ['--dir', '/etc'],
    etc.filter((name) => existsSync(`/etc/${name}`)).flatMap((name) => ['--ro-bind', `/etc/${name}`, `/etc/${name}`]),
    ['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => [
      '--ro-bind',
      join(etcFolder, name),
      `/etc/${name}`,
    ]),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--perms', '1777', '--size', String(profile.limits.tmpBytes), '--tmpfs', '/dev/shm'],
    ['--perms', '1777', '--size', String(profile.limits.tmpBytes), '--tmpfs', '/tmp'],
    ['--perms', '0755', '--size', String(runBytes), '--tmpfs', '/run'],
    ['--dir', '/var', '--symlink', '../tmp', '/var/tmp', '--symlink', '../run', '/var/run'],
  ].flat();
}

/** Merged into /usr on current systems, real folders on others. */
function topFolder(name: string): string[] {
  const path = `/${name}`;
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

function own(profile: Profile): string[] {
  const { runtime, place } = profile;
  const path = [ownPath, ...profile.toolPath, systemPath].join(':');
  const env = Object.entries({ ...baseEnv, PATH: path, ...profile.env });
  return [
    ['--ro-bind', runtime.nodeFolder, nodeAt],
    ['--ro-bind', runtime.nodeLibrary, nodeLibraryAt],
    ['--ro-bind', runtime.supervisorFolder, supervisorAt],
    ['--ro-bind', runtime.supervisorNode, '/opt/supervisor-node'],
    ['--bind', place.home, home, '--bind', place.files, '/workspace'],
    profile.binds.flatMap(({ from, at, scratch = [] }) => [
      '--ro-bind',
      from,
      at,
      ...scratch.flatMap((path) => ['--size', String(profile.limits.tmpBytes), '--tmpfs', join(at, path)]),
    ]),
    ['--remount-ro', '/dev', '--remount-ro', '/'],
    ['--clearenv', ...env.flatMap(([name, value]) => ['--setenv', name, value])],
    ['--chdir', '/workspace'],
  ].flat();
}

const ownPath = `${home}/.local/bin:${nodeAt}`;
const systemPath = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin';
const baseEnv: Readonly<Record<string, string>> = {
  HOME: home,
  USER: 'dev',
  LOGNAME: 'dev',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
  NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
};

function supervisor(profile: Profile): string[] {
  const settings: SupervisorSettings = {
    root: '/workspace',
    fd: connectionFd,
    egress: profile.egress,
    models: profile.models,
    mounts: profile.mounts,
    memoryBytes: profile.watchMemory ? profile.limits.memoryBytes : null,
    alsoMeasured: [home],
  };
  // It only moves bytes: a small heap keeps its share of the workspace's memory small.
  const flags = ['--max-old-space-size=96', '--max-semi-space-size=1'];
  return ['/opt/supervisor-node', ...flags, `${supervisorAt}/main.js`, JSON.stringify(settings)];
}
