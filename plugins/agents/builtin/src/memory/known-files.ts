import type { PastStep } from '@devfactory/kit';

/** Path -> SHA-256 of each file as tools last showed or left it. */
export function knownFiles(history: readonly PastStep[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { calls, results } of history) {
    for (const call of calls) {
      for (const { path, digest } of results[call.id]?.files ?? []) known.set(path, digest);
    }
  }
  return known;
}
