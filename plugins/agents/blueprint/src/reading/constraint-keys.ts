import type { Entity, Field, Model } from '../model/model.ts';
import { asciiOf, wordsOf } from '../model/words.ts';
import { entitiesWithFields } from '../understand/entity-list.ts';
import { draftOf, type FieldDraft } from '../understand/field-draft.ts';
import { readFieldList } from '../understand/field-list.ts';
import { applyStatements, isShortFor, mentions, type EntityDraft } from '../understand/statements.ts';

export interface ConstraintReading {
  /** What the catalogue calls them: 'books.required.title'. */
  readonly keys: readonly string[];
  /** Words that say them. */
  readonly patterns: readonly RegExp[];
}

const words: Readonly<Record<'required' | 'optional' | 'unique' | 'bounds' | 'type', RegExp>> = {
  required:
    /\b(?:required|mandatory|without(?: an?| the| its)?|missing|lacks?|lacking|omit\w*|left out|absent|(?:must|shall|should|may|can)? ?not (?:be )?(?:empty|null|blank|given|provided)|non-?empty|cannot be (?:empty|null|blank))\b/g,
  optional: /\b(?:optional(?:ly)?|nullable|not required|(?:may|can) be (?:left out|omitted|empty|missing|null))\b/g,
  unique: /\b(?:unique|duplicate|already|exists|taken|in use|used|the same|same)\b/g,
  bounds:
    /\b(?:between|from|to|at least|at most|max(?:imum)?|min(?:imum)?|length|greater|more|larger|higher|less|fewer|than|or equal|up to|no|not|be|longer|shorter|above|below|exceed|characters?|chars?|letters|long|exactly|under|over|shorter|smaller|can't|cannot|must|positive|non-?negative|negative|zero|inclusive|range|one of|either|enum|choices?|allowed)\b|[<>=≤≥]+|\|/g,
  type: /\b(?:strings?|texts?|str|varchar|integers?|int|whole|numbers?|numeric|floats?|decimals?|double|real|bool(?:ean)?s?|flag|true|false|yes|no|dates?|datetimes?|timestamps?|time|e-?mails?|address|urls?|links?|list|array|type|iso)\b/g,
};

/** Bounds of fields that this text alone states, where the model agrees with every one of them. */
export function constraintKeys(text: string, model: Model): ConstraintReading {
  const drafts = model.entities.map(blankOf);
  applyStatements(text, drafts);
  const listed = entitiesWithFields(text).map(({ name, fields }) => ({
    draft: drafts.find((item) => mentions(name, item) || isShortFor(name, item)),
    fields,
  }));
  for (const { draft, fields } of listed) for (const field of fields) if (draft) declare(draft, field);
  // 'priority (low, high)' stands alone where a sentence was cut at its commas.
  if (listed.every(({ draft }) => draft === undefined))
    for (const field of readFieldList(text)) for (const draft of drafts) declare(draft, field);
  const named = drafts.some((draft) => mentions(text, draft))
    ? drafts.map((draft) => mentions(text, draft))
    : drafts.map(() => true);
  const keys: string[] = [];
  const patterns = new Set<RegExp>();
  for (const [index, entity] of model.entities.entries()) {
    if (!named[index]) continue;
    for (const [at, field] of entity.fields.entries()) {
      const said = drafts[index]?.fields[at];
      if (!said) continue;
      for (const [what, agrees] of statedBy(said, field)) {
        keys.push(agrees ? `${entity.plural}.${what}.${field.name}` : '?');
        patterns.add(words[what]);
      }
      if (said.min !== null || said.max !== null) patterns.add(numbersOf(said));
      for (const choice of said.choices)
        patterns.add(
          new RegExp(
            String.raw`(?<![\w-])${choice.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, '.')}(?![\w-])`,
            'gu',
          ),
        );
    }
  }
  return { keys: [...new Set(keys)], patterns: [...patterns] };
}

function blankOf(entity: Entity): EntityDraft {
  return {
    singular: entity.singular.replace(/^the_/, '').split('_'),
    plural: entity.plural.replace(/^the_/, '').split('_'),
    // Kinds are known; what this text says about them is what is asked.
    fields: entity.fields.map((field) => draftOf(field.label)),
  };
}

function declare(draft: EntityDraft, field: FieldDraft): void {
  const known = draft.fields.find((item) => wordsOf(item.label).join(' ') === wordsOf(field.label).join(' '));
  if (!known) return;
  known.type = field.type ?? known.type;
  known.required = field.required ?? known.required;
  known.unique ||= field.unique;
  known.min = field.min ?? known.min;
  known.minOpen ||= field.minOpen;
  known.max = field.max ?? known.max;
  if (field.choices.length > 0) known.choices = field.choices;
}

type Stated = readonly [what: keyof typeof words, agrees: boolean];

function statedBy(said: FieldDraft, field: Field): Stated[] {
  const found: Stated[] = [];
  if (said.required === true) found.push(['required', field.required]);
  if (said.required === false) found.push(['optional', !field.required]);
  if (said.unique) found.push(['unique', field.unique]);
  if (said.min !== null)
    found.push([
      'bounds',
      said.minOpen && field.type === 'integer'
        ? field.min === said.min + 1
        : field.min === said.min && field.minOpen === said.minOpen,
    ]);
  if (said.max !== null) found.push(['bounds', field.max === said.max]);
  if (said.choices.length > 0)
    found.push([
      'bounds',
      asciiOf(said.choices.join('|')).toLowerCase() === asciiOf(field.choices.join('|')).toLowerCase(),
    ]);
  if (said.type && said.type !== 'choice')
    found.push([
      'type',
      said.type === field.type || (said.type === 'string' && ['text', 'email', 'url'].includes(field.type)),
    ]);
  return found;
}

function numbersOf(said: FieldDraft): RegExp {
  if (said.min !== null && said.max !== null)
    return new RegExp(
      String.raw`(?<![\w.])${said.min}(?:\s*(?:-|to|and|\.\.+|through)\s*${said.max})?(?![\w])|(?<![\w.])${said.max}(?![\w])`,
      'g',
    );
  const numbers = [said.min, said.max]
    .filter((value) => value !== null)
    .map((value) => String(value).replace('.', String.raw`\.`));
  return new RegExp(String.raw`(?<![\w.])(?:${numbers.join('|')})(?![\w])`, 'g');
}
