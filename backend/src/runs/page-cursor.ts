import { Moment, RunId } from '@devfactory/contracts';
import { z } from 'zod';

/** Where a page of runs ended. Opaque to clients. */
export interface PageCursor {
  readonly createdAt: string;
  readonly id: string;
}

const Parts = z.tuple([Moment, RunId]);

export function writeCursor(cursor: PageCursor): string {
  return Buffer.from(`${cursor.createdAt} ${cursor.id}`).toString('base64url');
}

/** Null when the text is none of ours. */
export function readCursor(text: string): PageCursor | null {
  const parsed = Parts.safeParse(Buffer.from(text, 'base64url').toString().split(' '));
  return parsed.success ? { createdAt: parsed.data[0], id: parsed.data[1] } : null;
}
