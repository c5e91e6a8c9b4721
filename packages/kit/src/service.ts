import { z } from 'zod';

/** Servers for tests that a project may ask for in devfactory.json. */
export const ServiceName = z.enum(['postgresql', 'redis']);
export type ServiceName = z.infer<typeof ServiceName>;

export interface ServiceAddress {
  readonly title: string;
  /** On 127.0.0.1 of the sandbox: each sandbox has a network of its own. */
  readonly port: number;
  /** What every command of the sandbox is given. For tests only: nothing in it is a secret. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a project finds its services, in a workspace and in every check alike. */
export const serviceAddresses: Readonly<Record<ServiceName, ServiceAddress>> = {
  postgresql: {
    title: 'PostgreSQL',
    port: 5432,
    env: {
      DATABASE_URL: 'postgresql://app:app@127.0.0.1:5432/app',
      PGHOST: '127.0.0.1',
      PGPORT: '5432',
      PGUSER: 'app',
      PGPASSWORD: 'app',
      PGDATABASE: 'app',
    },
  },
  redis: { title: 'Redis', port: 6379, env: { REDIS_URL: 'redis://127.0.0.1:6379/0' } },
};

/** Names of all variables that services come with: a runner that clears its environment keeps these. */
export const serviceVariables: readonly string[] = Object.values(serviceAddresses).flatMap(({ env }) =>
  Object.keys(env),
);
