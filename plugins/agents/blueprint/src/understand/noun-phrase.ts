import { isPlural, wordsOf } from '../model/words.ts';
import { boundary, featureWords, notAnEntity, rarelyEntity } from './nouns.ts';
import { wordsIn, type Word } from './tags.ts';

/** Characters before a place in which a name is looked for. */
const lookBack = 120;
const phraseEnds = new Set('.!?;\n,()•:"|');

export interface NounPhrase {
  readonly name: string;
  readonly at: number;
  /** After 'a', 'each' or 'every'. */
  readonly isOne: boolean;
  readonly isTheme: boolean;
}

/** Words right before a place that can name a thing: at most three, none of them a verb or the product. */
export function nounPhraseBefore(text: string, at: number, opening: string): NounPhrase | null {
  let from = at;
  while (from > 0 && at - from < lookBack && !phraseEnds.has(text[from - 1] ?? '')) from -= 1;
  const sentence = text.slice(from, at);
  const words = wordsIn(sentence);
  const taken: Word[] = [];
  let index = words.length - 1;
  // 'the departments of a company: …' speaks of departments.
  const of = words.findLastIndex((word) => word.lower === 'of');
  if (
    of > 0 &&
    /^(?:an?|the|my|our)$/.test(words[of + 1]?.lower ?? '') &&
    isPlural(lastWord(words[of - 1]?.text ?? ''))
  )
    index = of - 1;
  for (; index >= 0 && taken.length < 3; index -= 1) {
    const word = words[index];
    if (!word) break;
    // 'Lists are paginated with …' names no thing.
    if (/^(?:is|are|be|been|being|gets?)$/.test(word.lower) && /(?:ed|ing)$/.test(taken[0]?.lower ?? '')) return null;
    if (!canBeIn(word, words[index - 1], { taken, opening })) break;
    taken.unshift(word);
    // Of a path the last part names the thing.
    if (sentence[word.at - 1] === '/') break;
  }
  const name = taken.map((word) => word.text).join(' ');
  const last = lastWord(name);
  const before = words[index]?.lower ?? '';
  if (isProduct(words, sentence) && /[:(]/.test(opening)) return { name: 'api', at: from, isOne: false, isTheme: true };
  if (last === '' || /^\d/.test(name) || notAnEntity.has(last)) return null;
  const isOne = /^(?:an?|each|every)$/.test(before);
  if (taken.length === 1 && rarelyEntity.has(last) && !isOne && !isMeant(last, before, { opening, sentence }))
    return null;
  if (taken.length > 1 && featureWords.test(name) && !isOne) return null;
  if (taken.length === 1 && featureWords.test(name) && !(/^(?:for|and)$/.test(before) && opening.includes('(')))
    return null;
  const isTheme =
    !isPlural(last) &&
    /^(?:an?|my|our|the)$/.test(before) &&
    /^(?:for|of|in|about|run|runs|at)$/.test(words[index - 1]?.lower ?? '');
  return { name, at: from + (taken[0]?.at ?? 0), isOne, isTheme };
}

/** True where a word of the trade surely names a thing. */
function isMeant(
  last: string,
  before: string,
  { opening, sentence }: { readonly opening: string; readonly sentence: string },
): boolean {
  if (sentence.trimEnd().includes('/')) return true;
  if (
    isPlural(last) &&
    /^(?:add|create|creates|manage|manages|store|stores|keep|keeps|track|tracks|for|list|lists)$/.test(before)
  )
    return true;
  if (isPlural(last) && before === 'and' && opening.includes('(')) return true;
  if (metaWords.test(last)) return isPlural(last) && /\bha(?:s|ve|ving)\b/.test(opening);
  return isPlural(last) ? !/^,?\s*with/.test(opening) : before === '' && /[:(]/.test(opening);
}

/** 'Features: …' heads a part of a text rather than naming a thing. */
export const metaWords =
  /^(?:fields?|types?|requests?|responses?|answers?|results?|columns?|propert(?:y|ies)|operations?|features?|requirements?|routes?|paths?|urls?|settings?|methods?|models?|resources?|dependenc(?:y|ies)|tests?|tables?)$/;

/** 'Flask API: media, sheep' */
function isProduct(words: readonly Word[], sentence: string): boolean {
  return (
    /^(?:apis?|service|backend|server|things?|entities|models|resources)$/.test(words.at(-1)?.lower ?? '') &&
    sentence.trim() !== ''
  );
}

interface Around {
  readonly taken: readonly Word[];
  readonly opening: string;
}

function canBeIn(word: Word, before: Word | undefined, { taken, opening }: Around): boolean {
  const introduced = /^(?:an?|the|each|every|for|of|my|our|manage|manages|store|stores|track|tracks|add)$/.test(
    before?.lower ?? '',
  );
  if (boundary.has(word.lower)) {
    const named =
      word.isNoun || introduced || before === undefined || (before.isNoun && !notAnEntity.has(before.lower));
    return taken.length === 0 && alsoNouns.has(word.lower) && named;
  }
  if (!word.isVerb || introduced) return true;
  // Where nothing else is known of it, a word before a list is a name; a verb with an object before it is none.
  return taken.length === 0 && (isPlural(word.lower) || (before === undefined && /[:(]|\bha/.test(opening)));
}

/** Verbs of an API that also name things. */
const alsoNouns = new Set([
  'post',
  'posts',
  'record',
  'records',
  'stores',
  'collections',
  'models',
  'resource',
  'offers',
  'answers',
  'tracks',
  'lists',
]);

export function lastWord(name: string): string {
  return wordsOf(name).at(-1) ?? '';
}
