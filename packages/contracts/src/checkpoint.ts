import { z } from 'zod';
import { CheckpointId, Digest } from './ids.ts';

/** A restorable, content-addressed state of the workspace. */
export const Checkpoint = z.strictObject({
  id: CheckpointId,
  label: z.string().max(300),
  reason: z.enum(['base', 'step', 'person', 'before-restore', 'restore', 'merge']),
  step: z.int().nullable(),
  /** Blob with the manifest of everything that restore brings back. */
  manifest: Digest,
  /** Hash of the source tree: what is verified, approved and delivered. */
  tree: Digest,
  /** Packs with new objects that came with this checkpoint, each a blob of its own. The manifest names all that it needs. */
  packs: z.array(Digest),
  files: z.int(),
  bytes: z.int(),
  /** Re-creatable caches that were left out, e.g. ['node_modules']. At most 50 are named. */
  leftOut: z.array(z.string()),
  /** True when files changed while they were read and reading again did not settle it. */
  torn: z.boolean(),
  changed: z.strictObject({ added: z.int(), modified: z.int(), removed: z.int() }),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/**
 * One path of a manifest. `mode` holds the permission bits. `object` is the SHA-256 of a file's bytes; `target` a symlink's text.
 * `path` is the file name's bytes read as UTF-8; names that are not valid UTF-8 come as 'base64:' + the bytes and `raw: true`.
 */
export const ManifestEntry = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('file'),
    path: z.string(),
    raw: z.literal(true).optional(),
    mode: z.int(),
    size: z.int(),
    object: Digest,
    mtimeMs: z.number(),
  }),
  z.strictObject({ type: z.literal('symlink'), path: z.string(), raw: z.literal(true).optional(), target: z.string() }),
  z.strictObject({ type: z.literal('directory'), path: z.string(), raw: z.literal(true).optional(), mode: z.int() }),
]);
export type ManifestEntry = z.infer<typeof ManifestEntry>;

/** Difference of two checkpoints, by path. */
export const ChangedPath = z.strictObject({
  path: z.string(),
  change: z.enum(['added', 'modified', 'removed']),
  before: Digest.nullable(),
  after: Digest.nullable(),
  binary: z.boolean(),
  additions: z.int(),
  deletions: z.int(),
});
export type ChangedPath = z.infer<typeof ChangedPath>;
