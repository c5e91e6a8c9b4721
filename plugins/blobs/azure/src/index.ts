export { createAzureBlobStore } from './azure-blob-store.ts';
export { azureAccessFrom, type AzureAccess } from './access.ts';
