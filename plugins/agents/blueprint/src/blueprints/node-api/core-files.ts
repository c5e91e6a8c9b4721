import type { Model, ProjectFile } from '../../model/model.ts';
import { resourceFunction } from './resource-files.ts';

/** The parts that every Node project has, whatever it keeps: start, configuration, health. */
export function coreFiles(model: Model): ProjectFile[] {
  return [
    { path: 'src/main.ts', content: main },
    { path: 'src/app.ts', content: app(model) },
    { path: 'src/config.ts', content: config(model) },
    { path: 'src/health.ts', content: health },
  ];
}

const main = `import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const config = readConfig(process.env);
const app = createApp(config);

app.server.listen(config.port, config.host, () => {
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : config.port;
  console.log(\`listening on http://\${config.host}:\${port}\`);
});

// Requests that are being served are finished; then nothing keeps the process alive.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void app.close());
}
`;

function app(model: Model): string {
  const things = model.entities.map((entity) => entity.plural).toSorted();
  const imports = [
    ...(model.auth
      ? [
          "import { Accounts } from './auth/accounts.ts';",
          ...(things.length > 0 ? ["import { guard } from './auth/guard.ts';"] : []),
          "import { authRoutes } from './auth/routes.ts';",
          "import { Tokens } from './auth/tokens.ts';",
        ]
      : []),
    "import type { Config } from './config.ts';",
    "import { healthRoutes } from './health.ts';",
    "import { Router } from './http/router.ts';",
    "import { serve } from './http/server.ts';",
    ...things.map(
      (plural) => `import { ${resourceFunction(plural)} } from './resources/${plural.replaceAll('_', '-')}.ts';`,
    ),
    "import { openDatabase } from './storage/database.ts';",
  ];
  const guarded = things.map((plural) => `...${resourceFunction(plural)}(database)`);
  const line = `    ...guard(tokens, [${guarded.join(', ')}]),\n`;
  const block = `    ...guard(tokens, [\n${guarded.map((item) => `      ${item},\n`).join('')}    ]),\n`;
  const open = guarded.map((item) => `    ${item},\n`).join('');
  const resources = model.auth && guarded.length > 0 ? (line.length <= 121 ? line : block) : open;
  return `import { once } from 'node:events';
import type { Server } from 'node:http';
${imports.join('\n')}

export interface App {
  readonly server: Server;
  /** Finishes what is being served, then closes the database. */
  close(): Promise<void>;
}

/** Builds an application of its own; tests call this with their configuration. */
export function createApp(config: Config): App {
  const database = openDatabase(config.databasePath);
${model.auth ? '  const accounts = new Accounts(database);\n  const tokens = new Tokens(accounts, config);\n' : ''}  const router = new Router([
    ...healthRoutes(database),
${model.auth ? '    ...authRoutes(accounts, tokens),\n' : ''}${resources}  ]);
  const server = serve(router);

  return {
    server,
    async close() {
      if (server.listening) {
        server.close();
        server.closeIdleConnections();
        await once(server, 'close');
      }
      if (database.isOpen) database.close();
    },
  };
}
`;
}

function config(model: Model): string {
  const { auth } = model;
  const fields = auth ? '  readonly jwtSecret: string;\n  readonly jwtSeconds: number;\n' : '';
  const values = auth
    ? `    jwtSecret: readSecret(env),\n    jwtSeconds: readWhole(env, 'JWT_SECONDS', ${auth.tokenSeconds}),\n`
    : '';
  const secret = auth
    ? `
const shortestSecret = 32;

function readSecret(env: NodeJS.ProcessEnv): string {
  const secret = env['JWT_SECRET'] ?? '';
  if (env['NODE_ENV'] === 'production' && secret.length < shortestSecret) {
    throw new Error(\`Set JWT_SECRET to at least \${shortestSecret} characters in production.\`);
  }
  // Without a secret each instance makes up its own: tokens then end with the process.
  return secret || randomBytes(32).toString('hex');
}
`
    : '';
  return `${auth ? "import { randomBytes } from 'node:crypto';\n\n" : ''}/** Settings of one application. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databasePath: string;
${fields}}

/** Reads the settings once at the start; throws when one makes no sense. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    host: env['HOST'] ?? '127.0.0.1',
    port: readWhole(env, 'PORT', ${model.port}),
    databasePath: env['DATABASE'] ?? 'data/app.db',
${values}  };
}

function readWhole(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name] ?? String(fallback);
  if (!/^\\d{1,9}$/.test(text)) throw new Error(\`\${name} must be a whole number, not '\${text}'.\`);
  return Number(text);
}
${secret}`;
}

const health = `import type { DatabaseSync } from 'node:sqlite';
import type { Route } from './http/router.ts';

/** Tells load balancers and monitors that the service answers. */
export function healthRoutes(database: DatabaseSync): Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      handle: () => {
        database.prepare('SELECT 1').get();
        return { status: 200, body: { status: 'ok' } };
      },
    },
  ];
}
`;
