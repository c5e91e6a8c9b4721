import type { ModelRequest } from '@devfactory/kit';
import { z } from 'zod';

type Options = NonNullable<ModelRequest['providerOptions']>;
const prefix = 'devfactory.';
const Sealed = z.record(z.string(), z.record(z.string(), z.json()));

/**
 * What a vendor wants to see again with a thought (its signature, its sealed form), as a text that an agent keeps in the place that its own
 * format has for such: so it comes back whatever two formats meet.
 */
export function seal(metadata: unknown): string | null {
  const found = Sealed.safeParse(metadata);
  if (!found.success || Object.keys(found.data).length === 0) return null;
  return prefix + Buffer.from(JSON.stringify(found.data)).toString('base64');
}

/** Undefined for what we did not write: a thought of another model is of no use to this one. */
export function unseal(text: string | null | undefined): Options | undefined {
  if (!text?.startsWith(prefix)) return undefined;
  try {
    return Sealed.parse(JSON.parse(Buffer.from(text.slice(prefix.length), 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}
