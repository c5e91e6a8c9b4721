import { once } from 'node:events';
import type { SessionStore } from '../auth/session.store.ts';
import type { Closers } from '../server/closers.ts';
import type { Log } from '../server/log.ts';
import type { Listener } from '../store/listener.ts';
import { ForeignOrigins } from './foreign-origins.ts';
import { Gateway } from './gateway.ts';
import { Passes } from './passes.ts';
import { ForeignTickets } from './tickets.ts';
import type { Upstreams } from './upstream.ts';

export interface GatewayPlace {
  readonly host: string;
  /** The port that is asked for; null for the one after the console's, or any free one. */
  readonly port: number | null;
  readonly consolePort: number;
  /** DEVFACTORY_PREVIEW_ORIGIN. */
  readonly pattern: string | null;
  readonly platformToken: string;
  readonly upstreams: Upstreams;
  readonly sessions: SessionStore;
  readonly listener: Listener;
  readonly log: Log;
  readonly closers: Closers;
}

export interface OpenGateway {
  readonly port: number;
  readonly tickets: ForeignTickets;
  /** For the console's Content-Security-Policy. */
  readonly sources: readonly string[];
}

/** Opens the door for foreign origins. Throws invalid_environment, and what listening throws when a certain port was asked for. */
export async function openGateway(place: GatewayPlace): Promise<OpenGateway> {
  const passes = new Passes();
  // A bad setting is said before anything listens.
  let origins = new ForeignOrigins(0, place.pattern);
  const gateway = new Gateway({ ...place, passes, origins: () => origins });
  const port = await listen(gateway, place);
  origins = new ForeignOrigins(port, place.pattern);
  const stopListening = place.listener.on('session_ended', (hash) => {
    // After a lost connection nobody knows who logged out meanwhile.
    if (hash !== null) passes.end([hash]);
    else
      void place.sessions.ended(passes.askers()).then(
        (ended) => passes.end(ended),
        () => undefined,
      );
  });
  place.closers.add('gateway', async () => {
    stopListening();
    passes.endAll();
    const closed = once(gateway.server, 'close');
    gateway.server.close();
    gateway.server.closeAllConnections();
    await closed;
  });
  return { port, tickets: new ForeignTickets({ passes, origins: () => origins }), sources: origins.sources() };
}

async function listen({ server }: Gateway, { host, port, consolePort, log }: GatewayPlace): Promise<number> {
  const wanted = port ?? (consolePort === 0 || consolePort === 65_535 ? 0 : consolePort + 1);
  const attempt = async (at: number): Promise<number> => {
    const listening = once(server, 'listening');
    server.listen(at, host);
    await listening;
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : at;
  };
  try {
    return await attempt(wanted);
  } catch (error) {
    // Only where nobody said which: a second factory on this machine has its previews elsewhere.
    if (port !== null || !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const free = await attempt(0);
    log.warn({ port: free }, `port ${wanted} is in use, previews are on another`);
    return free;
  }
}
