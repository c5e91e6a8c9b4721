import { textual, type Field, type FieldType, type Conventions } from '../model/model.ts';
import { camel, snake, wordsOf } from '../model/words.ts';
import type { FieldDraft } from './field-draft.ts';
import { typeGuessed, usuallyOptional } from './field-type.ts';

/** Fields of one thing with everything decided that the texts left open. */
export function settleFields(drafts: readonly FieldDraft[], { keys }: Conventions): Field[] {
  const saysRequired = drafts.some((draft) => draft.required === true);
  return drafts.map((draft, index) => {
    const words = wordsOf(draft.label);
    const label = words.join(' ');
    const type = settleType(draft, label);
    const guessed = saysRequired ? false : index === 0 || !usuallyOptional(type, label);
    const required = draft.required ?? (type === 'boolean' ? false : guessed);
    // Bounds that exclude each other bind nothing; what asked for them stays unmet.
    if (draft.min !== null && draft.max !== null && draft.min > draft.max)
      Object.assign(draft, { min: null, max: null, minOpen: false });
    const integral = type === 'integer' && draft.min !== null && draft.minOpen;
    return {
      name: safeColumn(snake(words)),
      key: keyOf(draft.label, words, keys),
      label,
      type,
      required,
      unique: draft.unique && type !== 'boolean' && type !== 'list',
      min: integral ? (draft.min ?? 0) + 1 : draft.min,
      minOpen: draft.minOpen && !integral && type === 'number',
      max: draft.max,
      choices: type === 'choice' ? [...new Set(draft.choices)] : [],
    };
  });
}

function settleType(draft: FieldDraft, label: string): FieldType {
  if (draft.choices.length >= 2) return 'choice';
  const type = draft.type && draft.type !== 'choice' ? draft.type : null;
  const guessed = typeGuessed(label);
  if (type === 'string' && textual.includes(guessed))
    return guessed === 'text' || guessed === 'string' ? 'string' : guessed;
  if (type) return type;
  if (guessed !== 'string') return guessed;
  // 'priority (1-3)' is a number whatever it is called, 'code: at most 8' counts characters.
  const isText = /\b(?:name|title|code|password|text|word|key|slug|label|serial|number|subject)$/.test(label);
  const isNumber = label === 'number' && draft.max !== null && draft.max < 1000;
  const isRange =
    draft.min !== null && draft.max !== null && (!isText || isNumber || draft.max <= 10 || draft.min <= 0);
  if (isRange) return Number.isInteger(draft.min) && Number.isInteger(draft.max) ? 'integer' : 'number';
  return draft.minOpen || (draft.min !== null && draft.min <= 0) ? 'number' : 'string';
}

/** A key as the person spelled it where they wrote an identifier, else in the language's own manner. */
function keyOf(label: string, words: readonly string[], keys: Conventions['keys']): string {
  if (/^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$|^[a-z]+(?:[A-Z][a-z0-9]*)+$/.test(label)) return label;
  const key = keys === 'camel' ? camel(words) : snake(words);
  return /^\d/.test(key) ? `n${key}` : key;
}

function safeColumn(name: string): string {
  return /^\d/.test(name) ? `n${name}` : name;
}
