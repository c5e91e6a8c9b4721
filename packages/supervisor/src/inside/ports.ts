import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from '../protocol/channel.ts';
import { egressPort, modelsPort } from '../protocol/requests.ts';

const listening = '0A';
/** The kernel tells nobody about a new listener, so who waits for one looks this often. */
const lookEveryMs = 400;

/** Ports that something in the sandbox listens on, from the kernel's tables. */
export function listeningPorts(): number[] {
  const ports = new Set<number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readTable(table)) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (state === listening) ports.add(Number.parseInt(local.slice(local.indexOf(':') + 1), 16));
    }
  }
  ports.delete(egressPort);
  ports.delete(modelsPort);
  return [...ports].sort((a, b) => a - b);
}

function readTable(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n').slice(1);
  } catch {
    // No IPv6 in this kernel.
    return [];
  }
}

/** Tells the ports, and again whenever they changed, until the host ends its direction or the channel breaks. Looks only meanwhile. */
export async function watchPorts(channel: Channel): Promise<void> {
  const over = new AbortController();
  channel.whenFailed(() => over.abort());
  void channel.next().then(
    () => over.abort(),
    () => over.abort(),
  );
  let told = '';
  while (!over.signal.aborted) {
    const ports = listeningPorts();
    if ((ports.join() || 'none') !== told) await channel.send({ ports });
    told = ports.join() || 'none';
    await pause(lookEveryMs, undefined, { signal: over.signal }).catch(() => undefined);
  }
  channel.end();
}
