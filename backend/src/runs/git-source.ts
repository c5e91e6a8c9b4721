import type { Source } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';

/** Only what a public web server may give: no files of this host, no helpers, no credentials in the address, no option in disguise. */
export function refuseGitSource(source: Extract<Source, { kind: 'git' }>): void {
  const url = new URL(source.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused(`must begin with https://, not ${url.protocol}//`);
  if (url.username !== '' || url.password !== '')
    throw refused('must not carry a user name or password; they would end in the log');
  if (source.ref !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(source.ref))
    throw refused('has a ref that is no branch, tag or commit');
}

function refused(why: string): DomainError {
  return new DomainError('invalid_source', 'invalid', { message: `The git address ${why}.` });
}
