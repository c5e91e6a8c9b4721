import { z } from 'zod';
import { CheckId, CheckpointId, Digest, RequirementId } from './ids.ts';

/** A small change of the code that a check should notice, and whether it did. */
export const Mutant = z.strictObject({
  path: z.string().max(1000),
  line: z.int(),
  change: z.enum([
    'negated-condition',
    'moved-boundary',
    'changed-operator',
    'changed-constant',
    'replaced-return',
    'removed-statement',
    'removed-call',
  ]),
  /** unusable: the check failed, but so did the same run without its assertions, or it did not end: that tells nothing. */
  outcome: z.enum(['killed', 'survived', 'unusable']),
  /** Unified diff of the change, without a header. */
  diff: z.string().max(2000),
});
export type Mutant = z.infer<typeof Mutant>;

/** Survivors that travel with the event; the blob has all mutants. */
export const mostSurvivors = 5;

/** What mutants of the changed code say about one check. It can take a proof away and never gives one. Written by the verifier alone. */
export const Mutation = z.strictObject({
  id: z.string(),
  checkId: CheckId,
  checkVersion: z.int(),
  checkDigest: Digest,
  requirementId: RequirementId,
  checkpointId: CheckpointId,
  /** The source tree that was mutated, on the lines that differ from `baseTree`. */
  tree: Digest,
  baseTree: Digest,
  /** not-applicable: nothing of what changed can be mutated, or no grammar knows it. inconclusive: it could not be told, and why. */
  outcome: z.enum(['judged', 'not-applicable', 'inconclusive']),
  killed: z.int(),
  survived: z.int(),
  unusable: z.int(),
  /** Tests that passed as well when they expected something else: what the code gives them agrees with anything. */
  agrees: z.array(z.string().max(500)).max(20),
  /** One sentence for people. */
  reason: z.string().max(1000),
  survivors: z.array(Mutant).max(mostSurvivors),
  /** Blob with every mutant, as JSON { mutants: Mutant[] }; null when there was none. */
  body: Digest.nullable(),
  durationMs: z.number(),
});
export type Mutation = z.infer<typeof Mutation>;

/** Fewer survivors than this say nothing about a check. */
export const fewestSurvivors = 3;

/** True when the mutants show that the check cannot tell good from bad. */
export function isWeak(mutation: Pick<Mutation, 'outcome' | 'killed' | 'survived' | 'agrees'>): boolean {
  const { outcome, killed, survived, agrees } = mutation;
  return outcome === 'judged' && (agrees.length > 0 || (killed === 0 && survived >= fewestSurvivors));
}
