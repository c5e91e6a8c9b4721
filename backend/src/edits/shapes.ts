import { Digest, EditedPath, FileWritten, WorkspaceFile, WorkspaceFolder, WorkspacePath } from '@devfactory/contracts';
import { z } from 'zod';

export const FolderQuery = z.strictObject({ path: z.union([z.literal('.'), WorkspacePath]).default('.') });
export const LiveFileQuery = z.strictObject({ path: WorkspacePath });

const expected = z
  .union([Digest, z.literal('none').transform(() => null)])
  .describe('SHA-256 of the file as you saw it, or none when there is no such file');

/** `expected` has no default: nobody overwrites what they did not see. */
export const WriteQuery = z.strictObject({
  path: EditedPath,
  expected,
  via: z.enum(['editor', 'upload']).default('editor'),
});
export const RemoveQuery = z.strictObject({
  path: EditedPath,
  expected: expected.describe('SHA-256 of the file as you saw it; none for a folder or a link'),
});
export const FileMove = z.strictObject({ from: EditedPath, to: EditedPath }).meta({ id: 'FileMove' });

export const SharedWish = z.strictObject({ path: EditedPath }).meta({ id: 'SharedWish' });
export const SharedDocumentShape = z
  .strictObject({ name: z.string().nullable().describe('null for what only one at a time can edit, or nobody') })
  .meta({ id: 'SharedDocument' });

export const WorkspaceFolderShape = WorkspaceFolder.meta({ id: 'WorkspaceFolder' });
export const WorkspaceFileShape = WorkspaceFile.meta({ id: 'WorkspaceFile' });
export const FileWrittenShape = FileWritten.meta({ id: 'FileWritten' });
