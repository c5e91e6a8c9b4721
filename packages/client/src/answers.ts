import { ChangedPath, Check, CheckSpec, RunSummary } from '@devfactory/contracts';
import { z } from 'zod';

/** GET /api/about. */
export const About = z.object({
  version: z.string(),
  dataDir: z.string(),
  driver: z.string(),
  notEnforced: z.array(z.string()),
  /** The public key that deliveries are signed with. */
  signing: z.object({ keyId: z.string(), publicKey: z.string() }),
});
export type About = z.infer<typeof About>;

/** POST /api/runs: the run and the place of its last event. */
export const RunCreated = z.object({ id: z.string(), seq: z.int() });
export type RunCreated = z.infer<typeof RunCreated>;

/** GET /api/runs: newest first; `next` is the cursor for older ones. */
export const RunPage = z.object({ runs: z.array(RunSummary), next: z.string().nullable() });
export type RunPage = z.infer<typeof RunPage>;

/** POST /api/uploads. */
export const UploadReceipt = z.object({ uploadId: z.string(), files: z.int(), bytes: z.int() });
export type UploadReceipt = z.infer<typeof UploadReceipt>;

/** GET …/checks/:checkId. */
export const CheckDetail = z.object({ check: Check, spec: CheckSpec });
export type CheckDetail = z.infer<typeof CheckDetail>;

/** GET …/checkpoints/:ck/files: the source tree. */
export const FileList = z.object({
  entries: z.array(z.object({ path: z.string(), type: z.string(), size: z.int(), mode: z.int() })),
  truncated: z.boolean(),
});
export type FileList = z.infer<typeof FileList>;

/** GET …/checkpoints/:ck/file: `text` is null when the file is binary. */
export const FileText = z.object({
  path: z.string(),
  text: z.string().nullable(),
  binary: z.boolean(),
  truncated: z.boolean(),
  size: z.int(),
});
export type FileText = z.infer<typeof FileText>;

/** GET …/changes. */
export const ChangeList = z.object({ changes: z.array(ChangedPath) });
export type ChangeList = z.infer<typeof ChangeList>;

/** GET …/changes/file: a unified diff, null when it is binary. */
export const FilePatch = z.object({
  path: z.string(),
  patch: z.string().nullable(),
  binary: z.boolean(),
  truncated: z.boolean(),
});
export type FilePatch = z.infer<typeof FilePatch>;

export const SeqAnswer = z.object({ seq: z.int() });
export const EventPage = z.object({ events: z.array(z.unknown()) });
export const LoginLink = z.object({ url: z.string() });

/** POST …/workspace/shared. */
export const SharedDocument = z.object({ name: z.string().nullable() });
export type SharedDocument = z.infer<typeof SharedDocument>;
