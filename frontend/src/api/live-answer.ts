import type { LiveWords } from '@devfactory/contracts';

/** An answer as far as it was written while one watched. */
export interface LiveAnswer {
  readonly step: number;
  readonly callId: string;
  readonly text: string;
  readonly thinking: string;
  /** The call that is being written; null before the first. */
  readonly call: { readonly tool: string; readonly length: number } | null;
}

/** What is kept of each: the end of it, which is what one reads. */
const mostKept = 4_000;

/** The answer with what came next. One who comes late sees it from there on. */
export function withWords(answer: LiveAnswer | null, words: LiveWords): LiveAnswer {
  const { step, callId, kind, tool, offset, text } = words;
  const before =
    answer?.callId === callId && answer.step === step ? answer : { step, callId, text: '', thinking: '', call: null };
  if (kind === 'call') return { ...before, call: { tool, length: offset + text.length } };
  const kept = (before[kind] + text).slice(-mostKept);
  return { ...before, [kind]: kept };
}
