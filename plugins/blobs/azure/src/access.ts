import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import { DomainError } from '@devfactory/kit';

/** How to reach a container. A SAS stays inside of the URL or the connection string, and neither is ever shown. */
export type AzureAccess =
  | { readonly kind: 'connection-string'; readonly connectionString: string; readonly container: string }
  /** A container's URL: with a SAS, or without one for Entra ID (environment, workload or managed identity). */
  | { readonly kind: 'url'; readonly url: string };

const containerForm = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/**
 * Reads `DEVFACTORY_BLOB_URL`, or `AZURE_STORAGE_CONNECTION_STRING` with `DEVFACTORY_BLOB_CONTAINER` (default: devfactory).
 * Throws DomainError blob_store_settings, without a word of a secret.
 */
export function azureAccessFrom(environment: Readonly<Record<string, string | undefined>>): AzureAccess {
  const url = environment['DEVFACTORY_BLOB_URL'];
  if (url !== undefined && url !== '') return { kind: 'url', url: checkedUrl(url) };
  const connectionString = environment['AZURE_STORAGE_CONNECTION_STRING'];
  if (connectionString === undefined || connectionString === '')
    throw wrong(
      'Blobs shall be kept in Azure, but there is no address: set DEVFACTORY_BLOB_URL (https://ACCOUNT.blob.core.windows.net/CONTAINER, ' +
        'with a SAS or without one for Entra ID) or AZURE_STORAGE_CONNECTION_STRING.',
    );
  const container = environment['DEVFACTORY_BLOB_CONTAINER'] ?? 'devfactory';
  checkContainer(container, 'DEVFACTORY_BLOB_CONTAINER');
  return { kind: 'connection-string', connectionString, container };
}

/** The SDK is loaded by whoever uses it first: most installations never do. */
export async function openContainer(access: AzureAccess): Promise<ContainerClient> {
  const { AnonymousCredential, BlobServiceClient, ContainerClient } = await import('@azure/storage-blob');
  // We try again ourselves: the SDK does not after a 429, a damaged body or a body that ends early.
  const options: StoragePipelineOptions = {
    retryOptions: { maxTries: 1 },
    userAgentOptions: { userAgentPrefix: 'devfactory' },
  };
  if (access.kind === 'connection-string') {
    try {
      return BlobServiceClient.fromConnectionString(access.connectionString, options).getContainerClient(
        access.container,
      );
    } catch {
      // The SDK's own words may repeat the key.
      throw wrong(
        'AZURE_STORAGE_CONNECTION_STRING is not one: copy it whole from "Access keys" of the storage account.',
      );
    }
  }
  if (new URL(access.url).searchParams.has('sig'))
    return new ContainerClient(access.url, new AnonymousCredential(), options);
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new ContainerClient(access.url, new DefaultAzureCredential(), options);
}

function checkedUrl(given: string): string {
  if (!URL.canParse(given)) throw wrong('DEVFACTORY_BLOB_URL is not a URL.');
  const url = new URL(given);
  // A key or token over plain HTTP can be read on the way; an emulator on this machine is no way.
  const local = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    throw wrong('DEVFACTORY_BLOB_URL must begin with https://.');
  checkContainer(url.pathname.split('/').findLast((part) => part !== '') ?? '', 'The container in DEVFACTORY_BLOB_URL');
  return given;
}

function checkContainer(name: string, where: string): void {
  if (containerForm.test(name)) return;
  throw wrong(
    `${where}, "${name.slice(0, 70)}", is no container's name: 3 to 63 of a-z, 0-9 and single hyphens, no hyphen at an end.`,
  );
}

function wrong(message: string): DomainError {
  return new DomainError('blob_store_settings', 'invalid', { message });
}
