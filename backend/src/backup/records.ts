import { Digest, RunId, RunSummary } from '@devfactory/contracts';
import { z } from 'zod';

/** First line of a backup, before it is compressed. */
export const magic = 'devfactory-backup 2\n';

/** Lines that this version reads. Version 1 has no settings. */
export const magics: readonly string[] = ['devfactory-backup 1\n', magic];

const bytes = z.int().min(0);

/** Head of a record: one line of JSON, followed by `bytes` bytes. Runs come before their events, blobs after all of them; 'end' closes. */
export const RecordHead = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('settings'), bytes }),
  z.strictObject({ kind: z.literal('run'), bytes }),
  z.strictObject({ kind: z.literal('events'), bytes }),
  z.strictObject({ kind: z.literal('upload'), bytes, id: Digest, files: z.int() }),
  z.strictObject({ kind: z.literal('blob'), bytes, digest: Digest }),
  /** SHA-256 over everything before this line. */
  z.strictObject({ kind: z.literal('end'), bytes: z.literal(0), sha256: Digest }),
]);
export type RecordHead = z.infer<typeof RecordHead>;

/** A run's row without what belongs to the installation it came from (owner, lease, epoch). */
export const RunRow = z.strictObject({
  id: RunId,
  name: z.string(),
  seq: z.int(),
  needsWork: z.boolean(),
  stage: z.string(),
  search: z.string(),
  summary: RunSummary,
  uploadId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type RunRow = z.infer<typeof RunRow>;

/** Events as they were; their data was parsed when it was written and may be of a type that this version does not know. */
export const EventRows = z.array(
  z.strictObject({
    runId: RunId,
    seq: z.int().min(1),
    at: z.iso.datetime(),
    type: z.string(),
    actor: z.json(),
    data: z.json(),
  }),
);
export type EventRows = z.infer<typeof EventRows>;
