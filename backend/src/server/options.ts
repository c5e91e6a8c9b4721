import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EngineDeps } from '@devfactory/engine';
import { DomainError, type Agent } from '@devfactory/kit';
import { z } from 'zod';

export const defaultPort = 7717;

/** What `startServer` takes. Everything but the data directory has a default. */
export interface ServerOptions {
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1: loopback only. */
  readonly host?: string;
  /** A PostgreSQL of your own instead of the embedded one. */
  readonly databaseUrl?: string;
  /** Further names under which browsers may ask, e.g. behind a proxy. */
  readonly allowedHosts?: readonly string[];
  /** Where previews are served. Default: the port after the console's, or a free one. */
  readonly gatewayPort?: number;
  /** Wildcard origin that leads to the gateway's port, for browsers on other machines: https://*.preview.example.com. */
  readonly previewOrigin?: string;
  /** Runs worked on at the same time. Default 2. */
  readonly concurrency?: number;
  /** Bytes of disk from which on no new run begins. Default: no such limit. */
  readonly quotaBytes?: number;
  /** Folder with the built console. */
  readonly consoleDir?: string;
  /** Where keys and addresses of models may stand; default: the process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The engine's bounds, for tests that cannot wait as long as people can. */
  readonly limits?: EngineDeps['limits'];
  /** Agents beside the built-in ones. */
  readonly agents?: readonly Agent[];
  /** Milliseconds after which what nobody uses in a workspace (a terminal) is ended. Default one hour. */
  readonly idleMs?: number;
  /** Milliseconds between two looks at what is said about deliveries at GitHub. 0: only when a webhook tells. Default one minute. */
  readonly listenMs?: number;
  /** Where people open the console, for links in places outside. Left out: such places name a run without a link. */
  readonly consoleUrl?: string;
  /** False: no VS Code, and none is fetched. */
  readonly ide?: boolean;
  /** Where VS Code is kept once fetched; every user of this machine may read there. Default: in the data directory. */
  readonly ideDirectory?: string;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

const Environment = z.object({
  DATABASE_URL: z.string().optional(),
  DEVFACTORY_DATA_DIR: z.string().optional(),
  DEVFACTORY_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  DEVFACTORY_ALLOWED_HOSTS: z.string().optional(),
  DEVFACTORY_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  DEVFACTORY_PREVIEW_ORIGIN: z.string().optional(),
  DEVFACTORY_CONCURRENCY: z.coerce.number().int().min(1).max(64).optional(),
  DEVFACTORY_QUOTA_MB: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  DEVFACTORY_IDLE_MINUTES: z.coerce.number().int().min(1).max(100_000).optional(),
  DEVFACTORY_GITHUB_POLL_SECONDS: z.coerce.number().int().min(0).max(86_400).optional(),
  DEVFACTORY_CONSOLE_URL: z
    .url({ protocol: /^https?$/ })
    .refine((text) => /^https?:\/\/[^@?#]+$/.test(text), 'is an address without user name and query')
    .optional(),
  DEVFACTORY_IDE_DIR: z.string().optional(),
  DEVFACTORY_IDE: z.enum(['on', 'off']).optional(),
  DEVFACTORY_DOCS_HOSTS: z.string().optional(),
  DEVFACTORY_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  XDG_DATA_HOME: z.string().optional(),
});

/** Options out of the environment, under those given on the command line. Throws invalid_environment. */
export function optionsFrom(environment: NodeJS.ProcessEnv, given: Partial<ServerOptions>): ServerOptions {
  const parsed = Environment.safeParse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  );
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DomainError('invalid_environment', 'invalid', {
      message: `${String(issue?.path[0])} in the environment is not valid: ${issue?.message ?? ''}`,
    });
  }
  const env = parsed.data;
  return {
    port: env.DEVFACTORY_PORT ?? defaultPort,
    ...(env.DATABASE_URL === undefined ? {} : { databaseUrl: env.DATABASE_URL }),
    ...(env.DEVFACTORY_ALLOWED_HOSTS === undefined
      ? {}
      : { allowedHosts: env.DEVFACTORY_ALLOWED_HOSTS.split(',').map((name) => name.trim().toLowerCase()) }),
    ...(env.DEVFACTORY_GATEWAY_PORT === undefined ? {} : { gatewayPort: env.DEVFACTORY_GATEWAY_PORT }),
    ...(env.DEVFACTORY_PREVIEW_ORIGIN === undefined ? {} : { previewOrigin: env.DEVFACTORY_PREVIEW_ORIGIN }),
    ...(env.DEVFACTORY_CONCURRENCY === undefined ? {} : { concurrency: env.DEVFACTORY_CONCURRENCY }),
    ...(env.DEVFACTORY_QUOTA_MB === undefined ? {} : { quotaBytes: env.DEVFACTORY_QUOTA_MB * 1_000_000 }),
    ...(env.DEVFACTORY_GITHUB_POLL_SECONDS === undefined
      ? {}
      : { listenMs: env.DEVFACTORY_GITHUB_POLL_SECONDS * 1000 }),
    ...(env.DEVFACTORY_IDLE_MINUTES === undefined ? {} : { idleMs: env.DEVFACTORY_IDLE_MINUTES * 60_000 }),
    ...(env.DEVFACTORY_CONSOLE_URL === undefined ? {} : { consoleUrl: env.DEVFACTORY_CONSOLE_URL }),
    ...(env.DEVFACTORY_IDE_DIR === undefined ? {} : { ideDirectory: resolve(env.DEVFACTORY_IDE_DIR) }),
    ...(env.DEVFACTORY_IDE === undefined ? {} : { ide: env.DEVFACTORY_IDE === 'on' }),
    ...(env.DEVFACTORY_DOCS_HOSTS === undefined ? {} : { limits: { docsHosts: hostList(env.DEVFACTORY_DOCS_HOSTS) } }),
    ...(env.DEVFACTORY_LOG === undefined ? {} : { logLevel: env.DEVFACTORY_LOG }),
    ...given,
    dataDir: resolve(given.dataDir ?? env.DEVFACTORY_DATA_DIR ?? defaultDataDir(env.XDG_DATA_HOME)),
  };
}

/** `none` is no host at all. */
function hostList(text: string): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase());
  return hosts.filter((host) => host !== '' && host !== 'none');
}

function defaultDataDir(xdgDataHome: string | undefined): string {
  if (process.getuid?.() === 0) return '/var/lib/devfactory';
  return join(xdgDataHome ?? join(homedir(), '.local', 'share'), 'devfactory');
}
