import { asciiOf, wordsOf } from '../model/words.ts';
import { applyConstraint } from './constraint.ts';
import type { FieldDraft } from './field-draft.ts';
import { sentencesOf } from './text.ts';

/** A thing while its texts are still being read. */
export interface EntityDraft {
  /** Words of its singular and plural: [blog, post], [blog, posts]. */
  readonly singular: readonly string[];
  readonly plural: readonly string[];
  readonly fields: FieldDraft[];
}

/** A pattern for a name as people write it: 'due date', 'due_date', 'dueDate', 'due-date'. */
export function nameSource(words: readonly string[]): string {
  return words.map((word) => word.replaceAll(/[^a-z0-9]/g, '').replace('email', 'e-?mail')).join(String.raw`[\s_-]?`);
}

interface Mention {
  readonly field: FieldDraft;
  readonly at: number;
  readonly end: number;
}

/** Bounds that stand on their own: 'The title is required', 'a book without a title', 'price must be positive', 'unique isbn'. */
export function applyStatements(text: string, entities: readonly EntityDraft[]): void {
  for (const whole of sentencesOf(asciiOf(text))) {
    const named = entities.filter((entity) => mentions(whole, entity));
    const asked = named.length > 0 ? named : entities;
    const sentence = withoutOwners(whole, named);
    const found = mentionsIn(
      sentence,
      asked.flatMap((entity) => entity.fields),
    );
    for (const group of groupsOf(sentence, found)) applyToGroup(sentence, group, found);
  }
}

/** True for 'claim' where there are insurance claims. */
export function isShortFor(name: string, { singular, plural }: Pick<EntityDraft, 'singular' | 'plural'>): boolean {
  const words = wordsOf(name);
  return words.length === 1 && singular.length > 1 && [singular.at(-1), plural.at(-1)].includes(words[0]);
}

/** 'The number of a purchase order is unique' says it of the number. */
function withoutOwners(sentence: string, owners: readonly EntityDraft[]): string {
  return owners.reduce(
    (said, { singular, plural }) =>
      said.replaceAll(
        new RegExp(
          String.raw`\s+(?:of|for|on|in)\s+(?:(?:an?|the|each|every|all|any)\s+)?(?:${nameSource(plural)}|${nameSource(singular)})(?=\s+(?:is|are|must|shall|should|has|have|needs?|cannot|can|may)\b)`,
          'gi',
        ),
        '',
      ),
    sentence,
  );
}

export function mentions(sentence: string, { singular, plural }: Pick<EntityDraft, 'singular' | 'plural'>): boolean {
  return new RegExp(String.raw`(?<![\w-])(?:${nameSource(singular)}|${nameSource(plural)})(?![\w])`, 'i').test(
    asciiOf(sentence),
  );
}

function mentionsIn(sentence: string, fields: readonly FieldDraft[]): Mention[] {
  const longestFirst = [...fields].toSorted((a, b) => b.label.length - a.label.length);
  const found: Mention[] = [];
  for (const field of longestFirst) {
    const pattern = new RegExp(String.raw`(?<![\w-])${nameSource(wordsOf(field.label))}s?(?![\w-])`, 'gi');
    for (const match of sentence.matchAll(pattern)) {
      const mention = { field, at: match.index, end: match.index + match[0].length };
      // The same name may belong to fields of several things; a longer name hides a shorter one.
      if (
        found.every(
          (other) =>
            other.end <= mention.at ||
            other.at >= mention.end ||
            (other.at === mention.at && other.end === mention.end),
        )
      )
        found.push(mention);
    }
  }
  return found.toSorted((a, b) => a.at - b.at);
}

/** Mentions that share a predicate: 'title, author and year must not be empty'. */
function groupsOf(sentence: string, found: readonly Mention[]): Mention[][] {
  const groups: Mention[][] = [];
  for (const mention of found) {
    const last = groups.at(-1)?.at(-1);
    const between = last ? sentence.slice(last.end, mention.at) : '.';
    if (last && (mention.at === last.at || /^\s*(?:,|\/|,?\s*(?:and|or|&))\s*(?:(?:an?|the|its)\s+)?$/i.test(between)))
      groups.at(-1)?.push(mention);
    else groups.push([mention]);
  }
  return groups;
}

function applyToGroup(sentence: string, group: readonly Mention[], all: readonly Mention[]): void {
  const first = group[0];
  const last = group.at(-1);
  if (!first || !last) return;
  const before = sentence.slice(0, first.at);
  const next = all.find((mention) => mention.at >= last.end)?.at ?? sentence.length;
  const after =
    sentence
      .slice(last.end, next)
      .split(/,\s*(?:and\s+|otherwise|the|then|with|so)\b|;|\bthe (?:api|service|server|app)\b|\((?=\d{3}\))/i)[0] ??
    '';
  // A declaration belongs to the name right before it, a predicate ('are required') to all that share it.
  const declares = /^\s*[(:=<>]/.test(after);
  const isShared =
    /^(?:'s)?\s*(?:fields?\s+)?(?:is|are|must|shall|should|has|have|needs?|cannot|can't|may|can)\b/i.test(after);
  for (const { field, at } of group) {
    readBefore(field, before);
    if (!isShared && at !== last.at) continue;
    if (!declares && !readRefused(field, after, sentence)) readAfter(field, after);
    else if (declares) readDeclared(field, after);
  }
}

/** 'A title longer than 80 characters is refused' says what must not be: at most 80. */
function readRefused(field: FieldDraft, after: string, sentence: string): boolean {
  if (!/\b(?:400|422|reject\w*|refus\w*|invalid|errors?|denied|not (?:be )?accepted)\b/i.test(sentence)) return false;
  const found =
    /^\s*(?:(?:that|which)\s+)?(?:(?:is|are|has|have|of)\s+)?(longer|greater|more|larger|higher|above|over|shorter|less|smaller|fewer|lower|below|under)\s+(?:than\s+)?(-?\d+(?:\.\d+)?)\b/i.exec(
      after,
    );
  if (!found) return false;
  if (/^(?:longer|greater|more|larger|higher|above|over)$/i.test(found[1] ?? '')) field.max = Number(found[2]);
  else field.min = Number(found[2]);
  return true;
}

function readDeclared(field: FieldDraft, after: string): void {
  const declared = /^\s*\(([^()]*)\)/.exec(after)?.[1];
  if (declared) for (const piece of declared.split(/\s*[,;]\s*/)) applyConstraint(field, piece);
}

function readBefore(field: FieldDraft, before: string): void {
  const adjective = /\b(required|mandatory|optional|unique)\s+(?:fields?:?\s*)?$/i.exec(before)?.[1];
  if (adjective) applyConstraint(field, adjective);
  if (
    /\b(?:without(?: an?| the| its)?|missing|lacks?(?: an?| the)?|lacking(?: an?| the)?|no|omits?(?: the)?)\s+$/i.test(
      before,
    )
  )
    field.required = true;
  if (/\b(?:duplicate|the same|an existing|a taken)\s+$/i.test(before)) field.unique = true;
  if (/\bnegative\s+$/i.test(before)) field.min ??= 0;
}

const bareRules = /^\s+(?:(?:required|mandatory|optional|unique)(?:,| and|,? but)?\s*)+$/i;

function readAfter(field: FieldDraft, after: string): void {
  if (bareRules.test(after)) applyConstraint(field, after);
  else if (/^\s*(?:is|are)\s+(?:missing|left out|absent|not (?:given|provided|present|set))\b/i.test(after))
    field.required = true;
  else if (
    /^\s*(?:(?:that|which)\s+)?(?:already exists|(?:is|are)\s+(?:already\s+)?(?:taken|used|in use|duplicated?))\b/i.test(
      after,
    )
  )
    field.unique = true;
  else if (/^\s*(?:is|are)\s+negative\b/i.test(after)) field.min ??= 0;
  else if (
    /^(?:'s)?\s*(?:\(|:|=|<|>|(?:fields?\s+)?(?:is|are|must|shall|should|has to|have to|needs? to|cannot|can't|may|can|max(?:imum)?\b|min(?:imum)?\b|of (?:at|between)|with (?:at|between)|between|at least|at most|up to|from \d|longer|shorter|greater|over|under|above|below))/i.test(
      after,
    )
  ) {
    applyConstraint(
      field,
      after.replace(/^\s*'s/, '').replace(/\b(?:cannot|can't|must not|shall not|should not) be\b/i, 'not be'),
    );
  }
}
