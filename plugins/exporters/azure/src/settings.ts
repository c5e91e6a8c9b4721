import { azureAccessFrom, inContainer, type AzureAccess, type AzureVariables } from '@devfactory/azure';
import type { Destination } from '@devfactory/contracts';

export type AzureDestination = Destination & { readonly kind: 'azure' };

/** Where the address of the account that is delivered to stands. */
export const deliveryVariables: AzureVariables = {
  url: 'DEVFACTORY_DELIVERY_URL',
  connectionString: 'DEVFACTORY_DELIVERY_CONNECTION_STRING',
  container: 'DEVFACTORY_DELIVERY_CONTAINER',
  usual: 'deliveries',
  code: 'invalid_destination',
  wish: 'Results shall be delivered to Azure',
};

/** Throws invalid_destination, in words without a secret. */
export function accessFor(
  environment: Readonly<Record<string, string | undefined>>,
  { container }: AzureDestination,
): AzureAccess {
  const access = azureAccessFrom(environment, deliveryVariables);
  return container === undefined ? access : inContainer(access, container);
}
