import type { RunEvent } from '@devfactory/contracts';

/** Members of an event's data that name a blob. A digest elsewhere (in an agent's words) opens nothing. */
const naming = new Set(['body', 'spec', 'manifest', 'packs', 'output', 'digest']);
const digestForm = /^[0-9a-f]{64}$/;

/** Whether one of the events refers to this blob. */
export function refersTo(events: readonly RunEvent[], digest: string): boolean {
  return digestForm.test(digest) && events.some((event) => names(event.data, digest));
}

function names(value: unknown, digest: string): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]) => {
    if (naming.has(key) && (inner === digest || (Array.isArray(inner) && inner.includes(digest)))) return true;
    return names(inner, digest);
  });
}

/** Every blob that an event's data names. */
export function digestsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (value === null || typeof value !== 'object') return found;
  for (const [key, inner] of Object.entries(value)) {
    if (naming.has(key))
      for (const digest of [inner].flat()) if (typeof digest === 'string' && digestForm.test(digest)) found.add(digest);
    digestsIn(inner, found);
  }
  return found;
}
