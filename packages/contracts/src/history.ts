import { z } from 'zod';
import { Checkpoint } from './checkpoint.ts';

/** One path that differs between two checkpoints. Sizes in bytes, modes as permission bits; null where the side has no such path. */
export const ComparedPath = z.strictObject({
  path: z.string(),
  /** For `renamed`: what it was called before. */
  oldPath: z.string().nullable(),
  change: z.enum(['added', 'modified', 'removed', 'renamed']),
  type: z.enum(['file', 'symlink', 'directory']),
  sizeBefore: z.int().nullable(),
  sizeAfter: z.int().nullable(),
  modeBefore: z.int().nullable(),
  modeAfter: z.int().nullable(),
  /** Null when it was not looked into: too large, or behind the first bytes that one page reads. */
  binary: z.boolean().nullable(),
  additions: z.int(),
  deletions: z.int(),
});
export type ComparedPath = z.infer<typeof ComparedPath>;

/** What differs between two checkpoints, in byte order of the path. `totals` counts all of it, `changes` is one page. */
export const Comparison = z.strictObject({
  from: z.string(),
  to: z.string(),
  totals: z.strictObject({
    added: z.int(),
    modified: z.int(),
    removed: z.int(),
    renamed: z.int(),
    /** Bytes of the paths that differ, before and after. */
    bytesBefore: z.int(),
    bytesAfter: z.int(),
  }),
  changes: z.array(ComparedPath),
  /** `offset` of the next page; null on the last. */
  next: z.int().nullable(),
});
export type Comparison = z.infer<typeof Comparison>;

/** What restoring a checkpoint would change, compared with the run's head. */
export const RestorePreview = z.strictObject({
  comparison: Comparison,
  /** When it would happen: now, or as soon as the call of the agent that is running has ended. */
  when: z.enum(['now', 'after-call']),
  /** For people: what is kept, and what happens to an approval or a running turn. */
  sentence: z.string(),
  /** Why it would be refused now; null when it would not. */
  refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});
export type RestorePreview = z.infer<typeof RestorePreview>;

/** A checkpoint with what people said about it. */
export const ListedCheckpoint = Checkpoint.extend({
  name: z.string().nullable(),
  pinned: z.boolean(),
  head: z.boolean(),
});
export type ListedCheckpoint = z.infer<typeof ListedCheckpoint>;

/** Checkpoints of a run, oldest first. */
export const CheckpointPage = z.strictObject({
  checkpoints: z.array(ListedCheckpoint),
  next: z.int().nullable(),
});
export type CheckpointPage = z.infer<typeof CheckpointPage>;

/** A place in a run's log that holds the words searched for. */
export const LogMatch = z.strictObject({
  seq: z.int(),
  at: z.string(),
  type: z.string(),
  /** The step that had begun last; 0 before the first. */
  step: z.int(),
  /** Whether the event itself says it, or the whole output that belongs to it. */
  where: z.enum(['event', 'output']),
  /** The words with what stands around them, on one line. */
  excerpt: z.string(),
});
export type LogMatch = z.infer<typeof LogMatch>;

/** Matches, oldest first. A page may be short, or empty, although there is more: searching ends after a while and says where. */
export const LogSearchPage = z.strictObject({
  matches: z.array(LogMatch),
  /** `after` of the next page; null when the whole log was searched. */
  next: z.int().nullable(),
});
export type LogSearchPage = z.infer<typeof LogSearchPage>;
