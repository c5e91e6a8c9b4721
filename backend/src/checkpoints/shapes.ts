import {
  ChangedPath,
  CheckpointId,
  CheckpointPage,
  Comparison,
  RestoredPaths,
  RestorePreview,
  WorkspacePath,
} from '@devfactory/contracts';
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
/** `oldPath`: what a renamed file was called in `from`. */
export const FileSpanQuery = z.strictObject({
  from: CheckpointId,
  to: CheckpointId,
  path: WorkspacePath,
  oldPath: WorkspacePath.optional(),
});

export const CheckpointPageShape = CheckpointPage.meta({ id: 'CheckpointPage' });
export const ComparisonShape = Comparison.meta({ id: 'Comparison' });
export const RestorePreviewShape = RestorePreview.meta({ id: 'RestorePreview' });

const page = {
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};
export const PageQuery = z.strictObject(page);
export type PageQuery = z.infer<typeof PageQuery>;
/** Without `from` the base, without `to` the head. */
export const CompareQuery = z.strictObject({
  from: CheckpointId.optional(),
  to: CheckpointId.optional(),
  scope: z.enum(['source', 'all']).default('source'),
  ...page,
});
export type CompareQuery = z.infer<typeof CompareQuery>;
/** `path` may come several times. */
export const PreviewQuery = z.strictObject({
  path: z
    .preprocess((given) => (typeof given === 'string' ? [given] : given), RestoredPaths)
    .optional()
    .meta({ type: 'array', items: { type: 'string' } }),
  ...page,
});
export type PreviewQuery = z.infer<typeof PreviewQuery>;
