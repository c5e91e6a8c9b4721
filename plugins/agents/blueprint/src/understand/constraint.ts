import type { FieldDraft } from './field-draft.ts';
import { typeNamed } from './field-type.ts';

const number = String.raw`(-?\d[\d_]*(?:[.,]\d+)?)`;
const unit = String.raw`(?:\s*(?:characters?|chars?|letters|digits|in length|long|items|entries))*`;

interface Rule {
  readonly pattern: RegExp;
  readonly apply: (draft: FieldDraft, found: readonly string[]) => void;
}

const rule = (pattern: string, apply: Rule['apply']): Rule => ({
  pattern: new RegExp(`(?<![\\w.])(?:${pattern})(?![\\w])`, 'i'),
  apply,
});
const asNumber = (text: string | undefined): number =>
  Number(
    (text ?? '')
      .replaceAll('_', '')
      .replace(/,(?=\d{3}\b)/, '')
      .replace(',', '.'),
  );

/** Tried in this order; each eats what it understood. */
const rules: readonly Rule[] = [
  rule(
    String.raw`not (?:be )?(?:below|under|(?:less|lower|smaller|fewer|shorter) than)\s*${number}${unit}`,
    (draft, [a]) => {
      draft.min = asNumber(a);
    },
  ),
  rule(
    String.raw`not (?:be )?(?:above|over|(?:greater|more|longer|higher|larger) than)\s*${number}${unit}`,
    (draft, [a]) => {
      draft.max = asNumber(a);
    },
  ),
  rule(String.raw`exactly\s*${number}${unit}`, (draft, [a]) => {
    draft.min = asNumber(a);
    draft.max = asNumber(a);
  }),
  rule(
    String.raw`(?:between|from|range|in the range(?: of)?)?\s*${number}\s*(?:and|to|-|\.\.\.?|through)\s*${number}${unit}(?: \(?inclusive\)?)?`,
    (draft, [a, b]) => {
      draft.min = asNumber(a);
      draft.max = asNumber(b);
    },
  ),
  rule(
    String.raw`(?:greater|more|larger|higher) than or equal to ${number}|(?:at least|min(?:imum)?(?: length| value)?(?: of)?:?|no less than|not less than|no shorter than|not shorter than|>=|≥)\s*${number}${unit}`,
    (draft, [a, b]) => {
      draft.min = asNumber(a ?? b);
    },
  ),
  rule(
    String.raw`(?:less|fewer|smaller|lower) than or equal to ${number}|(?:at most|max(?:imum)?(?: length| value)?(?: of)?:?|up to|no more than|not more than|no longer than|not longer than|not exceed(?:ing)?|cannot exceed|<=|≤)\s*${number}${unit}`,
    (draft, [a, b]) => {
      draft.max = asNumber(a ?? b);
    },
  ),
  rule(String.raw`(?:(?:greater|more|larger|higher|bigger|longer) than|above|>)\s*${number}${unit}`, (draft, [a]) => {
    draft.min = asNumber(a);
    draft.minOpen = true;
  }),
  rule(
    String.raw`(?:maximum|max) ${number}${unit}|${number}\s*(?:characters?|chars?|letters)\s*(?:max(?:imum)?|at most)`,
    (draft, [a, b]) => {
      draft.max = asNumber(a ?? b);
    },
  ),
  rule('non-?negative|not (?:be )?negative|never negative|zero or (?:more|greater)', (draft) => {
    draft.min = 0;
  }),
  rule('positive', (draft) => {
    draft.min = 0;
    draft.minOpen = true;
  }),
  rule('(?:non|not)[- ](?:be )?(?:empty|null|blank)|required|mandatory|compulsory', (draft) => {
    draft.required = true;
  }),
  rule('optional(?:ly)?|nullable|(?:may|can) be (?:empty|null|left out|missing|omitted)|not required', (draft) => {
    draft.required = false;
  }),
  rule('unique', (draft) => {
    draft.unique = true;
  }),
];

const glue =
  /(?:^|\s)(?:is|are|be|must|shall|should|has to|have to|needs? to|will|as|and|an?|the|of|with|value|default(?:s)? (?:to )?(?:false|null|empty)|,)(?=\s|$)/gi;

/** Reads what a text says about a field into its draft; gives back what it did not understand. */
export function applyConstraint(draft: FieldDraft, text: string): string {
  const named = typeNamed(text.trim());
  if (named) {
    draft.type = named;
    return '';
  }
  let rest = ` ${text} `;
  // What is counted in characters is text, whatever its name suggests.
  if (/\d\s*(?:characters?|chars?|letters|signs)\b|\blength\b/i.test(text)) draft.type ??= 'string';
  const choices = choicesIn(rest);
  if (choices) {
    draft.choices = choices.values;
    draft.type = 'choice';
    rest = rest.replace(choices.text, ' ');
  }
  // 'not required' must not be read as 'required'.
  for (const { pattern, apply } of [...rules].toSorted(
    (a, b) => Number(b.pattern.source.includes('optional')) - Number(a.pattern.source.includes('optional')),
  )) {
    const found = pattern.exec(rest);
    if (!found) continue;
    apply(
      draft,
      found.slice(1).filter((group) => group !== undefined),
    );
    rest = rest.replace(found[0], ' ');
  }
  rest = rest
    .replaceAll(/[(),:;]/g, ' ')
    .replaceAll(glue, ' ')
    .replaceAll(glue, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const type = rest === '' ? null : typeNamed(rest);
  if (type && !choices) draft.type = type;
  return type ? '' : rest;
}

/** 'one of todo, doing or done', 'todo|doing|done', 'todo/doing/done', 'enum: a, b'. */
function choicesIn(text: string): { readonly text: string; readonly values: readonly string[] } | null {
  const listed =
    /\b(?:one of|either|enum(?:eration)?(?: of)?|choices?|allowed values|values)\b\s*[:=]?\s*[([{]?((?:"[^"]+"|'[^']+'|[\p{L}\d_-]+)(?:(?:\s*,\s*(?:or\s+|and\s+)?|\s*[|/]\s*|\s+(?:or|and)\s+)(?:"[^"]+"|'[^']+'|[\p{L}\d_-]+))+)[)\]}]?/iu.exec(
      text,
    );
  if (listed) return { text: listed[0], values: valuesOf(listed[1] ?? '') };
  const named = /^\s*(?:is |are )?((?:[\p{L}\d_-]+\s*,\s*)+(?:or\s+)?[\p{L}\d_-]+)\s*$/iu.exec(text)?.[1];
  if (named && /\bor\b/.test(named)) return { text: named, values: valuesOf(named) };
  const piped =
    /(?:"?[\p{L}\d_-]+"?\s*\|\s*)+"?[\p{L}\d_-]+"?|(?<![\p{L}\d/])(?:(?:[\p{L}_-]{2,}\/)+[\p{L}_-]{2,}|(?:\p{L}{1,4}\/){2,}\p{L}{1,4})(?![\p{L}/])/iu.exec(
      text,
    );
  if (!piped || /^(?:true\/false|yes\/no|and\/or)$/i.test(piped[0].trim())) return null;
  return { text: piped[0], values: valuesOf(piped[0]) };
}

function valuesOf(text: string): string[] {
  return text
    .split(/\s*,\s*(?:or\s+|and\s+)?|\s*[|/]\s*|\s+(?:or|and)\s+/i)
    .map((value) => value.replaceAll(/^["']|["']$/g, '').trim())
    .filter((value) => value !== '');
}
