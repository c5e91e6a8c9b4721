import { isIP } from 'node:net';
import { DomainError } from '@devfactory/kit';

/** What git is asked for, after a look at every part that becomes an argument. */
export interface GitAddress {
  readonly url: string;
  readonly host: string;
  readonly ref: string | null;
}

/**
 * Takes https addresses of named hosts only: every other scheme reads local files, runs commands or is not encrypted, an address with
 * a password would end up in logs, and numbers are how internal services are reached. Throws git_url_invalid, git_ref_invalid.
 */
export function gitAddress(source: { readonly url: string; readonly ref?: string | undefined }): GitAddress {
  const url = URL.canParse(source.url) ? new URL(source.url) : null;
  if (url?.protocol !== 'https:') throw invalidUrl(source.url, 'only https:// addresses are taken');
  if (url.username !== '' || url.password !== '')
    throw invalidUrl(`https://${url.host}${url.pathname}`, 'leave user name and password out of it');
  if (url.port !== '') throw invalidUrl(source.url, 'only the usual port is reached');
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0 || !host.includes('.'))
    throw invalidUrl(source.url, 'name a public host');
  return { url: url.href, host, ref: checkRef(source.ref ?? null) };
}

/** Throws git_ref_invalid. */
export function checkRef(ref: string | null): string | null {
  if (ref === null) return null;
  // A subset of what git allows that cannot be an option, a range or a path.
  const isPlain =
    /^[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}$/.test(ref) &&
    !ref.includes('..') &&
    !ref.includes('//') &&
    !/(\/|\.|\.lock)$/.test(ref);
  if (isPlain) return ref;
  throw new DomainError('git_ref_invalid', 'invalid', {
    message: `"${ref.slice(0, 200)}" is not a branch, tag or commit. Use a name like main, v1.2 or 3f2c1ab.`,
  });
}

function invalidUrl(url: string, why: string): DomainError {
  return new DomainError('git_url_invalid', 'invalid', {
    message: `"${url.slice(0, 300)}" cannot be cloned: ${why}. Use an address like https://github.com/owner/project.`,
  });
}
