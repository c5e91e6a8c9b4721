import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Answer } from '../forge-shapes.ts';

/** Who asks: a person who may write, one who may not, or the app's key. */
export const people = {
  writer: 'ghp_writer0writer0writer0writer0writer0',
  stranger: 'ghp_stranger0stranger0stranger0stranger',
};
export const app = { id: '12345', installation: 100 };

/** Rights that the app is granted: those that the guide names, and no more. */
const granted = { metadata: 'read', contents: 'write', pull_requests: 'write', checks: 'write', issues: 'write' };

/** npm's emulate as GitHub's API: nobody of ours wrote it. */
export interface Emulator {
  /** The app's private key, as GitHub gives it. */
  readonly key: string;
  ask(
    token: string,
    asked: { readonly method: string; readonly path: string; readonly body?: unknown },
  ): Promise<Answer>;
  close(): Promise<void>;
}

/** Why there is none here, or null. It is a development package: `npm ci` brings it, a first install does not. */
export function whyNotEmulated(): string | null {
  try {
    import.meta.resolve('emulate');
    return null;
  } catch {
    return 'npm’s emulate is not installed: npm ci';
  }
}

/** An organisation `acme` with an empty repository `shop`. `web` is where people see it: links lead there. */
export async function startEmulator(web: string): Promise<Emulator> {
  const { createEmulator } = await import('emulate');
  const pem = { type: 'pkcs1', format: 'pem' } as const;
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: pem,
    publicKeyEncoding: pem,
  });
  const port = await freePort();
  const running = await createEmulator({
    service: 'github',
    port,
    baseUrl: web,
    seed: {
      tokens: {
        [people.writer]: { login: 'grace', scopes: ['repo', 'admin:repo_hook'] },
        [people.stranger]: { login: 'mallory', scopes: ['repo'] },
      },
      github: {
        users: [{ login: 'grace' }, { login: 'mallory' }],
        orgs: [{ login: 'acme', members: [{ login: 'grace', role: 'admin' }] }],
        repos: [{ owner: 'acme', name: 'shop', auto_init: false }],
        apps: [
          {
            app_id: Number(app.id),
            slug: 'devfactory',
            name: 'DevFactory',
            private_key: key,
            permissions: granted,
            events: [],
            installations: [{ installation_id: app.installation, account: 'acme', repository_selection: 'all' }],
          },
        ],
      },
    },
  });
  return {
    key,
    close: () => running.close(),
    async ask(token, { method, path, body }) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json().catch(() => null) };
    },
  };
}

/** emulate takes no 0: it would not say which port that became. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
