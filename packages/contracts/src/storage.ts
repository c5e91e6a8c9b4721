import { z } from 'zod';
import { Moment, RunId } from './ids.ts';

const sum = z.strictObject({ count: z.int(), bytes: z.int() });

/** How far the installation is from the most it may keep. `bytes` is null when nothing limits it. */
export const Quota = z.strictObject({
  bytes: z.int().nullable(),
  used: z.int(),
  /** near: from four fifths on. reached: new runs are refused. */
  state: z.enum(['none', 'fine', 'near', 'reached']),
  /** For people; empty when nothing is to say. */
  sentence: z.string(),
});
export type Quota = z.infer<typeof Quota>;

/** GET /api/storage: what the whole installation keeps. Bytes as they lie in the blob store, on the disk and in the database. */
export const StorageUse = z.strictObject({
  blobs: sum,
  workspaces: sum,
  uploads: sum,
  /** Events of all runs in the database. */
  logs: sum,
  quota: Quota,
  measuredAt: Moment,
});
export type StorageUse = z.infer<typeof StorageUse>;

/** What one run keeps. */
export const RunStorage = z.strictObject({
  id: RunId,
  name: z.string(),
  state: z.string(),
  archived: z.boolean(),
  blobs: sum,
  /** Of these, what no other run needs: about what deleting the run would free. */
  ownBlobs: sum,
  logBytes: z.int(),
  /** Its workspace on the machine that answers; null when it has none there. */
  workspaceBytes: z.int().nullable(),
});
export type RunStorage = z.infer<typeof RunStorage>;

/** GET /api/storage/runs: the largest first. */
export const RunStoragePage = z.strictObject({ runs: z.array(RunStorage), next: z.int().nullable() });
export type RunStoragePage = z.infer<typeof RunStoragePage>;

/** What a clean-up frees, or would free. */
export const CleanUp = z.strictObject({
  dryRun: z.boolean(),
  /** Blobs that nothing refers to. */
  removed: sum,
  kept: sum,
  /** Nothing refers to them yet, but they are too new to be judged; a later clean-up looks again. */
  recent: sum,
  /** Workspaces of runs that are archived or deleted. */
  workspaces: z.array(z.string()),
  sentence: z.string(),
});
export type CleanUp = z.infer<typeof CleanUp>;

export const Removal = z.enum(['archive', 'delete']);
export type Removal = z.infer<typeof Removal>;

/** What archiving or deleting a run takes away, listed before anything goes. */
export const RemovalPreview = z.strictObject({
  do: Removal,
  runId: RunId,
  /** Say it with the order, and it is refused when the run went on since. */
  seq: z.int(),
  goes: z.array(
    z.strictObject({
      what: z.enum(['workspace', 'checkpoints', 'blobs', 'log', 'upload']),
      count: z.int(),
      bytes: z.int(),
      sentence: z.string(),
    }),
  ),
  stays: z.array(
    z.strictObject({
      what: z.enum(['log', 'proof', 'checkpoints', 'blobs', 'upload', 'record']),
      count: z.int(),
      bytes: z.int(),
      sentence: z.string(),
      /** Runs that need it; at most 20 are named. */
      runs: z.array(RunId),
    }),
  ),
  frees: z.int(),
  refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});
export type RemovalPreview = z.infer<typeof RemovalPreview>;

/** What is left of a deleted run. */
export const Tombstone = z.strictObject({
  id: RunId,
  createdAt: Moment,
  deletedAt: Moment,
  deletedBy: z.string(),
  events: z.int(),
  /** Bytes of blobs that only it needed. */
  bytes: z.int(),
});
export type Tombstone = z.infer<typeof Tombstone>;

/** GET /api/deleted-runs: the last first. */
export const TombstonePage = z.strictObject({ runs: z.array(Tombstone), next: z.int().nullable() });
export type TombstonePage = z.infer<typeof TombstonePage>;
