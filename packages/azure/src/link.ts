import { DomainError } from '@devfactory/kit';
import type { Calls } from './calls.ts';

/** Clocks differ: a link that holds from now on may not hold yet over there. */
const earlierMs = 5 * 60_000;

/**
 * An address under which one blob can be read, and nothing else, until `expiresAt`. With Entra ID it is signed by a key of that identity
 * (user delegation, at most 7 days), else by the account's key. Throws azure_link: with a SAS alone nobody can sign another one.
 */
export async function linkTo(calls: Calls, name: string, expiresAt: Date): Promise<string> {
  const { BlobSASPermissions, BlobServiceClient, SASProtocol, StorageSharedKeyCredential } =
    await import('@azure/storage-blob');
  return calls.send('signing a link', async (container, abortSignal) => {
    const blob = container.getBlobClient(name);
    const options = {
      permissions: BlobSASPermissions.parse('r'),
      startsOn: new Date(Date.now() - earlierMs),
      expiresOn: expiresAt,
      ...(container.url.startsWith('https:') ? { protocol: SASProtocol.Https } : {}),
    };
    const { credential } = container;
    if (credential instanceof StorageSharedKeyCredential) return blob.generateSasUrl(options);
    if (!('getToken' in credential))
      throw new DomainError('azure_link', 'conflict', {
        message:
          'With a SAS no link can be signed: reach the account with Entra ID (an address without a SAS) or a connection string with the key.',
      });
    const account = container.url.replace(/\/[^/]*\/?$/, '');
    const service = new BlobServiceClient(account, credential, { retryOptions: { maxTries: 1 } });
    const key = await service.getUserDelegationKey(options.startsOn, expiresAt, { abortSignal });
    return blob.generateUserDelegationSasUrl(options, key);
  });
}
