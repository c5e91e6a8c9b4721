import type { PastStep } from '@devfactory/kit';
import { z } from 'zod';

/** What the agent keeps with each step. */
export const Memo = z.strictObject({
  v: z.literal(1),
  /** The session to go on with after the agent was ended. */
  session: z.string().max(1000).nullable(),
  /** How often in a row it died without having done anything. */
  deaths: z.int(),
  /** How often in a row it was asked for the same again: a plan in the right shape, an end that is one. */
  reminders: z.int(),
  /** What it was told to follow beside the task. */
  guidance: z.string().default(''),
  /** What it has to be told next. */
  tell: z.string().nullable(),
});
export type Memo = z.infer<typeof Memo>;

export function lastMemo(history: readonly PastStep[]): Memo {
  const memo = Memo.safeParse(history.at(-1)?.memo);
  return memo.success ? memo.data : { v: 1, session: null, deaths: 0, reminders: 0, guidance: '', tell: null };
}
