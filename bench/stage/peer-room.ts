import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Peer } from '../peers/programs.ts';
import type { PeerTold } from '../peers/run.ts';
import type { Trouble } from '../peers/script.ts';
import type { Bench } from './bench.ts';
import { endProcess, quietEnvironment } from './factory.ts';
import { command } from './timing.ts';

const program = join(import.meta.dirname, '../peers/run.ts');
const workMs = 240_000;

/** Installs it in a folder of its own, without scripts of packages. Gives the folder; throws with npm's last words. */
export async function installPeer(bench: Bench, peer: Peer): Promise<string> {
  const folder = await bench.folder(`peer-${peer.name}`);
  const npm = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await command([...npm, '--prefix', folder, `${peer.package}@${peer.version}`]);
  if (peer.setup) await command(['env', '-C', folder, ...peer.setup]);
  return folder;
}

/** Lets it work in a sandbox of its own that has loopback and nothing else, not even a way to leave a process behind. */
export async function letPeerWork(
  bench: Bench,
  {
    peer,
    installed,
    trouble,
    looks = '',
  }: { readonly peer: Peer; readonly installed: string; readonly trouble: Trouble; readonly looks?: 'memory' | '' },
): Promise<PeerTold> {
  const room = await bench.folder(`room-${peer.name}`);
  await mkdir(join(room, 'home'));
  const alone = '--unshare-net --unshare-pid --die-with-parent --new-session'.split(' ');
  const files = '--ro-bind / / --dev /dev --proc /proc --tmpfs /tmp'.split(' ');
  const places = ['--ro-bind', installed, installed, '--bind', room, room, '--chdir', room];
  const driven = [process.execPath, program, peer.name, room, JSON.stringify(trouble), String(workMs), looks];
  const path = [join(installed, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']].join(':');
  const child = spawn('bwrap', [...alone, ...files, ...places, ...driven], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...quietEnvironment(), PATH: path },
  });
  bench.after(() => endProcess(child, 'SIGKILL'));
  let [said, complained] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complained = (complained + chunk.toString()).slice(-1000)));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  const told = said.trim().split('\n').at(-1) ?? '';
  if (!told.startsWith('{')) throw new Error(`it could not be driven: ${complained.trim()}`);
  return JSON.parse(told) as PeerTold;
}
