import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { egressPort } from '@devfactory/supervisor';
import type { Bind } from '../profile.ts';
import { hostCertificates } from './certificates.ts';
import { javaTrustStore } from './java-trust-store.ts';
import { hostRegistries } from './registries.ts';
import type { RegistrySettings } from './registries.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a sandbox with a way out is told of the host: its proxy, its certificates, its package registries. */
export interface WayOut {
  readonly env: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
  readonly registries: RegistrySettings;
}

const certificatesAt = '/etc/ssl/devfactory-ca.pem';
const trustStoreAt = '/etc/ssl/devfactory-ca.jks';
const proxy = `http://127.0.0.1:${egressPort}`;
const direct = 'localhost,127.0.0.1,::1';

/** A JVM knows neither of the usual variables. */
const jvmProxy = ['http', 'https']
  .map((scheme) => `-D${scheme}.proxyHost=127.0.0.1 -D${scheme}.proxyPort=${egressPort}`)
  .join(' ');

const proxyEnv: Readonly<Record<string, string>> = {
  HTTP_PROXY: proxy,
  HTTPS_PROXY: proxy,
  http_proxy: proxy,
  https_proxy: proxy,
  NO_PROXY: direct,
  no_proxy: direct,
  NODE_USE_ENV_PROXY: '1',
  JAVA_TOOL_OPTIONS: `${jvmProxy} -Dhttp.nonProxyHosts=localhost|127.*`,
};

export async function wayOut(env: Env, runtimeDir: string): Promise<WayOut> {
  const registries = hostRegistries(env);
  const certificates = hostCertificates(env, certificatesAt);
  if (!certificates) return { env: { ...proxyEnv, ...registries.env }, binds: [], registries };
  const from = await layOut(runtimeDir, { name: 'pem', bytes: Buffer.from(certificates.bundle) });
  const trusted = await layOut(runtimeDir, { name: 'jks', bytes: javaTrustStore(certificates.bundle) });
  const javaOptions = `${proxyEnv['JAVA_TOOL_OPTIONS']} -Djavax.net.ssl.trustStore=${trustStoreAt}`;
  return {
    env: { ...proxyEnv, ...registries.env, ...certificates.env, JAVA_TOOL_OPTIONS: javaOptions },
    binds: [
      { from, at: certificatesAt },
      { from: trusted, at: trustStoreAt },
    ],
    registries,
  };
}

/** The named files may lie where a sandbox's user cannot go. */
async function layOut(
  runtimeDir: string,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<string> {
  const path = join(runtimeDir, `ca-${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}.${name}`);
  await mkdir(runtimeDir, { recursive: true, mode: 0o755 });
  await writeFile(`${path}.${process.pid}.draft`, bytes, { mode: 0o644 });
  await rename(`${path}.${process.pid}.draft`, path);
  return path;
}

/** The hosts asked for, and what this host's settings put in a public registry's place. */
export function reachableHosts(asked: readonly string[], registries: RegistrySettings): readonly string[] {
  if (asked.length === 0) return [];
  return [...asked, ...registries.hostsInstead.filter(({ of }) => asked.includes(of)).map(({ host }) => host)];
}
