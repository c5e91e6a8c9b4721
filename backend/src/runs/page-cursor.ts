import { Moment, RunId } from '@devfactory/contracts';
import { z } from 'zod';

/** Ways to put the list of runs in order. */
export const RunOrder = z.enum(['newest', 'active', 'name', 'open']);
export type RunOrder = z.infer<typeof RunOrder>;

/** Where a page of runs ended: the value that the list is ordered by, and the run. Opaque to clients. */
export interface PageCursor {
  readonly sort: RunOrder;
  readonly at: string;
  readonly id: string;
}

const words = z.string().max(1000);
/** The database takes what fits here for a value of the order's type. */
const values: Readonly<Record<RunOrder, z.ZodType<string>>> = {
  newest: Moment,
  active: Moment,
  name: words,
  open: z.string().regex(/^\d(?:\.\d{1,20})?$/),
};
const Parts = z.tuple([RunOrder, words, RunId]);

export function writeCursor({ sort, at, id }: PageCursor): string {
  return Buffer.from(JSON.stringify([sort, at, id])).toString('base64url');
}

/** Null when the text is none of ours. */
export function readCursor(text: string): PageCursor | null {
  try {
    const [sort, at, id] = Parts.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return values[sort].safeParse(at).success && !at.includes('\0') ? { sort, at, id } : null;
  } catch {
    return null;
  }
}
