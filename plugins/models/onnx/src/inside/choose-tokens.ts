import type { Guide, GuideState } from './guide.ts';
import type { TokenBytes } from './token-bytes.ts';

/** How many of the likeliest tokens are looked at before all are. */
const tries = 12;

export interface TokenChoice {
  readonly guide: Guide;
  readonly tokens: TokenBytes;
  /** Tokens that end an answer. */
  readonly ends: ReadonlySet<number>;
  /** How many allowed ones are left to draw from; 1: the likeliest. */
  readonly keep: number;
}

/** Whether a token may come now. */
function isAllowed({ guide, tokens, ends }: TokenChoice, state: GuideState, id: number): boolean {
  if (ends.has(id)) return guide.mayEnd(state);
  if (state.in === 'end') return false;
  const bytes = tokens.of(id);
  return bytes !== null && bytes.length > 0 && guide.after(state, bytes) !== null;
}

/**
 * Leaves only tokens that may come now, by setting all others to -Infinity. Usually the likeliest are right, so they are tried first; all
 * of them are looked at where a model wants something else than it may.
 */
export function narrow(logits: Float32Array, choice: TokenChoice, state: GuideState): void {
  const kept = new Map<number, number>();
  for (let n = 0; n < tries + choice.keep && kept.size < choice.keep; n += 1) {
    const id = likeliest(logits);
    if (id === -1) break;
    if (isAllowed(choice, state, id)) kept.set(id, logits[id] ?? 0);
    logits[id] = -Infinity;
  }
  if (kept.size === 0) {
    const first = firstBytes(choice, state);
    for (const [id, value] of logits.entries()) {
      const byte = choice.tokens.of(id)?.[0];
      const possible = choice.ends.has(id) || (byte !== undefined && first[byte] === true);
      if (value !== -Infinity && possible && isAllowed(choice, state, id)) kept.set(id, value);
    }
    const best = [...kept].toSorted((a, b) => b[1] - a[1]).slice(0, choice.keep);
    kept.clear();
    for (const [id, value] of best) kept.set(id, value);
  }
  // No way out of a schema that nothing satisfies: the answer ends.
  if (kept.size === 0) for (const id of choice.ends) kept.set(id, 0);
  logits.fill(-Infinity);
  for (const [id, value] of kept) logits[id] = value;
}

function likeliest(logits: Float32Array): number {
  let best = -1;
  let most = -Infinity;
  for (let id = 0; id < logits.length; id += 1) {
    const value = logits[id] ?? -Infinity;
    if (value > most) {
      most = value;
      best = id;
    }
  }
  return best;
}

function firstBytes({ guide }: TokenChoice, state: GuideState): readonly boolean[] {
  return Array.from({ length: 256 }, (_, byte) => guide.after(state, Uint8Array.of(byte)) !== null);
}
