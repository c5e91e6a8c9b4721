import { wordsOf } from '../model/words.ts';
import { applyConstraint } from './constraint.ts';
import { draftOf, type FieldDraft } from './field-draft.ts';
import { readFieldList } from './field-list.ts';
import { judging, notAnEntity } from './nouns.ts';
import { sentencesOf } from './text.ts';

const whole =
  /^(?:the |an? |its )?([\p{L}][\p{L}_-]*(?: [\p{L}_-]+){0,2}?) ((?:is|are|must|shall|should|has to|needs to|may|can|cannot)\b.+|(?:unique|required|mandatory|optional)$)/iu;
const bare = /^(?:the |an? |its )?([\p{L}][\p{L}_-]*(?: [\p{L}_-]+)?) (unique|required|mandatory|optional)$/iu;

/** Fields that a text names apart from the thing that has them: 'Fields: name, age', 'Name is required'. */
export function looseFields(text: string): FieldDraft[] {
  return sentencesOf(text).flatMap((sentence) => {
    const [, kind, list] =
      /^(?:(?:the|its|their) )?(?:(required|mandatory|optional|unique) )?(?:fields|attributes|properties|columns)(?: are)?:?\s+(.+)$/i.exec(
        sentence,
      ) ?? [];
    if (!list)
      return sentence.split(/,\s*/).flatMap((clause, index) => stated(index === 0 ? sentence : clause, index > 0));
    const fields = readFieldList(list);
    for (const field of fields) if (kind) applyConstraint(field, kind.toLowerCase());
    return fields;
  });
}

/** A name followed by a rule that is understood to its last word. Of a part of a sentence, only the barest: 'e-mail unique'. */
function stated(sentence: string, isPart: boolean): FieldDraft[] {
  const [, name = '', rule = ''] = (isPart ? bare : whole).exec(sentence) ?? [];
  const words = wordsOf(name);
  if (words.length === 0 || notAnEntity.has(words.at(-1) ?? '') || judging.test(name)) return [];
  const draft = draftOf(name);
  return applyConstraint(draft, rule.replace(/\b(?:cannot|must not|shall not|should not) be\b/i, 'not be')) === ''
    ? [draft]
    : [];
}
