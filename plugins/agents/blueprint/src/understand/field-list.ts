import { wordsOf } from '../model/words.ts';
import { applyConstraint } from './constraint.ts';
import { draftOf, type FieldDraft } from './field-draft.ts';
import { typeNamed } from './field-type.ts';
import { featureWords, judging } from './nouns.ts';
import { wordsIn } from './tags.ts';
import { splitList } from './text.ts';

/** Where a list of fields is surely over: what follows speaks of something else. */
const listEnd =
  /(?<!(?:^|\s)(?:an?|the|its))\s+(?:using|so that|where|stored?|storing|secured|protected|plus (?:a|an|jwt|auth|full)|backed|behind|whose|which|that|when|if|then|should|must|shall|will|can|may|via|to (?:a|the|manage|track)|in (?:sqlite|memory|a database|flask|python|node|typescript)|for (?:a|the|each|every|all)|(?:is|are|returns?|answers?|responds?|gets?)|without|because|(?:all|each|every|the|users?|clients?) (?:of|can|must|shall|should|endpoints?|routes?|api)|the (?:\w+ )?(?:api|system|service|server|app) (?:shall|must|should|will))(?=\s|$)/i;

/** Fields in a text such as 'title (string, required), author and published year'. Stops where the list is over. */
export function readFieldList(text: string): FieldDraft[] {
  const fields: FieldDraft[] = [];
  for (const item of splitList(text)) {
    const state = stateIn(item);
    if (state) {
      fields.push(state);
      continue;
    }
    const ended = cutOutside(item, listEnd);
    const field = readFieldItem(ended.text);
    if (field === 'over') break;
    if (field) fields.push(field);
    if (ended.cut) break;
  }
  return fields;
}

const leading =
  /^(?:(?:an?|the|its|their|his|her|some|each|also|optionally|of|with|have|has|plus|including|fields?|namely|i\.?e\.?|e\.?g\.?|like|such as|-|both|then)\s+)+/i;

/** 'whether it is vaccinated', 'vegetarian or not' and 'open or closed': how a thing is, rather than what it has. Null for anything else. */
function stateIn(item: string): FieldDraft | null {
  const whether =
    /^(?:whether|if)(?: or not)? (?:it|they|he|she|this|the [a-z]+)(?: is| are|'s|'re| has been| have been| was| were)?\s+([\p{L}-]+(?: [\p{L}-]+)?)$/iu.exec(
      item.trim(),
    );
  if (whether) return { ...draftOf(whether[1] ?? ''), type: 'boolean' };
  const orNot = /^(?:(?:is|are) )?([\p{L}-]+(?: [\p{L}-]+)?) or not$/iu.exec(item.trim());
  if (orNot) return { ...draftOf(orNot[1] ?? ''), type: 'boolean' };
  const when =
    /^(?:an?|the|its) (date|time) (?:when|on which|at which|that) (?:it|they|he|she) (?:was|were|is|are|has been) ([\p{L}-]+(?: [\p{L}-]+)?)$/iu.exec(
      item.trim(),
    );
  if (when)
    return {
      ...draftOf(`${when[2]} ${when[1] === 'time' ? 'at' : 'on'}`),
      type: when[1] === 'time' ? 'datetime' : 'date',
    };
  const either = /^(?:(?:is|are|can be|may be) )?(?:either )?([\p{L}-]{2,20}) or ([\p{L}-]{2,20})$/u.exec(item.trim());
  if (!either || featureWords.test(item)) return null;
  return { ...draftOf('status'), type: 'choice', choices: [either[1] ?? '', either[2] ?? ''] };
}

/** One field, null for nothing of use, 'over' when the item is no field but something else that is asked for. */
function readFieldItem(item: string): FieldDraft | 'over' | null {
  const bare = item.replace(/^[-•:\s"']+/, '');
  let text = bare.replace(leading, '').trim();
  const isOne = /^(?:an?|the|its|their)\s/i.test(bare);
  const qualifiers =
    /^(?:(?:required|mandatory|optional|unique|nullable|boolean|integer|numeric|string|text|list of|free-?text)\s+)+/i.exec(
      text,
    )?.[0] ?? '';
  // 'text (required)' and 'text required' are called text.
  const hasName = /^(?!(?:required|mandatory|optional|unique|nullable)$)[^(:=[{<>]*\p{L}/iu.test(
    text.slice(qualifiers.length),
  );
  if (qualifiers && hasName) text = text.slice(qualifiers.length);
  const { name, spec } = splitSpec(text);
  const plain = name
    .replaceAll(/["'.?]/g, '')
    .replace(leading, '')
    .replace(/\s+(?:of|with|which|that|is|are|being|which is|that is)$/i, '')
    .trim();
  if (/^(?:many|several|multiple|belongs?|zero|one or more|a list of all)\b/i.test(plain)) return null;
  if (isFeature(plain) && !isOne && spec === '') return 'over';
  if (isClause(plain) && spec === '' && !isOne) return 'over';
  const words = wordsOf(plain);
  if (words.length > 4 || words.some((word) => /^(?:apis?|flask|backend|server|endpoints?|rest)$/.test(word)))
    return 'over';
  if (
    words.length === 0 ||
    /^(?:an?|the)$/.test(words.join(' ')) ||
    (judging.test(plain) && !/^(?:given|same|different) (?:on|at|by|names?)$/i.test(plain)) ||
    /^\d/.test(words[0] ?? '')
  )
    return null;
  if (['id', 'identifier', 'ids'].includes(words.join(' '))) return null;
  const draft = draftOf(plain);
  if (name.trim().endsWith('?')) draft.required = false;
  const odd = [
    qualifiers && hasName ? applyQualifiers(draft, qualifiers.trim()) : '',
    spec === '' ? '' : applySpec(draft, spec),
  ];
  return { ...draft, odd: odd.filter((words_) => words_ !== '') };
}

/** True where the last word is something that an API does: 'JWT auth', but not 'driver licence number'. */
function isFeature(name: string): boolean {
  const last = wordsOf(name.replace(/\s+(?:support|storage|checks?|handling)$/i, '')).at(-1) ?? '';
  return (
    (featureWords.test(last) && !/^(?:e-?mail|health|tests?|level)\b/i.test(name)) ||
    /^(?:jwt|oauth\w*|crud|rate limit\w*|user auth\w*|log ?in|sign ?up|docker|web-?sockets?)\b/i.test(name)
  );
}

/** 'sort by quantity', 'export results as CSV', 'updated every minute': words of a sentence, not of a name. */
function isClause(name: string): boolean {
  const words = wordsIn(name);
  if (words.length < 2) return false;
  const [first, second] = words;
  const inner = words.slice(1);
  if (/^(?:is|are|has|have|can|must|shall|should|will)$/.test(first?.lower ?? '') && words.length > 3) return true;
  if (
    inner.some(({ lower }) =>
      /^(?:an?|the|each|every|all|any|its|their|it|them|they|is|are|can|must|shall|should|will|has|have|been)$/.test(
        lower,
      ),
    )
  )
    return true;
  if (
    words
      .slice(0, -1)
      .some(({ lower }, at) => at > 0 && /^(?:by|for|with|as|via|using|to|from|into|about)$/.test(lower))
  )
    return true;
  return first?.isVerb === true && second?.isNoun === true && acts.test(first.lower);
}

const acts =
  /^(?:export|import|notify|send|upload|download|show|display|print|log|alert|remind|e-?mail|vote|borrow|buy|sell|book|pay|cancel|approve|reject|transfer|invite|follow|share|search|filter|sort|paginate|delete|create|add|list|update|edit|remove|read|get|use|run|deploy|scrape|fetch|sync|calculate|compute|generate|validate|return|support|allow)$/;

function applyQualifiers(draft: FieldDraft, words: string): string {
  for (const word of words.split(/\s+/)) applyConstraint(draft, word === 'of' ? 'list of texts' : word);
  return '';
}

/** 'title: string, required' | 'title (string)' | 'title as text' | 'title - string' | 'title=string' | 'year integer'. */
function splitSpec(text: string): { name: string; spec: string } {
  const marked =
    /^([^:(=[{<>]+?)\s*(?::|=|\(|\[|\{|\s-\s|\s+as\s+(?:an?\s+)?|\s+of type\s+|(?=[<>]))\s*(.*?)[)\]}]?\s*$/s.exec(
      text,
    );
  if (marked) {
    const [, name, type] = /^(.+?)\s+(str|string|int|integer|float|bool|boolean|varchar)$/i.exec(marked[1] ?? '') ?? [];
    return name ? { name, spec: `${type}, ${marked[2] ?? ''}` } : { name: marked[1] ?? '', spec: marked[2] ?? '' };
  }
  const bounded =
    /^(.+?)\s+((?:between|exactly|at least|at most|from(?= -?\d)|up to|no more than|no less than|longer than|not (?:below|above|over|under|negative|empty)|≥|≤|max(?:imum)?|min(?:imum)?|greater than|more than|one of)\b.*|\d+\s*(?:-|to|\.\.)\s*\d+)$/i.exec(
      text,
    );
  if (bounded) return { name: bounded[1] ?? '', spec: bounded[2] ?? '' };
  const trailing =
    /^(.+?)\s+(required|optional|unique|mandatory|yes\/no|true\/false|boolean|bool|integer|int|float|decimal|string|str|varchar|datetime)(\s+.*)?$/i.exec(
      text,
    );
  if (trailing) return { name: trailing[1] ?? '', spec: `${trailing[2]}${trailing[3] ?? ''}` };
  return { name: text, spec: '' };
}

/** A comma-separated specification; pieces that are no constraint are values to choose from when there are several. */
function applySpec(draft: FieldDraft, spec: string): string {
  const whole = { ...draft };
  const left = applyConstraint(whole, spec);
  if (left === '') {
    Object.assign(draft, whole);
    return '';
  }
  const pieces = spec
    .split(/\s*[,;]\s*(?:or\s+|and\s+)?|\s+or\s+|\s+-\s+/)
    .map((piece) => piece.replaceAll(/[()]/g, ' ').trim())
    .filter((piece) => piece !== '');
  const odd = pieces.filter((piece) => applyConstraint(draft, piece) !== '' && typeNamed(piece) === null);
  const isEnum = odd.length >= 2 && odd.every((piece) => /^["']?[\p{L}\d_-]+(?: [\p{L}\d_-]+)?["']?$/u.test(piece));
  if (!isEnum) return odd.join(', ');
  draft.type = 'choice';
  draft.choices = odd.map((piece) => piece.replaceAll(/["']/g, ''));
  return '';
}

/** Cuts at the first match that is not inside parentheses. */
function cutOutside(text: string, pattern: RegExp): { text: string; cut: boolean } {
  const paren = text.search(/[([:]/);
  const found = pattern.exec(text);
  if (!found || (paren >= 0 && found.index > paren && !/[)\]]/.test(text.slice(paren, found.index))))
    return { text, cut: false };
  return { text: text.slice(0, found.index), cut: true };
}
