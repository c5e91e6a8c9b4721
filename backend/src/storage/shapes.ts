import {
  CleanUp,
  Removal,
  RemovalPreview,
  RunStoragePage,
  StoragePlace,
  StorageUse,
  TombstonePage,
  Trial,
} from '@devfactory/contracts';
import { z } from 'zod';

export const StorageUseShape = StorageUse.meta({ id: 'StorageUse' });
export const RunStoragePageShape = RunStoragePage.meta({ id: 'RunStoragePage' });
export const StoragePlaceShape = StoragePlace.meta({ id: 'StoragePlace' });
export const TrialShape = Trial.meta({ id: 'Trial' });
export const CleanUpShape = CleanUp.meta({ id: 'CleanUp' });
export const RemovalPreviewShape = RemovalPreview.meta({ id: 'RemovalPreview' });
export const TombstonePageShape = TombstonePage.meta({ id: 'TombstonePage' });
export const Removed = z.strictObject({ id: z.string(), done: Removal }).meta({ id: 'Removed' });

const seq = z.coerce.number().int().min(0).max(2_000_000_000).optional();
export const RemovalQuery = z.strictObject({ do: Removal });
/** `seq` of the preview: refused when the run went on since. */
export const OrderQuery = z.strictObject({ seq });
export const CleanUpOrder = z.strictObject({ dryRun: z.boolean().default(true) });
