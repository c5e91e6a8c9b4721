import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@devfactory/kit';
import { cliToken } from '../auth/cli-token.ts';
import { composePlugins } from '../composition.ts';
import { openGateway } from '../gateway/open-gateway.ts';
import { ideUpstream } from '../ide/ide-upstream.ts';
import { SharedDriver } from '../workspaces/shared-driver.ts';
import { Closers } from './closers.ts';
import { openCore } from './core.ts';
import { makeDataDirectory, openDataDirectory } from './data-directory.ts';
import { digestOf } from './digest.ts';
import { createAdapter, createHttpApp, type RouteFact } from './http-app.ts';
import { holdDataDirectory } from './instance-lock.ts';
import type { Log } from './log.ts';
import type { ServerOptions } from './options.ts';
import type { Doors } from './parts.ts';
import { writeDurably } from './write-durably.ts';

const ownConsole = fileURLToPath(new URL('../../../frontend/dist/', import.meta.url));
const ownManifest = new URL('../../package.json', import.meta.url);

export interface RunningServer {
  readonly url: string;
  /** Logs a browser in, once, within 15 minutes. */
  readonly loginUrl: string;
  readonly port: number;
  /** Where previews and other foreign origins are served. */
  readonly gatewayPort: number;
  /** Every route with its policy, for the test that no route is left open. */
  readonly routes: readonly RouteFact[];
  /** Ends everything in order; runs go on at the next start. May be called twice. */
  close(): Promise<void>;
}

/** Starts the whole factory. Throws DomainError with what to do; what was opened until then is closed again. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const adapter = createAdapter(options.logLevel ?? 'info');
  const { log } = adapter.getInstance();
  const closers = new Closers(() => log);
  let closing: Promise<void> | null = null;
  try {
    const server = await open({ options, adapter, log, closers });
    return { ...server, close: () => (closing ??= closers.close()) };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

interface Opening {
  readonly options: ServerOptions;
  readonly adapter: ReturnType<typeof createAdapter>;
  readonly log: Log;
  readonly closers: Closers;
}

async function open({ options, adapter, log, closers }: Opening): Promise<Omit<RunningServer, 'close'>> {
  const dataDir = resolve(options.dataDir);
  await makeDataDirectory(dataDir);
  closers.add('lock', await holdDataDirectory(dataDir));
  const host = options.host ?? '127.0.0.1';
  await requireFreePort({ host, port: options.port });
  const directory = await openDataDirectory(dataDir);
  const environment = options.environment ?? process.env;
  const ideDir = options.ideDirectory ?? join(directory.runtimeDir, 'ide');
  // It is there before the first sandbox is: what is fetched into it later is seen in those that run.
  await mkdir(ideDir, { recursive: true, mode: 0o755 });
  if (options.ideDirectory === undefined) await chmod(ideDir, 0o755);
  const composed = composePlugins({
    dataDir: directory.path,
    runtimeDir: directory.runtimeDir,
    ideDir,
    environment,
    agents: options.agents ?? [],
    tell: (line) => log.warn({}, line),
  });
  closers.add('models', () => composed.close());
  const plugins = { ...composed, driver: new SharedDriver(composed.driver) };
  const core = await openCore({
    directory,
    databaseUrl: options.databaseUrl ?? null,
    plugins,
    concurrency: options.concurrency ?? 2,
    quotaBytes: options.quotaBytes ?? null,
    environment,
    ide: { directory: ideDir, wanted: options.ide ?? true },
    idleMs: options.idleMs ?? 3_600_000,
    consoleUrl: options.consoleUrl?.replace(/\/+$/, '') ?? null,
    listenMs: options.listenMs === 0 ? null : (options.listenMs ?? 60_000),
    ...(options.limits ? { limits: options.limits } : {}),
    log,
    closers,
  });
  const doors = openDoors(directory.installation);
  const platformToken = await cliToken(directory.path);
  const gateway = await openGateway({
    ...core,
    host,
    port: options.gatewayPort ?? null,
    consolePort: options.port,
    pattern: options.previewOrigin ?? null,
    platformToken,
    upstreams: new Map([
      ['port', core.previews.upstream()],
      ['ide', ideUpstream(core.ides)],
    ]),
    log,
    closers,
  });
  const { app, routes } = await createHttpApp(adapter, {
    core,
    plugins,
    doors,
    about: {
      version: await version(),
      dataDir: directory.path,
      driver: plugins.driver.id,
      signing: { keyId: core.signer.keyId, publicKey: core.signer.publicKey },
    },
    openApi: { text: '{}' },
    cliToken: platformToken,
    gateway,
    hosts: new Set(['localhost', '127.0.0.1', '[::1]', hostName(host), ...(options.allowedHosts ?? [])]),
    consoleDir: options.consoleDir ?? ownConsole,
  });
  closers.add('http', () => app.close());
  // Before http closes: it would wait for open streams.
  closers.add('streams', () => core.streams.close());
  const port = await listen(app, { host, port: options.port });
  doors.origin = `http://${reachable(host)}:${port}`;
  const file = join(directory.path, 'server.json');
  closers.add('server.json', () => rm(file, { force: true }));
  await writeDurably(
    file,
    JSON.stringify({ port, pid: process.pid, url: doors.origin, startedAt: new Date().toISOString() }),
    0o600,
  );
  const loginUrl = doors.loginUrl(await core.sessions.newLoginToken());
  return { url: doors.origin, loginUrl, port, gatewayPort: gateway.port, routes };
}

/** The link's origin is set once the port is known. */
function openDoors(installation: string): Doors & { origin: string } {
  return {
    origin: '',
    // Cookies do not tell ports apart: two factories on one machine need two names.
    cookieName: `devfactory_${digestOf(installation).slice(0, 8)}`,
    loginUrl(token) {
      return `${this.origin}/login?token=${token}`;
    },
  };
}

/** Known before the database is started; the port may still be taken until we listen. */
async function requireFreePort(where: { readonly host: string; readonly port: number }): Promise<void> {
  if (where.port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(where.port, where.host, resolve));
  } catch (error) {
    throw portProblem(error, where);
  } finally {
    probe.close();
  }
}

async function listen(
  app: Awaited<ReturnType<typeof createHttpApp>>['app'],
  where: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await app.listen(where.port, where.host);
  } catch (error) {
    throw portProblem(error, where);
  }
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address !== null ? address.port : where.port;
}

function portProblem(error: unknown, { host, port }: { readonly host: string; readonly port: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') {
    return new DomainError('port_in_use', 'conflict', {
      message: `Port ${port} on ${host} is in use; stop what uses it or take another with --port (0 takes a free one).`,
      cause: error,
    });
  }
  if (code === 'EACCES')
    return new DomainError('port_refused', 'forbidden', {
      message: `Port ${port} needs more rights; use one above 1023 with --port.`,
      cause: error,
    });
  if (code === 'EADDRNOTAVAIL')
    return new DomainError('host_unknown', 'invalid', {
      message: `${host} is no address of this machine.`,
      cause: error,
    });
  return error;
}

function hostName(host: string): string {
  return host.includes(':') ? `[${host}]` : host.toLowerCase();
}

/** A name by which this machine's browser reaches a server that listens everywhere. */
function reachable(host: string): string {
  return ['0.0.0.0', '::', '127.0.0.1'].includes(host) ? '127.0.0.1' : hostName(host);
}

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(ownManifest, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
