import { wordsOf } from '../model/words.ts';
import { applyConstraint } from './constraint.ts';
import { draftOf, type FieldDraft } from './field-draft.ts';
import { readFieldList } from './field-list.ts';
import { judging, notAnEntity } from './nouns.ts';
import { sentencesOf } from './text.ts';

/** Fields that a text names apart from the thing that has them: 'Fields: name, age', 'Name is required'. */
export function looseFields(text: string): FieldDraft[] {
  return sentencesOf(text).flatMap((sentence) => {
    const [, kind, list] =
      /^(?:(?:the|its|their) )?(?:(required|mandatory|optional|unique) )?(?:fields|attributes|properties|columns)(?: are)?:?\s+(.+)$/i.exec(
        sentence,
      ) ?? [];
    if (!list) return stated(sentence);
    const fields = readFieldList(list);
    for (const field of fields) if (kind) applyConstraint(field, kind.toLowerCase());
    return fields;
  });
}

/** A name followed by a rule that is understood to its last word. */
function stated(sentence: string): FieldDraft[] {
  const [, name = '', rule = ''] =
    /^(?:the |an? |its )?([\p{L}][\p{L}_-]*(?: [\p{L}_-]+){0,2}?) ((?:is|are|must|shall|should|has to|needs to|may|can|cannot)\b.+)$/iu.exec(
      sentence,
    ) ?? [];
  const words = wordsOf(name);
  if (words.length === 0 || notAnEntity.has(words.at(-1) ?? '') || judging.test(name)) return [];
  const draft = draftOf(name);
  return applyConstraint(draft, rule.replace(/\b(?:cannot|must not|shall not|should not) be\b/i, 'not be')) === ''
    ? [draft]
    : [];
}
