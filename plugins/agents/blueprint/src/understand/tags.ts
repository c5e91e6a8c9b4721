import nlp from 'compromise/two';

/** A word of a sentence with its part of speech. */
export interface Word {
  readonly text: string;
  readonly lower: string;
  readonly at: number;
  readonly end: number;
  readonly isVerb: boolean;
  readonly isNoun: boolean;
  /** 'planted', 'built', 'open': says how a thing is. */
  readonly isState: boolean;
}

interface Term {
  readonly tags?: readonly string[];
  readonly offset?: { readonly start: number };
}

const wordPattern = /[\p{L}\p{N}_'-]+/gu;
const latest = new Map<string, readonly Word[]>();

/** The words of a sentence, tagged. The same text gives the same tags. */
export function wordsIn(sentence: string): readonly Word[] {
  const known = latest.get(sentence);
  if (known) return known;
  const tags = new Map<number, readonly string[]>();
  const parsed = nlp(sentence).json({ offset: true }) as readonly { readonly terms: readonly Term[] }[];
  for (const { terms } of parsed)
    for (const term of terms) if (term.offset) tags.set(term.offset.start, term.tags ?? []);
  const words = [...sentence.matchAll(wordPattern)].map((match): Word => {
    const has = (tag: string): boolean => (tags.get(match.index) ?? []).includes(tag);
    return {
      text: match[0],
      lower: match[0].toLowerCase(),
      at: match.index,
      end: match.index + match[0].length,
      isVerb: has('Verb') && !has('PastTense') && !has('Participle') && !has('Gerund'),
      isNoun: has('Noun'),
      isState: has('Adjective') || has('PastTense') || has('Participle'),
    };
  });
  if (latest.size > 200) latest.clear();
  latest.set(sentence, words);
  return words;
}
