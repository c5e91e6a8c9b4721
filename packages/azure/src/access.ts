import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import { DomainError } from '@devfactory/kit';

/** How to reach a container. A SAS stays inside of the URL or the connection string, and neither is ever shown. */
export type AzureAccess =
  | { readonly kind: 'connection-string'; readonly connectionString: string; readonly container: string }
  /** A container's URL: with a SAS, or without one for Entra ID (environment, workload or managed identity). */
  | { readonly kind: 'url'; readonly url: string };

const containerForm = /^(?:\$web|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/;

/** Which variables say how the container is reached, and what for. */
export interface AzureVariables {
  /** A container's address, with a SAS or without one for Entra ID. */
  readonly url: string;
  readonly connectionString: string;
  readonly container: string;
  /** The container when a connection string comes without the name of one. */
  readonly usual: string;
  /** Code of the error for what cannot be right. */
  readonly code: string;
  /** What shall be there, for people: 'Blobs shall be kept in Azure'. */
  readonly wish: string;
}

/** Reads the variables out of the environment. Throws DomainError with the code given, without a word of a secret. */
export function azureAccessFrom(
  environment: Readonly<Record<string, string | undefined>>,
  names: AzureVariables,
): AzureAccess {
  const url = environment[names.url];
  if (url !== undefined && url !== '') return { kind: 'url', url: checkedUrl(url, names) };
  const connectionString = environment[names.connectionString];
  if (connectionString === undefined || connectionString === '')
    throw wrong(
      names,
      `${names.wish}, but there is no address: set ${names.url} (https://ACCOUNT.blob.core.windows.net/CONTAINER, ` +
        `with a SAS or without one for Entra ID) or ${names.connectionString}.`,
    );
  const container = environment[names.container] || names.usual;
  checkContainer(container, { where: names.container, names });
  return { kind: 'connection-string', connectionString, container };
}

/** The same account, another container. */
export function inContainer(access: AzureAccess, container: string): AzureAccess {
  if (access.kind === 'connection-string') return { ...access, container };
  const url = new URL(access.url);
  url.pathname = url.pathname.replace(/[^/]*\/*$/, container);
  return { kind: 'url', url: url.href };
}

/** Account and container for people, without what opens the door. */
export function placeOf(access: AzureAccess): string {
  if (access.kind === 'url') return access.url.split('?')[0] ?? '';
  const part = (name: string) => new RegExp(`(?:^|;)${name}=([^;]*)`, 'i').exec(access.connectionString)?.[1];
  const account = part('BlobEndpoint')?.split('?')[0]?.replace(/\/+$/, '') ?? part('AccountName') ?? 'Azure';
  return `${account}/${access.container}`;
}

/** The SDK is loaded by whoever uses it first: most installations never do. Throws `${code}` of the variables for a broken connection string. */
export async function openContainer(access: AzureAccess, names: AzureVariables): Promise<ContainerClient> {
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
        names,
        `${names.connectionString} is not one: copy it whole from "Access keys" of the storage account.`,
      );
    }
  }
  if (new URL(access.url).searchParams.has('sig'))
    return new ContainerClient(access.url, new AnonymousCredential(), options);
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new ContainerClient(access.url, new DefaultAzureCredential(), options);
}

function checkedUrl(given: string, names: AzureVariables): string {
  if (!URL.canParse(given)) throw wrong(names, `${names.url} is not a URL.`);
  const url = new URL(given);
  // A key or token over plain HTTP can be read on the way; an emulator on this machine is no way.
  const local = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    throw wrong(names, `${names.url} must begin with https://.`);
  const container = url.pathname.split('/').findLast((part) => part !== '') ?? '';
  checkContainer(container, { where: `The container in ${names.url}`, names });
  return given;
}

function checkContainer(
  name: string,
  { where, names }: { readonly where: string; readonly names: AzureVariables },
): void {
  if (containerForm.test(name)) return;
  throw wrong(
    names,
    `${where}, "${name.slice(0, 70)}", is no container's name: 3 to 63 of a-z, 0-9 and single hyphens, no hyphen at an end.`,
  );
}

function wrong({ code }: AzureVariables, message: string): DomainError {
  return new DomainError(code, 'invalid', { message });
}
