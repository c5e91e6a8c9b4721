import { isPlural, wordsOf } from '../model/words.ts';
import { applyConstraint } from './constraint.ts';
import { draftOf, type FieldDraft } from './field-draft.ts';
import { readFieldList } from './field-list.ts';
import { boundary, featureWords, notAnEntity } from './nouns.ts';

/** A thing to keep, as one text names it. */
export interface EntityMention {
  /** As the person wrote it: 'Todo items'. */
  readonly name: string;
  readonly fields: readonly FieldDraft[];
}

const introduction =
  /(?:,\s*)?\b(?:with(?: the)?(?: following)?(?: fields?| attributes| properties)?|that (?:have|has)|which (?:have|has)|ha(?:s|ve|ving)(?!\s+(?:to|been|exactly|at (?:least|most)|between|a (?:max|min))\b)(?: the)?(?: following)?(?: fields?| attributes| properties)?|consist(?:s|ing)? of|contain(?:s|ing)?|comprising|includ(?:es|ing)|described by|defined by|made of|fields?|attributes|properties)\b\s*:?|\s*:(?=\s)|\s*\(|\s+-\s+/gi;

interface Introduction {
  readonly name: string;
  readonly nameAt: number;
  readonly listAt: number;
  readonly paren: boolean;
}

/** Things with their fields: 'books with title and author', 'plants: name, price', 'tasks (title, done)'. */
export function entitiesWithFields(text: string): EntityMention[] {
  const found = introductionsIn(text);
  return found.flatMap((intro, index): EntityMention[] => {
    const end = intro.paren
      ? closingOf(text, intro.listAt)
      : (found.find((other, at) => at > index && other.nameAt >= intro.listAt)?.nameAt ?? text.length);
    const list = text.slice(intro.listAt, sentenceEnd(text, intro.listAt, end));
    const fields = readFieldList(list);
    if (allPlural(list, fields)) return fields.map((field) => ({ name: field.label, fields: [] }));
    return fields.length === 0 ? [] : [{ name: intro.name, fields }];
  });
}

function introductionsIn(text: string): Introduction[] {
  const found: Introduction[] = [];
  for (const match of text.matchAll(introduction)) {
    const listAt = match.index + match[0].length;
    const before = found.at(-1);
    const within =
      before &&
      (before.paren
        ? match.index < closingOf(text, before.listAt)
        : match.index < sentenceEnd(text, before.listAt, text.length));
    const phrase = nounPhraseBefore(text, match.index);
    if (!phrase) continue;
    const paren = match[0].includes('(');
    // Inside a list 'title (string)' is a field, while 'authors (name, born)' is another thing.
    if (within && (before.paren || !isPlural(lastWord(phrase.name)) || !looksLikeFields(text.slice(listAt), paren)))
      continue;
    if (!within && /[:(]|-/.test(match[0]) && !looksLikeFields(text.slice(listAt), paren)) continue;
    found.push({ name: phrase.name, nameAt: phrase.at, listAt, paren });
  }
  return found;
}

/** Characters before a place in which a name is looked for. */
const lookBack = 120;
const phraseEnds = new Set('.!?;\n,()•:"');

/** Words right before a place that can name a thing: at most three, none of them a verb or the product. */
function nounPhraseBefore(text: string, at: number): { name: string; at: number } | null {
  let from = at;
  while (from > 0 && at - from < lookBack && !phraseEnds.has(text[from - 1] ?? '')) from -= 1;
  const sentence = text.slice(from, at);
  const tokens = [...sentence.matchAll(/[\p{L}\p{N}_'-]+/gu)];
  const taken: RegExpExecArray[] = [];
  for (const token of tokens.toReversed()) {
    const word = token[0].toLowerCase();
    // 'Lists are paginated with …' names no thing.
    if (/^(?:is|are|be|been|being|gets?)$/.test(word) && /(?:ed|ing)$/.test(taken[0]?.[0] ?? '')) return null;
    if ((boundary.has(word) && !(taken.length === 0 && alsoNouns.has(word))) || taken.length === 3) break;
    taken.unshift(token);
    // Of a path the last part names the thing.
    if (sentence[token.index - 1] === '/') break;
  }
  const name = taken.map((token) => token[0]).join(' ');
  const words = wordsOf(name);
  const last = words.at(-1);
  if (!last || /^\d/.test(words[0] ?? '') || notAnEntity.has(last) || featureWords.test(name)) return null;
  return { name, at: at - sentence.length + (taken[0]?.index ?? 0) };
}

/** Verbs of an API that also name things. */
const alsoNouns = new Set(['post', 'posts', 'record', 'records', 'stores', 'collections', 'models', 'resource']);

/** False where what follows specifies a type or a bound rather than naming fields. */
function looksLikeFields(rest: string, paren: boolean): boolean {
  const list = (paren ? rest.slice(0, closingOf(rest, 0)) : (rest.split(/[\n;]|\.\s|\.$/)[0] ?? '')).trim();
  const [first = ''] = list.split(/[,)]/);
  if (
    /^(?:required|optional|unique|at (?:least|most)|min|max|between|up to|one of|enum|default|e\.?g|i\.?e|\d|[<>=])/i.test(
      first.trim(),
    )
  )
    return false;
  return list.split(',').some((item) => /\p{L}/u.test(item) && applyConstraint(draftOf(''), item.trim()) !== '');
}

/** 'a library: books, members and loans' lists things, not fields. */
function allPlural(list: string, fields: readonly FieldDraft[]): boolean {
  return (
    fields.length >= 2 &&
    !/[:(]/.test(list) &&
    fields.every(
      (field) =>
        field.type === null &&
        isPlural(lastWord(field.label)) &&
        !/^(?:pages|tags|notes|labels|keywords|points|votes|servings|seats|copies|units|likes|views|hours|minutes|ingredients|instructions|legs|rooms|stars|status|address|days|miles|steps|comments|news|series|species|staff|calories|lyrics|remarks|details)$/i.test(
          lastWord(field.label),
        ),
    )
  );
}

const trigger =
  /\b(?:crud(?: operations| endpoints| api| functionality| routes)?(?: for| on| over| of)?|(?:to )?(?:manag|track|stor|handl|keep|maintain|organi[sz]|administ|record|catalogu?|collect|expos|serv|creat|list)(?:e|es|ing|er|s)?(?: track of)?|for|of|resources?:?|entities:?|models?:?|about)\s+/gi;

/** Things without fields: 'CRUD for books and authors', 'manage recipes', 'an inventory of plants'. */
export function entitiesAlone(text: string): EntityMention[] {
  const found: EntityMention[] = [];
  for (const match of text.matchAll(trigger)) {
    const rest =
      text
        .slice(match.index + match[0].length)
        .split(
          /[.!?;\n(:]|\b(?:with|that|which|where|using|in|on|by|via|to|from|as|when|if|shall|should|must|can|is|are)\b/i,
        )[0] ?? '';
    for (const part of rest.split(/,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/)) {
      const phrase = nounPhraseBefore(` ${part.trim()}`, part.trim().length + 1);
      const words = phrase ? wordsOf(phrase.name) : [];
      const last = words.at(-1);
      if (!phrase || !last || !isPlural(last) || words.length > 3) break;
      found.push({ name: phrase.name, fields: [] });
    }
  }
  return found;
}

/** 'a todo API' keeps todos, where nothing better is said. */
export function entityOfProduct(text: string): EntityMention[] {
  const match =
    /([\p{L}][\p{L}-]+)\s+(?:rest\s+|http\s+|crud\s+)*(?:api|service|backend|server|app|application)\b/iu.exec(text);
  const [word] = wordsOf(match?.[1] ?? '');
  if (
    !word ||
    notAnEntity.has(word) ||
    boundary.has(word) ||
    /^(?:web|micro|inventory|python|json|http|little|jwt|secure|shop|store|bookstore|library|blog|school|auth|basic|hello|world|echo|gateway|proxy|chat|management|backend|real|production|ready|lightweight|fast|async|sync|versioned|demo|sample|example|test|public|internal|local|mobile|cloud|serverless)$/.test(
      word,
    )
  )
    return [];
  return [{ name: word, fields: [] }];
}

function lastWord(name: string): string {
  return wordsOf(name).at(-1) ?? '';
}

function closingOf(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** A list ends with its sentence; bullets and further lines of a list belong to it. */
function sentenceEnd(text: string, from: number, limit: number): number {
  const part = text.slice(from, limit);
  const isBulleted = /^\s*\n\s*•/.test(part);
  const end = isBulleted ? /\n(?!\s*•)|\.\s+\p{Lu}/u.exec(part) : /[;\n]|[.!?](?=\s|$)/.exec(part);
  return end ? from + end.index : limit;
}
