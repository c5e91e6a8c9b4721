import { Check, CheckSpec, RunId, RunSummary } from '@devfactory/contracts';
import { z } from 'zod';
import { RunOrder } from './page-cursor.ts';

/** POST /api/runs. */
export const RunCreated = z.strictObject({ id: z.string(), seq: z.int() }).meta({ id: 'RunCreated' });
/** GET /api/runs; `next` is the cursor for the page after. */
export const RunPage = z
  .strictObject({ runs: z.array(RunSummary), next: z.string().nullable() })
  .meta({ id: 'RunPage' });
/** POST …/commands: place of the last event that the command became. */
export const SeqAnswer = z.strictObject({ seq: z.int() }).meta({ id: 'SeqAnswer' });
export const CheckDetail = z.strictObject({ check: Check, spec: CheckSpec }).meta({ id: 'CheckDetail' });
/** The fold of a run's events up to `seq`. Its shape is that of the fold, RunState in @devfactory/contracts. */
export const RunStateShape = z
  .looseObject({
    id: z.string(),
    seq: z.int(),
    name: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    agent: z.string(),
    paused: z.boolean(),
    stage: z.looseObject({ name: z.string() }),
  })
  .meta({ id: 'RunState' });

const stages = [
  'queued',
  'planning',
  'working',
  'verifying',
  'waiting',
  'paused',
  'delivering',
  'delivered',
  'finished',
  'failed',
  'cancelled',
] as const;

export const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(200).optional(),
  sort: RunOrder.default('newest'),
  state: z.enum(stages).optional(),
  /** Archived runs too, or they alone. */
  archived: z.enum(['no', 'yes', 'all']).default('no'),
  /** Only runs that began with a checkpoint of this one. */
  forkedFrom: RunId.optional(),
  // A database's text has no NUL.
  q: z
    .string()
    .max(200)
    .refine((text) => !text.includes('\0'), 'must not hold NUL')
    .optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const BlobQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  length: z.coerce.number().int().min(1).max(16_777_216).optional(),
});
export type BlobQuery = z.infer<typeof BlobQuery>;
