import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { testFolder } from '../test-folder.ts';
import { startAzurite, type Azurite, type TestCertificate } from './azurite.ts';

/** A certificate for 127.0.0.1, made by openssl; null where there is none. */
export function makeCertificate(): { readonly cert: string; readonly key: string; remove(): void } | null {
  const folder = testFolder('df-tls-');
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = spawnSync('openssl', [...kind, ...name, '-keyout', key, '-out', cert]);
  const remove = (): void => rmSync(folder, { recursive: true });
  if (made.status === 0) return { cert, key, remove };
  remove();
  return null;
}

/** What gives a machine in Azure its tokens, as App Service has it. Tells what it was asked for, and gives what it gave. */
export async function startManagedIdentity() {
  const header = 'of-this-machine';
  const resources: string[] = [];
  const tokens: string[] = [];
  const server = createServer((request, answer) => {
    if (request.headers['x-identity-header'] !== header) return void answer.writeHead(403).end();
    resources.push(new URL(request.url ?? '', 'http://identity').searchParams.get('resource') ?? '');
    const now = Math.floor(Date.now() / 1000);
    const expires = now + 3600;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      aud: 'https://storage.azure.com',
      iss: 'https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/',
      oid: '11059fcc-5514-4800-b5f8-49808b9cfab6',
      tid: 'ab1f708d-50f6-404c-a006-d71b2ac7a606',
      iat: now,
      nbf: now - 60,
      exp: expires,
    };
    const token = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('none').toString('base64url')}`;
    tokens.push(token);
    answer.setHeader('content-type', 'application/json');
    const body = { access_token: token, expires_on: String(expires), resource: claims.aud, token_type: 'Bearer' };
    answer.end(JSON.stringify(body));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    environment: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
      IDENTITY_HEADER: header,
    },
    asked: () => resources.length,
    resources,
    tokens,
    stop: () => void server.close(),
  };
}

/** An emulator that speaks https and takes tokens of Entra ID, on a machine whose identity gives them; both are gone afterwards. */
export async function withManagedIdentity<T>(
  certificate: TestCertificate,
  use: (azurite: Azurite, asked: () => number) => Promise<T>,
): Promise<T> {
  const azurite = await startAzurite(certificate);
  const identity = await startManagedIdentity();
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, readFileSync(certificate.cert, 'utf8')]);
  Object.assign(process.env, identity.environment);
  try {
    return await use(azurite, identity.asked);
  } finally {
    for (const name of Object.keys(identity.environment)) delete process.env[name];
    setDefaultCACertificates(trusted);
    identity.stop();
    await azurite.stop();
  }
}
