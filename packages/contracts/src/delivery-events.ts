import { z } from 'zod';
import { Arrival } from './arrival.ts';
import { Destination } from './destination.ts';
import { CheckpointId, Digest, GitCommit } from './ids.ts';
import { SecretWaiver } from './secret-waiver.ts';

/** The facts of deliveries, and of what they are for going on. */
export const deliveryData = {
  'export.requested': z.strictObject({ exportId: z.string(), destination: Destination }),
  'export.started': z.strictObject({ exportId: z.string(), tree: Digest }),
  'export.delivered': z.strictObject({
    exportId: z.string(),
    tree: Digest,
    /** Where it is, for people. */
    location: z.string(),
    files: z.array(z.strictObject({ name: z.string(), digest: Digest, bytes: z.int(), mediaType: z.string() })),
    leftOut: z.array(z.strictObject({ path: z.string(), why: z.string() })),
    /** What was read back from the destination and found to be the approved tree: where, and by which name it is known there. */
    readBack: z.strictObject({ from: z.string(), hash: z.string() }).optional(),
    /** What the destination did not take beside the tree, in sentences. */
    notes: z.array(z.string().max(1000)).max(20).optional(),
    /** It is read back whole, built and tested next; `export.checked` says what came of it. */
    awaitsCheck: z.literal(true).optional(),
  }),
  'export.checked': z.strictObject({ exportId: z.string(), arrival: Arrival }),
  /** Nothing more is asked about it where it is. */
  'export.settled': z.strictObject({ exportId: z.string(), outcome: z.enum(['merged', 'closed']) }),
  /**
   * What a delivery is for went on: it conflicts, has to be taken in before a merge, or a person wants it taken in. Heard once for each key.
   */
  'base.advanced': z.strictObject({
    exportId: z.string(),
    branch: z.string().max(200),
    why: z.enum(['conflict', 'behind', 'asked']),
    key: z.string().min(1).max(200),
  }),
  /** It is merged into this checkpoint's tree. A worker that dies meanwhile leaves it to the next, which begins with the same. */
  'base.taking': z.strictObject({ exportId: z.string(), checkpointId: CheckpointId }),
  /** The merged tree is the head by now, and nothing that was approved. Files in `conflicts` hold git's marks. */
  'base.taken': z.strictObject({
    exportId: z.string(),
    branch: z.string().max(200),
    commit: GitCommit,
    conflicts: z.array(z.string().max(300)).max(50),
    checkpointId: CheckpointId,
  }),
  'base.refused': z.strictObject({ exportId: z.string(), reason: z.string().min(1).max(2000) }),
  /**
   * A person says that what looks like secrets at these places of this tree, and of what is told about it, may be delivered. Another tree
   * or another place asks again.
   */
  'secret.waived': z.strictObject({ tree: Digest, ...SecretWaiver.shape }),
  'export.failed': z.strictObject({ exportId: z.string(), reason: z.string().min(1).max(2000) }),
} as const;
