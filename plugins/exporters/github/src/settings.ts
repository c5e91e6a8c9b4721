import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { DomainError } from '@devfactory/kit';

/** Where deliveries go and what opens the door. */
export interface GitHubSettings {
  /** Root of the REST API, without a slash at its end. */
  readonly api: string;
  /** Root of the repositories' addresses, without a slash at its end. */
  readonly web: string;
  readonly token: string;
}

const publicApi = 'https://api.github.com';

/** A GitHub App: who it is and the key that proves it. */
export interface GitHubApp {
  readonly id: string;
  readonly key: KeyObject;
}

/** What the server is set up with: a token, or an app that gets one for each repository. */
export type GitHubSetUp = Omit<GitHubSettings, 'token'> &
  ({ readonly token: string; readonly app: null } | { readonly token: null; readonly app: GitHubApp });

/**
 * Reads DEVFACTORY_GITHUB_TOKEN, or DEVFACTORY_GITHUB_APP_ID with DEVFACTORY_GITHUB_APP_KEY_FILE, and DEVFACTORY_GITHUB_API (https;
 * http for this machine only). Throws invalid_destination with what to set: that is when somebody wants to deliver there. No message
 * repeats a value.
 */
export function readSetUp(environment: Readonly<Record<string, string | undefined>>): GitHubSetUp {
  const place = (): Omit<GitHubSettings, 'token'> => addresses(environment['DEVFACTORY_GITHUB_API'] || publicApi);
  const app = readApp(environment);
  if (app) return { app, token: null, ...place() };
  const token = environment['DEVFACTORY_GITHUB_TOKEN'] ?? '';
  if (token === '')
    throw refused(
      'GitHub delivery is not set up here: start the server with DEVFACTORY_GITHUB_TOKEN, a token that may write contents and pull requests of the repository, or with DEVFACTORY_GITHUB_APP_ID and DEVFACTORY_GITHUB_APP_KEY_FILE.',
    );
  if (!/^[\x21-\x7e]{8,1000}$/.test(token))
    throw refused('DEVFACTORY_GITHUB_TOKEN is not a token: it is too short or holds blanks or line ends.');
  return { token, app: null, ...place() };
}

/** Null where no app is named. The key is read anew each time, so that it can be changed while the server runs. */
function readApp(environment: Readonly<Record<string, string | undefined>>): GitHubApp | null {
  const id = environment['DEVFACTORY_GITHUB_APP_ID'] ?? '';
  const file = environment['DEVFACTORY_GITHUB_APP_KEY_FILE'] ?? '';
  if (id === '' && file === '') return null;
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(id) || file === '')
    throw refused(
      'An app needs both DEVFACTORY_GITHUB_APP_ID, its id, and DEVFACTORY_GITHUB_APP_KEY_FILE, the file with its private key.',
    );
  try {
    // As ssh does: a key that others of this machine may read is none.
    if ((statSync(file).mode & 0o077) !== 0)
      throw refused('The file in DEVFACTORY_GITHUB_APP_KEY_FILE can be read by others: chmod 600 it.');
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === 'rsa') return { id, key };
  } catch (error) {
    if (error instanceof DomainError) throw error;
  }
  throw refused(
    'The file in DEVFACTORY_GITHUB_APP_KEY_FILE is not there, or holds no RSA key as GitHub gives it (.pem).',
  );
}

/** The API of github.com and of GHE.com is a host of its own, that of GitHub Enterprise Server a path. */
function addresses(text: string): Pick<GitHubSettings, 'api' | 'web'> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !safe || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw refused(
      'DEVFACTORY_GITHUB_API must be an https address without user name and query, like https://github.example.com/api/v3.',
    );
  const api = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  const ownHost = url.hostname.startsWith('api.') && url.pathname === '/';
  return { api, web: ownHost ? `${url.protocol}//${url.host.slice('api.'.length)}` : url.origin };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}

function refused(message: string): DomainError {
  return new DomainError('invalid_destination', 'invalid', { message });
}
