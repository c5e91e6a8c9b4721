import { readFileSync } from 'node:fs';

type Env = Readonly<Record<string, string | undefined>>;

/** Every program has its own name for the file with the certificates it trusts. */
const variables = [
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'CARGO_HTTP_CAINFO',
  'GIT_SSL_CAINFO',
] as const;
const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/**
 * The certificates that the host trusts, by its system and by its settings, as one bundle, and the variables that lead each
 * program to it: some programs look at no system store, Node among them. Null where the host has no certificates.
 */
export function hostCertificates(
  env: Env,
  at: string,
  system: readonly string[] = systemBundles,
): { readonly bundle: string; readonly env: Readonly<Record<string, string>> } | null {
  const named = variables.map((name) => env[name]).filter((path) => path !== undefined && path !== '');
  const parts = [...new Set([...system, ...named])].map(readBundle).filter((text) => text !== '');
  if (parts.length === 0) return null;
  const bundle = `${[...new Set(parts.flatMap(certificates))].join('\n')}\n`;
  return { bundle, env: Object.fromEntries(variables.map((name) => [name, at])) };
}

/** Certificates only: a private key that lies in the same file stays where it is. */
function certificates(text: string): string[] {
  return text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];
}

function readBundle(path: string | undefined): string {
  try {
    return path === undefined ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
