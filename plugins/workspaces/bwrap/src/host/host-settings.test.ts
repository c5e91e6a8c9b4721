import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicRegistries } from '@devfactory/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reachableHosts, wayOut } from './host-settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-host-'));
});
afterAll(() => rm(folder, { recursive: true }));

const certificate = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;

test("the host's certificates come in one file, without what else lies in theirs", async () => {
  const path = join(folder, 'own.pem');
  await writeFile(path, `${certificate('OWN')}\n-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n`);
  const { env, binds } = await wayOut({ NODE_EXTRA_CA_CERTS: path, HOME: folder }, join(folder, 'runtime'));
  const [bind] = binds;
  const bundle = await readFile(bind?.from ?? '', 'utf8');
  expect(bundle).toContain(certificate('OWN'));
  expect(bundle).not.toContain('SECRET');
  expect((await stat(bind?.from ?? '')).mode & 0o777).toBe(0o644);
  expect(env).toMatchObject({
    NODE_EXTRA_CA_CERTS: bind?.at,
    PIP_CERT: bind?.at,
    GIT_SSL_CAINFO: bind?.at,
    NODE_USE_ENV_PROXY: '1',
  });
});

test('registries of the host are passed on unless they hold a password', async () => {
  await writeFile(
    join(folder, '.npmrc'),
    'registry=https://npm.corp.test:8443/repo/\n//npm.corp.test/:_authToken=SECRET\n',
  );
  const pip = join(folder, 'pip.conf');
  await writeFile(pip, '[global]\nindex-url = https://someone:SECRET@pip.corp.test/simple\ntimeout = 90\n');
  const { env, registries } = await wayOut({ HOME: folder, PIP_CONFIG_FILE: pip }, join(folder, 'runtime'));
  expect(env).toMatchObject({ npm_config_registry: 'https://npm.corp.test:8443/repo/', PIP_DEFAULT_TIMEOUT: '90' });
  expect(JSON.stringify(env)).not.toContain('SECRET');
  expect(registries.withheld).toEqual([expect.stringContaining('PIP_INDEX_URL')]);
  expect(reachableHosts([publicRegistries.npm, 'x.test'], registries)).toEqual([
    publicRegistries.npm,
    'x.test',
    'npm.corp.test:8443',
  ]);
  expect(reachableHosts([publicRegistries.python], registries)).toEqual([publicRegistries.python]);
  expect(reachableHosts([], registries)).toEqual([]);
});
