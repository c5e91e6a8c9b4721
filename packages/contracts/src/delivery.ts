import { z } from 'zod';
import { Destination } from './destination.ts';
import { Digest } from './ids.ts';

/** A line of GET /api/destinations: a kind of destination, and whether this server is set up for it. */
export const DestinationKind = z.object({
  kind: z.string(),
  title: z.string(),
  ready: z.boolean(),
  place: z.string().describe('which account or host it leads to; empty when it is not set up, or leads nowhere else'),
  why: z.string().describe('what to set; empty when it is ready'),
});
export type DestinationKind = z.infer<typeof DestinationKind>;

/** Body of POST /api/destinations/test, and of a preview. */
export const DestinationWish = z.strictObject({ destination: Destination });

/** What trying a destination, or the blob store, found. */
export const Trial = z.object({ ok: z.boolean(), sentence: z.string(), ms: z.int() });
export type Trial = z.infer<typeof Trial>;

/** POST /api/runs/:id/delivery-preview: what would go there and what would stop it. Nothing is sent. */
export const DeliveryPreview = z.object({
  tree: Digest,
  files: z.int(),
  bytes: z.int(),
  /** Stays behind, by folder: at most 200 rows, the largest first. */
  excluded: z.array(z.object({ path: z.string(), why: z.string(), files: z.int(), bytes: z.int() })),
  /** What looks like secrets and stops it, as words for `waive-secrets`. */
  secrets: z.array(z.string()),
  gates: z.array(z.object({ gate: z.string(), open: z.boolean(), sentence: z.string() })),
});
export type DeliveryPreview = z.infer<typeof DeliveryPreview>;

/** Body of POST /api/runs/:id/exports/:exportId/link. */
export const LinkOrder = z.strictObject({ hours: z.number().min(0.01).max(168).default(24) });

/** An address under which anybody can read a delivery until then. It is a secret and stored nowhere. */
export const DeliveryLink = z.object({ url: z.string(), expiresAt: z.string() });
export type DeliveryLink = z.infer<typeof DeliveryLink>;

/** GET /api/storage/place: where checkpoints, evidence and delivered files are kept. */
export const StoragePlace = z.object({ kind: z.string(), place: z.string() });
export type StoragePlace = z.infer<typeof StoragePlace>;
