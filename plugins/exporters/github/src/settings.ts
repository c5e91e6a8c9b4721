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

/**
 * Reads DEVFACTORY_GITHUB_TOKEN and DEVFACTORY_GITHUB_API (https; http for this machine only). Throws invalid_destination with what to
 * set: that is when somebody wants to deliver there. No message repeats a value.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): GitHubSettings {
  const token = environment['DEVFACTORY_GITHUB_TOKEN'] ?? '';
  if (token === '')
    throw refused(
      'GitHub delivery is not set up here: start the server with DEVFACTORY_GITHUB_TOKEN, a token that may write contents and pull requests of the repository.',
    );
  if (!/^[\x21-\x7e]{8,1000}$/.test(token))
    throw refused('DEVFACTORY_GITHUB_TOKEN is not a token: it is too short or holds blanks or line ends.');
  return { token, ...addresses(environment['DEVFACTORY_GITHUB_API'] || publicApi) };
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
