import { ChangedPath, CheckpointId, WorkspacePath } from '@devfactory/contracts';
import { z } from 'zod';

export const FileList = z
  .strictObject({
    entries: z.array(
      z.strictObject({
        path: z.string(),
        type: z.enum(['file', 'symlink', 'directory']),
        size: z.int(),
        mode: z.int(),
      }),
    ),
    truncated: z.boolean(),
  })
  .meta({ id: 'FileList' });
export type FileList = z.infer<typeof FileList>;

/** `text` is null when the file is binary or too large to show. */
export const FileText = z
  .strictObject({
    path: z.string(),
    text: z.string().nullable(),
    binary: z.boolean(),
    truncated: z.boolean(),
    size: z.int(),
  })
  .meta({ id: 'FileText' });
export type FileText = z.infer<typeof FileText>;

export const ChangeList = z.strictObject({ changes: z.array(ChangedPath) }).meta({ id: 'ChangeList' });
export const FilePatchShape = z
  .strictObject({ path: z.string(), patch: z.string().nullable(), binary: z.boolean(), truncated: z.boolean() })
  .meta({ id: 'FilePatch' });

export const FileQuery = z.strictObject({ path: WorkspacePath });
export const SpanQuery = z.strictObject({ from: CheckpointId, to: CheckpointId });
export const FileSpanQuery = z.strictObject({ from: CheckpointId, to: CheckpointId, path: WorkspacePath });
