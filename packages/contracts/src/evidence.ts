import { z } from 'zod';
import { CheckId, CheckpointId, Digest, Moment, RequirementId } from './ids.ts';
import { Screenshot } from './screenshot.ts';

export const Verdict = z.enum(['passed', 'failed', 'inconclusive']);
export type Verdict = z.infer<typeof Verdict>;

/** What one execution of a check produced on one source tree. Written by the verifier alone. */
export const Evidence = z.strictObject({
  id: z.string(),
  verificationId: z.string(),
  checkId: CheckId,
  checkVersion: z.int(),
  /** Digest of the locked check that ran. */
  checkDigest: Digest,
  requirementId: RequirementId,
  requirementVersion: z.int(),
  checkpointId: CheckpointId,
  tree: Digest,
  /** True when the tree was the base: this evidence says what the check can tell apart, not whether the work is done. */
  onBase: z.boolean(),
  verdict: Verdict,
  /** Why it is no pass: an assertion failed, what it needs is not there (build, import, start, collection), time ran out, two answers, or the verifier itself could not tell. */
  cause: z.enum(['assertion', 'absent', 'timeout', 'flaky', 'environment']).nullable(),
  vantage: z.enum(['outside', 'inside']),
  /** What ran, for people: a command line or 'GET /items -> 200 …'. */
  command: z.string().max(2000),
  exitCode: z.int().nullable(),
  durationMs: z.number(),
  /** How many executions agreed. A pass is confirmed once more before it counts. */
  executions: z.int(),
  /** First lines of what a person wants to see: the failed expectation, or the tail of the output. */
  excerpt: z.string(),
  /** Blob with the full log. */
  output: Digest.nullable(),
  tests: z
    .array(z.strictObject({ id: z.string(), outcome: z.enum(['passed', 'failed', 'skipped', 'missing']) }))
    .optional(),
  /** What a browser showed, in the order taken. */
  screenshots: z.array(Screenshot).max(20).optional(),
  /**
   * SHA-256 over all that the answer hangs on, where that is less than the whole tree: the check, what it was shown of the tree, and the
   * tools that ran it. It passed with nothing else there.
   */
  inputs: Digest.optional(),
  /** When it was executed. Beside `inputs`. */
  executedAt: Moment.optional(),
  /** The evidence that this repeats for another tree, on which the check sees the same; nothing was executed for it. */
  carriedFrom: z.strictObject({ id: z.string(), checkpointId: CheckpointId, tree: Digest }).optional(),
});
export type Evidence = z.infer<typeof Evidence>;
