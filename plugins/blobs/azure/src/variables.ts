import type { AzureVariables } from '@devfactory/azure';
import { DomainError } from '@devfactory/kit';

/** Where the address of the container for blobs stands. */
export const blobStoreVariables: AzureVariables = {
  url: 'DEVFACTORY_BLOB_URL',
  connectionString: 'AZURE_STORAGE_CONNECTION_STRING',
  container: 'DEVFACTORY_BLOB_CONTAINER',
  usual: 'devfactory',
  code: 'blob_store_settings',
  wish: 'Blobs shall be kept in Azure',
};

const usualCoolDays = 30;

/** `DEVFACTORY_BLOB_COOL_DAYS`: after so many days large blobs go to the tier Cool; 0 for never, 30 if nothing is said. Throws blob_store_settings. */
export function coolAfterDays(environment: Readonly<Record<string, string | undefined>>): number {
  const given = environment['DEVFACTORY_BLOB_COOL_DAYS'] || String(usualCoolDays);
  if (/^\d{1,5}$/.test(given)) return Number(given);
  throw new DomainError('blob_store_settings', 'invalid', {
    message: `DEVFACTORY_BLOB_COOL_DAYS is "${given.slice(0, 40)}": it is a number of days, 0 for never.`,
  });
}
