import { z } from 'zod';
import { Verdict } from './evidence.ts';
import { CheckId, Digest } from './ids.ts';

/** What a delivery came to where it arrived: read back whole, built and tested in a clean sandbox. Written by the verifier alone. */
export const Arrival = z.strictObject({
  /** passed: it is the approved tree, and builds and tests as that did. inconclusive: it could not be told, and the sentence says why. */
  verdict: Verdict,
  /** Source tree of what was read back; null where it could not be read. */
  tree: Digest.nullable(),
  /** For people. */
  sentence: z.string().max(2000),
  /** Checks by their verdict on what arrived. */
  passed: z.int(),
  failed: z.int(),
  inconclusive: z.int(),
  /** Checks that say something else than they said of the approved tree; at most 50. */
  differs: z.array(CheckId).max(50),
  /** Blob with the full story. */
  output: Digest.nullable(),
  durationMs: z.int(),
});
export type Arrival = z.infer<typeof Arrival>;
