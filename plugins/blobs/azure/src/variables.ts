import type { AzureVariables } from '@devfactory/azure';

/** Where the address of the container for blobs stands. */
export const blobStoreVariables: AzureVariables = {
  url: 'DEVFACTORY_BLOB_URL',
  connectionString: 'AZURE_STORAGE_CONNECTION_STRING',
  container: 'DEVFACTORY_BLOB_CONTAINER',
  usual: 'devfactory',
  code: 'blob_store_settings',
  wish: 'Blobs shall be kept in Azure',
};
