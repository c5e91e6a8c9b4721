import { Socket } from 'node:net';
import { listenForHost } from './inside/doors.ts';
import { watchMemory } from './inside/memory-watch.ts';
import { killStrays } from './inside/process-tree.ts';
import { Service } from './inside/serve.ts';
import { Connection } from './protocol/connection.ts';
import { egressPort, modelsPort } from './protocol/requests.ts';
import type { Request, SandboxRequest, SupervisorSettings } from './protocol/requests.ts';

/** Runs inside the sandbox until the host lets go of the connection; then everything in the sandbox ends. */
async function main(): Promise<void> {
  process.umask(0o022);
  const settings = JSON.parse(process.argv[2] ?? '') as SupervisorSettings;
  const service = new Service(settings);
  const stream = new Socket({ fd: settings.fd, readable: true, writable: true });
  const connection = new Connection(stream, {
    side: 'sandbox',
    maxForeignChannels: 1000,
    onOpen: (channel, request) => void service.answer(channel, request as Request),
    onClose: () => {
      killStrays([]);
      process.exit(0);
    },
  });
  if (settings.memoryBytes !== null) watchMemory(settings.memoryBytes);
  if (settings.egress) await listenForHost(connection, { op: 'egress', port: egressPort });
  if (settings.models) await listenForHost(connection, { op: 'models', port: modelsPort });
  const request: SandboxRequest = { op: 'ready' };
  const ready = connection.open(request);
  ready.end();
}

void main();
