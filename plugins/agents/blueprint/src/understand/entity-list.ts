import { isPlural, wordsOf } from '../model/words.ts';
import { plainClauses } from './clauses.ts';
import { applyConstraint } from './constraint.ts';
import { draftOf, type FieldDraft } from './field-draft.ts';
import { readFieldList } from './field-list.ts';
import { lastWord, metaWords, nounPhraseBefore, type NounPhrase } from './noun-phrase.ts';
import { boundary, featureWords, notAnEntity, rarelyEntity } from './nouns.ts';
import { wordsIn } from './tags.ts';

/** A thing to keep, as one text names it. */
export interface EntityMention {
  /** As the person wrote it: 'Todo items'. Empty where fields are named without the thing that has them. */
  readonly name: string;
  readonly fields: readonly FieldDraft[];
}

const has = String.raw`ha(?:s|ve|ving)(?!\s+(?:to|been|many|several|multiple|exactly|at (?:least|most)|between|an? (?:max|min)\w*|(?:one|zero|two) or)\b)`;
const listed = String.raw`(?: the)?(?: following)?(?: fields?| attributes| properties| columns)?`;
const introduction = new RegExp(
  String.raw`(?:,\s*)?\b(?:(?:and|both) )?(?:with${listed}|(?:that|which|who) ${has}${listed}|${has}${listed}|consist(?:s|ing)? of|contain(?:s|ing)?${listed}|compris(?:es|ing|ed of)|includ(?:es|ing)${listed}|described by|(?:defined|identified|given) by|made (?:up )?of|composed of|(?<!['s] )(?:fields?|attributes|properties)(?=\s*:))\b\s*:?|\s*:(?=\s)|\s*\(|\s+-\s+`,
  'gi',
);

interface Introduction {
  readonly name: string;
  readonly nameAt: number;
  readonly listAt: number;
  readonly paren: boolean;
  /** 'for a library': a place or a trade rather than a thing, where a list of things follows. */
  readonly isTheme: boolean;
}

/** Things with their fields: 'books with title and author', 'plants: name, price', 'tasks (title, done)'. */
export function entitiesWithFields(said: string): EntityMention[] {
  const text = plainClauses(said);
  const all = introductionsIn(text);
  // 'for a car rental with a calendar; cars have …' keeps cars: what the place has is something else that is asked for.
  const found = all.filter(
    (intro) =>
      !intro.isTheme || intro.name === 'api' || all.every((other) => other.isTheme) || listsThings(text, intro),
  );
  return found.flatMap((intro, index): EntityMention[] => {
    const end = intro.paren
      ? closingOf(text, intro.listAt)
      : (found.find((other, at) => at > index && other.nameAt >= intro.listAt)?.nameAt ?? text.length);
    const list = text.slice(intro.listAt, sentenceEnd(text, intro.listAt, end));
    const fields = readFieldList(list);
    if (namesThings(list, fields, intro)) return fields.map((field) => ({ name: field.label, fields: [] }));
    return fields.length === 0 || intro.name === 'api' ? [] : [{ name: intro.name, fields }];
  });
}

function listsThings(text: string, intro: Introduction): boolean {
  const list = text.slice(intro.listAt, sentenceEnd(text, intro.listAt, text.length));
  return namesThings(list, readFieldList(list), intro);
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
    const phrase = nounPhraseBefore(text, match.index, match[0]);
    if (!phrase) continue;
    const paren = match[0].includes('(');
    const marked = /[:(]|\s-\s/.test(match[0]);
    if (within && (before.paren || !opensAnother(phrase, text.slice(listAt), match[0]))) continue;
    if (!within && marked && !looksLikeFields(text.slice(listAt), paren)) continue;
    // 'orders: an order has a name' says it all again in its own words.
    if (match[0].includes(':') && isClause(text.slice(listAt))) continue;
    if (phrase.name === 'api' && /^[^.;\n]*[:(]/.test(text.slice(listAt))) continue;
    found.push({ name: phrase.name, nameAt: phrase.at, listAt, paren, isTheme: phrase.isTheme });
  }
  return found;
}

/** Inside a list 'title (string)' is a field, while 'authors (name, born)' and 'an author has a name' are other things. */
function opensAnother(phrase: NounPhrase, rest: string, opening: string): boolean {
  const isThing = isPlural(lastWord(phrase.name)) || (phrase.isOne && /\bha(?:s|ve|ving)\b/i.test(opening));
  return isThing && looksLikeFields(rest, opening.includes('('));
}

/** True when a sentence follows rather than a list. */
function isClause(rest: string): boolean {
  const first = rest.split(/[,;.\n(]/)[0] ?? '';
  return /^\s*(?:each|every|an?|the|all)?\s*[\p{L}-]+(?:\s+[\p{L}-]+){0,2}\s+(?:has|have|can|must|shall|should|may|is|are|will|belongs?|consists?|contains?|gets?)\b/iu.test(
    first,
  );
}

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

/** Plurals that are as often a value as a thing of their own. */
const countable =
  /^(?:pages|tags|notes|labels|keywords|points|votes|servings|seats|copies|units|likes|views|hours|minutes|ingredients|instructions|legs|rooms|stars|status|address|days|miles|steps|comments|news|series|species|staff|calories|lyrics|remarks|details|genres|gears|doors|frames|allergens)$/i;

/** 'a library: books, members and loans' lists things, not fields. */
function namesThings(list: string, fields: readonly FieldDraft[], { isTheme, name }: Introduction): boolean {
  const isPlain =
    fields.length >= (name === 'api' ? 1 : 2) &&
    !/[:(]/.test(list) &&
    fields.every((field) => field.type === null && field.odd.length === 0 && isPlural(lastWord(field.label)));
  if (!isPlain) return false;
  return isTheme || fields.every((field) => !countable.test(lastWord(field.label)));
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
          /[.!?;\n(:]|\b(?:with|that|which|where|using|in|on|by|via|to|from|as|when|if|so|shall|should|must|can|is|are)\b/i,
        )[0] ?? '';
    const parts = rest.split(/,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/);
    // 'for a shop, a customer and an order'
    const eachOne = parts.length > 1 && parts.every((part) => /^\s*an?\s+[\p{L}-]+\s*$/iu.test(part));
    for (const part of parts) {
      const phrase = nounPhraseBefore(`for ${part.trim()}`, part.trim().length + 4, '');
      const words = phrase ? wordsOf(phrase.name) : [];
      const last = words.at(-1);
      if (!phrase || !last || words.length > 3 || !(isPlural(last) || eachOne)) break;
      if (words.length === 1 && rarelyEntity.has(last) && !eachOne && metaWords.test(last)) break;
      found.push({ name: phrase.name, fields: [] });
    }
  }
  return found;
}

/** Things that are only done something with, where nothing names them better: 'people can borrow books'. */
export function entitiesActedOn(text: string): EntityMention[] {
  const found: EntityMention[] = [];
  for (const sentence of text.split(/[.!?;:\n()]+/)) {
    const words = wordsIn(sentence);
    for (const [index, word] of words.entries()) {
      const before = words[index - 1];
      const isActedOn = before !== undefined && (before.isVerb || /^(?:api|the|some|all)$/.test(before.lower));
      if (!isActedOn || !isPlural(word.lower) || word.isVerb || boundary.has(word.lower)) continue;
      if (notAnEntity.has(word.lower) || rarelyEntity.has(word.lower) || featureWords.test(word.lower)) continue;
      if (!found.some(({ name }) => name === word.lower)) found.push({ name: word.lower, fields: [] });
    }
  }
  return found.slice(0, 3);
}

const notAProduct =
  /^(?:web|micro|inventory|python|rust|react|json|http|little|jwt|secure|shop|store|bookstore|library|blog|school|auth|basic|hello|world|echo|gateway|proxy|chat|management|backend|real|production|ready|lightweight|fast|async|sync|versioned|demo|sample|example|test|public|internal|local|mobile|cloud|serverless|weather|music|finance|fitness|health|travel|banking|payroll|billing|accounting|dating|gaming|learning|shopping|e-?commerce|social|media|crm|erp|cms|iot|sports?|food|delivery|booking|hotel|restaurant|hospital|bank|clinic|gym|zoo|museum|farm|bakery|pharmacy|dentist|company|business|office|home|garden|graphql|this|that|a|an|the|ts|go)$/;

/** 'a todo API' keeps todos, where nothing better is said. */
export function entityOfProduct(text: string): EntityMention[] {
  const match =
    /([\p{L}][\p{L}-]+)\s+(?:list\s+|tracker\s+|tracking\s+|manager\s+|management\s+|catalogu?e?\s+)?(?:rest\s+|http\s+|crud\s+)*(?:api|service|backend|server|app|application)\b/iu.exec(
      text,
    );
  const [word] = wordsOf(match?.[1] ?? '');
  if (!word || notAnEntity.has(word) || boundary.has(word) || rarelyEntity.has(word) || notAProduct.test(word))
    return [];
  const tagged = wordsIn(text).find(({ lower }) => lower === word);
  return tagged?.isVerb === true ? [] : [{ name: word, fields: [] }];
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
