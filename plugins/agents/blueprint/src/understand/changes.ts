import { pluralOf, singularOf, snake, wordsOf } from '../model/words.ts';
import type { FieldDraft } from './field-draft.ts';
import { mentions, type EntityDraft } from './statements.ts';
import { sentencesOf } from './text.ts';

/** What feedback takes away or names anew. */
export type Change =
  | { readonly kind: 'remove'; readonly names: readonly string[]; readonly of: string | null }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string; readonly of: string | null };

const noun = String.raw`(?:the |an? |all |its |their )?(?:fields? |property |properties |attributes? |columns? |entit(?:y|ies) |things? |resources? )?`;
const quotable = String.raw`["'\x60]?([\p{L}][\p{L}\d _,&/-]*?)["'\x60]?(?: fields?| property| column)?`;
const owner = String.raw`(?: (?:from|of|in|on|for) (?:the |each |every |all )?([\p{L}][\p{L}\d _-]*?))?`;
const end = String.raw`(?: (?:please|again|as well|too|instead))*[.!]?$`;
const please = String.raw`^(?:please |also |and |then |no,? |can you |could you |you can |let's |we can |i'd like to )*`;
const remove = new RegExp(
  String.raw`${please}(?:remove|drop|delete|leave out|take out|get rid of|skip|omit|i (?:do not|don't) (?:need|want)|without) ${noun}${quotable}${owner}${end}`,
  'iu',
);
const rename = new RegExp(
  String.raw`${please}(?:rename|call|change the name of) ${noun}${quotable}${owner} (?:to|as|into|->|=>) ["'\x60]?([\p{L}][\p{L}\d _-]*?)["'\x60]?${end}`,
  'iu',
);

export function changesIn(text: string): Change[] {
  return sentencesOf(text).flatMap((sentence): Change[] => {
    const renamed = rename.exec(sentence);
    if (renamed) return [{ kind: 'rename', name: renamed[1] ?? '', to: renamed[3] ?? '', of: renamed[2] ?? null }];
    const removed = remove.exec(sentence);
    if (!removed) return [];
    const names = (removed[1] ?? '').split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/).filter((name) => name !== '');
    return [{ kind: 'remove', names, of: removed[2] ?? null }];
  });
}

/** Applies what names something that is there; what names nothing changes nothing. */
export function applyChanges(text: string, drafts: EntityDraft[]): void {
  for (const change of changesIn(text)) {
    const among = drafts.filter((draft) => change.of === null || mentions(change.of, draft));
    if (change.kind === 'rename') renameIn(drafts, among, change);
    else for (const name of change.names) removeIn(drafts, among, name);
  }
}

function removeIn(drafts: EntityDraft[], among: readonly EntityDraft[], name: string): void {
  for (const draft of among) {
    const at = draft.fields.findIndex((field) => isNamed(field, name));
    // A thing without a field is none.
    if (at >= 0 && draft.fields.length > 1) return void draft.fields.splice(at, 1);
  }
  const at = drafts.findIndex((draft) => isThing(draft, name));
  if (at >= 0 && drafts.length > 1) drafts.splice(at, 1);
}

function renameIn(
  drafts: EntityDraft[],
  among: readonly EntityDraft[],
  { name, to }: { readonly name: string; readonly to: string },
): void {
  for (const draft of among) {
    const field = draft.fields.find((item) => isNamed(item, name));
    if (!field || draft.fields.some((other) => isNamed(other, to))) continue;
    field.label = to;
    return;
  }
  const at = drafts.findIndex((draft) => isThing(draft, name));
  const draft = drafts[at];
  if (!draft || drafts.some((other) => isThing(other, to))) return;
  const words = wordsOf(to);
  const one = singularOf(words.at(-1) ?? '');
  drafts[at] = { ...draft, singular: [...words.slice(0, -1), one], plural: [...words.slice(0, -1), pluralOf(one)] };
}

function isNamed(field: FieldDraft, name: string): boolean {
  return snake(wordsOf(field.label)) === snake(wordsOf(name));
}

function isThing({ singular, plural }: EntityDraft, name: string): boolean {
  return [snake(singular), snake(plural)].includes(snake(wordsOf(name)));
}
