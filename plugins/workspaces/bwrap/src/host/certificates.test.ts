import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostCertificates } from './certificates.ts';

test('what the system alone trusts is handed in too, for programs that look at no system store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-host-'));
  const system = join(folder, 'system.pem');
  const certificate = '-----BEGIN CERTIFICATE-----\nCORP\n-----END CERTIFICATE-----';
  await writeFile(system, certificate);
  const found = hostCertificates({}, '/etc/ssl/own.pem', [system]);
  expect(found?.bundle).toContain(certificate);
  expect(found?.env).toMatchObject({ NODE_EXTRA_CA_CERTS: '/etc/ssl/own.pem', PIP_CERT: '/etc/ssl/own.pem' });
  expect(hostCertificates({}, '/etc/ssl/own.pem', [join(folder, 'none')])).toBeNull();
  await rm(folder, { recursive: true });
});
