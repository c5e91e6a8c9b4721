import { z } from 'zod';

/**
 * What a model writes at this moment, for those who watch: a message `words` of a run's stream. It has no place in the log, is never sent
 * again, and counts for nothing; what counts comes as `step.answered`.
 */
export const LiveWords = z.object({
  step: z.int(),
  /** Of `model.called`: another one begins anew. */
  callId: z.string().max(100),
  kind: z.enum(['text', 'thinking', 'call']),
  /** The tool that is being called; '' for other kinds. */
  tool: z.string().max(100),
  /** UTF-16 units of this kind that came before, in this call. */
  offset: z.int().min(0),
  text: z.string().max(8_000),
});
export type LiveWords = z.infer<typeof LiveWords>;
