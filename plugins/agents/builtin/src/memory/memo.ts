import { z } from 'zod';

const json = z.record(z.string(), z.json());
const providerOptions = z.record(z.string(), json).optional();

/** A part of what the model said, as it goes back to the model. `providerOptions` holds what its vendor wants to see again. */
const Part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string(), providerOptions }),
  z.strictObject({ type: z.literal('reasoning'), text: z.string(), providerOptions }),
  z.strictObject({
    type: z.literal('tool-call'),
    toolCallId: z.string(),
    toolName: z.string(),
    input: z.json(),
    /** Why its arguments could not be read. */
    broken: z.string().optional(),
    providerOptions,
  }),
]);
export type Part = z.infer<typeof Part>;

/** What the model has been told about the run until a step. */
const Told = z.strictObject({
  /** Requirement id -> its wording's version. */
  requirements: z.record(z.string(), z.number()),
  answers: z.array(z.string()),
  /** Checkpoint the files stood on when the step began. */
  head: z.string().nullable(),
  /** Guidance in force, by its keys; left out: none. */
  guidance: z.array(z.string()).optional(),
});
export type Told = z.infer<typeof Told>;

/**
 * What the agent keeps with each step. A conversation begins with a step that has a `head`; from there on requests only grow, for all
 * that was sent is in the memos as it was sent.
 */
export const Memo = z.strictObject({
  v: z.literal(1),
  phase: z.enum(['plan', 'work']),
  /** First message of the conversation that begins here. */
  head: z.string().nullable(),
  /** Step from which on older ones stay in this conversation word for word. */
  keptFrom: z.number().nullable(),
  /** What was said to the model before this step. */
  notes: z.array(z.string()),
  parts: z.array(Part),
  told: Told,
  /** Tokens of the request and its answer, as counted. */
  tokens: z.number(),
});
export type Memo = z.infer<typeof Memo>;

/** Null for steps of another agent, and for a later version's memo. */
export function readMemo(value: unknown): Memo | null {
  const parsed = Memo.safeParse(value);
  return parsed.success ? parsed.data : null;
}
