import type { LiveWords } from '@devfactory/contracts';

/** An answer as far as it was written while one watched. */
export interface LiveAnswer {
  readonly step: number;
  readonly callId: string;
  readonly text: string;
  readonly thinking: string;
  /** The call that is being written; null before the first. */
  readonly call: { readonly tool: string; readonly length: number } | null;
  /** UTF-16 units of text and thoughts until now, with what was not seen. */
  readonly written: { readonly text: number; readonly thinking: number };
}

/** What is kept of each: the end of it, which is what one reads. */
const mostKept = 4_000;

/** The answer with what came next. One who comes late sees it from there on; where a slow line left words out, an ellipsis stands. */
export function withWords(answer: LiveAnswer | null, words: LiveWords): LiveAnswer {
  const { step, callId, kind, tool, offset, text } = words;
  const known = answer?.callId === callId && answer.step === step ? answer : null;
  const before = known ?? { step, callId, text: '', thinking: '', call: null, written: { text: 0, thinking: 0 } };
  if (kind === 'call') return { ...before, call: { tool, length: offset + text.length } };
  const gap = before[kind] !== '' && offset > before.written[kind] ? ' … ' : '';
  const kept = (before[kind] + gap + text).slice(-mostKept);
  return { ...before, [kind]: kept, written: { ...before.written, [kind]: offset + text.length } };
}
