import { DomainError } from '@devfactory/kit';

/** A body that ended early, or whose bytes are not those of its checksum. */
export class BrokenTransfer extends Error {
  override readonly name = 'BrokenTransfer';
}

interface Answer {
  readonly statusCode?: number;
  readonly code?: string;
  readonly details?: { readonly errorCode?: string };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

export const statusOf = (error: unknown): number | undefined => (error as Answer).statusCode;

export function headerOf(error: unknown, name: string): string | undefined {
  return (error as Answer).response?.headers?.get(name);
}

/** The service's name for what went wrong. A HEAD has no body, so it is in a header then. */
export function codeOf(error: unknown): string | undefined {
  const { code, details } = error as Answer;
  return headerOf(error, 'x-ms-error-code') ?? details?.errorCode ?? code;
}

interface Circumstances {
  /** Begins the codes: 'blob_store' gives blob_store_refused, blob_store_unreachable, blob_store_failed. */
  readonly codes: string;
  readonly what: string;
  readonly sent: number;
  readonly container: string;
}

/** What a person can do about an answer. The library's own message is left out: it may hold the address with its signature. */
export function inWords(error: unknown, at: Circumstances): DomainError {
  if (error instanceof DomainError) return error;
  const code = codeOf(error) ?? statusOf(error)?.toString() ?? (error as Error).name;
  const failed = `Azure Blob Storage, ${at.what} in container "${at.container}"`;
  if (statusOf(error) === 401 || statusOf(error) === 403)
    return new DomainError(`${at.codes}_refused`, 'unavailable', {
      message: `${failed}: refused (${code}). ${refusal(error, code)}`,
    });
  if (isWithoutIdentity(error))
    return new DomainError(`${at.codes}_refused`, 'unavailable', {
      message: `${failed}: this machine got no identity from Entra ID (${code}). Give it a managed or workload identity, set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or sign in with az login; or use a SAS or a connection string.`,
    });
  if (isLeased(error))
    return new DomainError(`${at.codes}_refused`, 'unavailable', {
      message: `${failed}: somebody holds a lease on the blob (${code}), so it can be neither changed nor removed. Break the lease in the portal, or with az storage blob lease break.`,
    });
  if (isUnknownName(error))
    return new DomainError(`${at.codes}_unreachable`, 'unavailable', {
      message: `${failed}: there is no machine by that name. The account in the address is misspelt, or this machine has no DNS.`,
    });
  const unreachable = statusOf(error) === undefined || at.sent > 1;
  return new DomainError(unreachable ? `${at.codes}_unreachable` : `${at.codes}_failed`, 'unavailable', {
    message: unreachable
      ? `${failed}: no good answer after ${at.sent} tries, the last one ${code}. Nothing was lost: try again when the network or Azure is back.`
      : `${failed}: answered ${statusOf(error)} ${code}.`,
  });
}

const wrongClockMs = 5 * 60_000;

function refusal(error: unknown, code: string): string {
  const theirs = Date.parse(headerOf(error, 'date') ?? '');
  const off = Date.now() - theirs;
  if (Math.abs(off) > wrongClockMs)
    return `This machine's clock is ${Math.round(Math.abs(off) / 60_000)} minutes ${off > 0 ? 'ahead of' : 'behind'} Azure's: set it, signatures depend on it.`;
  if (/Permission/.test(code))
    return 'The identity or SAS is known and may not do this: it needs to read, write, delete, list and create ("Storage Blob Data Contributor").';
  return "The key or SAS is wrong, was renewed or has expired, or the account's network rules keep this machine out.";
}

/** The library found nobody to sign in as. Its own words are a page long. */
function isWithoutIdentity(error: unknown): boolean {
  return /^(AggregateAuthentication|CredentialUnavailable|Authentication|AuthenticationRequired)Error$/.test(
    (error as Error).name,
  );
}

/** We take no leases: one on a blob is somebody else's, and mostly ends by itself within a minute. */
export function isLeased(error: unknown): boolean {
  return statusOf(error) === 412 && (codeOf(error)?.startsWith('Lease') ?? false);
}

function isUnknownName(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOTFOUND' || (code === 'REQUEST_SEND_ERROR' && (error as Error).message.includes('ENOTFOUND'));
}
