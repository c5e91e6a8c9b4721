import { z } from 'zod';
import { Digest, WorkspacePath } from './ids.ts';
import { utf8Length } from './limits.ts';

/** A path as an event has room for it. */
export const EditedPath = WorkspacePath.refine(
  (path) => utf8Length(JSON.stringify(path)) <= 4000,
  'is too long to be edited here; use a terminal',
);

/** One line of a folder of the live workspace. */
export const WorkspaceEntry = z.object({
  path: z.string(),
  type: z.enum(['file', 'symlink', 'directory', 'special']),
  size: z.number(),
  /** True when its name is not UTF-8: `path` is base64, and it can be looked at in a terminal only. */
  raw: z.boolean(),
});
export type WorkspaceEntry = z.infer<typeof WorkspaceEntry>;

/** GET …/workspace/tree: one folder, siblings in byte order. */
export const WorkspaceFolder = z.object({ entries: z.array(WorkspaceEntry), truncated: z.boolean() });
export type WorkspaceFolder = z.infer<typeof WorkspaceFolder>;

/** GET …/workspace/file: a file as it is now. */
export const WorkspaceFile = z.object({
  path: z.string(),
  /** The whole text; null when it is not shown, see `why`. */
  text: z.string().nullable(),
  /** SHA-256 of its bytes: what a write says it expects. Null for a file that is too large to be read. */
  digest: Digest.nullable(),
  size: z.number().nullable(),
  /** Why there is no text, in words; empty when there is. */
  why: z.string(),
});
export type WorkspaceFile = z.infer<typeof WorkspaceFile>;

/** What a write, a removal or a move of a person became. */
export const FileWritten = z.object({
  path: z.string(),
  /** Null when there is no file any more. */
  digest: Digest.nullable(),
  /** Place of its event in the log. */
  seq: z.int(),
});
export type FileWritten = z.infer<typeof FileWritten>;
