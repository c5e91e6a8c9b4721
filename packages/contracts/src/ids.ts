import { z } from 'zod';
import { utf8Length } from './limits.ts';

/** A run: 'run_' and 16 lower-case base-32 characters. */
export const RunId = z.string().regex(/^run_[a-z2-7]{16}$/, 'must look like run_abcdefgh234567ij');
/** A requirement of one run, stable for its life: … */
export const RequirementId = z.string().regex(/^R-[1-9]\d{0,3}$/, 'must look like R-12');
/** A held-out check of one run: H-1, H-2 … Never given again. */
export const HeldOutId = z.string().regex(/^H-[1-9]\d{0,4}$/, 'must look like H-2');
/** A check of one run, stable over its versions: C-1, C-2 …, or H-1, H-2 … for one that is held out. */
export const CheckId = z.string().regex(/^[CH]-[1-9]\d{0,4}$/, 'must look like C-12');
/** A checkpoint of one run: ck-0 is the base. */
export const CheckpointId = z.string().regex(/^ck-\d{1,6}$/, 'must look like ck-3');
/** What a person calls a checkpoint. */
export const CheckpointName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'must be one line');
/** SHA-256 in lower-case hex: names a blob, a source tree or a locked set of checks. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
/** Name of a git commit: SHA-1 or SHA-256 in lower-case hex. */
export const GitCommit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a git commit in hex');
/** Moment in UTC, ISO 8601 with milliseconds. */
export const Moment = z.iso.datetime();
/** Path inside a workspace: relative, '/' separated, no '.' or '..' segment, no NUL. */
export const WorkspacePath = z
  .string()
  .min(1)
  .max(4096)
  .refine(isInsideWorkspace, 'must be a relative path inside the workspace');

/** Files and folders to be restored; a folder stands for all in it. Together they must fit into an event. */
export const RestoredPaths = z
  .array(WorkspacePath)
  .min(1)
  .max(200)
  .refine((paths) => utf8Length(JSON.stringify(paths)) <= 16_000, 'name fewer, or the folder they lie in');

/** True for a relative path that cannot leave its folder by its own words (symlinks are the supervisor's matter). */
export function isInsideWorkspace(path: string): boolean {
  if (path.startsWith('/') || path.includes('\0')) return false;
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}
