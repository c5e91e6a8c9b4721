import type { Destination } from '@devfactory/contracts';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { factory } from './factory.ts';

export const destinationsQuery = queryOptions({
  queryKey: ['destinations'],
  queryFn: () => factory.destinations(),
  staleTime: 60_000,
});

/** The destination's own gate differs by kind; what goes is the tree's, so both are part of the key. */
export const previewQuery = (runId: string, tree: string, destination: Destination) =>
  queryOptions({
    queryKey: ['run', runId, 'delivery-preview', tree, destination.kind],
    queryFn: () => factory.runs.deliveryPreview(runId, destination),
    staleTime: 60_000,
  });

export const storagePlaceQuery = queryOptions({
  queryKey: ['storage-place'],
  queryFn: () => factory.storagePlace(),
  staleTime: 60_000,
});

export const storageByRunQuery = queryOptions({
  queryKey: ['storage', 'runs'],
  queryFn: () => factory.storageByRun({ limit: 20 }),
  staleTime: 30_000,
});

export const useStorageTest = () => useMutation({ mutationFn: () => factory.testStorage() });

export const useDestinationTest = () =>
  useMutation({ mutationFn: (destination: Destination) => factory.testDestination(destination) });

export const useDeliveryLink = (runId: string, exportId: string) =>
  useMutation({ mutationFn: (hours: number) => factory.runs.deliveryLink(runId, exportId, hours) });
