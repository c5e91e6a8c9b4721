import { azureAccessFrom, type AzureAccess } from '@devfactory/azure';
import { blobStoreVariables } from './variables.ts';

export { createAzureBlobStore } from './azure-blob-store.ts';
export { coolAfterDays } from './variables.ts';

/** Reads `DEVFACTORY_BLOB_URL`, or `AZURE_STORAGE_CONNECTION_STRING` with `DEVFACTORY_BLOB_CONTAINER`. Throws blob_store_settings. */
export function blobStoreAccess(environment: Readonly<Record<string, string | undefined>>): AzureAccess {
  return azureAccessFrom(environment, blobStoreVariables);
}
