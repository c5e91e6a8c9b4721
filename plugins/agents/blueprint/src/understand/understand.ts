import type { Conventions, Entity, Model } from '../model/model.ts';
import { capital, kebab, pluralOf, singularOf, snake, wordsOf } from '../model/words.ts';
import { bounds } from './bounds.ts';
import { applyChanges, changesIn } from './changes.ts';
import {
  entitiesActedOn,
  entitiesAlone,
  entitiesWithFields,
  entityOfProduct,
  type EntityMention,
} from './entity-list.ts';
import { readAuth, readInvalidStatus, readName, readPaths, readPort } from './features.ts';
import type { FieldDraft } from './field-draft.ts';
import { languageOf } from './languages.ts';
import { looseFields } from './loose-fields.ts';
import { prefixOf, settleEntity } from './settle-entity.ts';
import { applyStatements, mentions, type EntityDraft } from './statements.ts';
import { normalise } from './text.ts';

/** Everything a person said so far. */
export interface Brief {
  readonly prompt: string;
  readonly requirements: readonly string[];
  readonly feedback: readonly string[];
  /** Feedback that came when checks were locked already: it may add, and takes nothing away that they ask for. */
  readonly afterLock?: readonly string[];
}

export interface Understanding {
  readonly model: Model;
  /** Names of things and fields beyond what this agent builds at once: 'rooms', 'colour of cars'. */
  readonly omitted: readonly string[];
}

/** The texts of a brief that say what is wanted, as they are read. */
export function textsOf(brief: Brief): { readonly early: readonly string[]; readonly late: readonly string[] } {
  const requirements = brief.requirements
    .slice(0, bounds.requirements)
    .map((text) => text.slice(0, bounds.requirementCharacters));
  return {
    early: [brief.prompt.slice(0, bounds.promptCharacters), ...requirements].map(normalise),
    late: brief.feedback.map((text) => normalise(text.slice(0, bounds.feedbackCharacters))),
  };
}

function productTexts(brief: Brief, { product }: Conventions): ReturnType<typeof textsOf> {
  const { early, late } = textsOf(brief);
  const plain = (text: string): string => product?.asApi(text) ?? text;
  return { early: early.map(plain), late: late.map(plain) };
}

/** Reads a brief into a model. Pure: the same words give the same model. */
export function understand(brief: Brief, conventions: Conventions): Understanding {
  const { early, late } = productTexts(brief, conventions);
  const texts = [...early, ...late];
  const notes: string[] = [];
  const paths = readPaths(texts);
  const auth = conventions.accounts === false ? null : readAuth(texts, paths);
  const omitted: string[] = [];
  const drafts = readEntities(early, {
    auth: auth !== null,
    notes,
    omitted,
    isEnglish: languageOf(brief.prompt) === null,
  });
  for (const text of early) applyStatements(text, drafts);
  const known = new Set(drafts.flatMap((draft) => draft.fields));
  addFeedback(drafts, late, (brief.afterLock ?? []).map(normalise));
  // What comes later must not break what was asked before: a field that is added can be left out.
  for (const field of drafts.flatMap((draft) => draft.fields))
    if (
      !known.has(field) &&
      drafts.some((draft) => draft.fields.includes(field) && draft.fields.some((other) => known.has(other)))
    )
      field.required ??= false;
  const entities = drafts.map((draft) => settleEntity(draft, { conventions, paths, notes }));
  const name = readName(brief.prompt.trim()) ?? titleOf(entities, conventions.product?.title ?? 'API');
  const model: Model = {
    title: name,
    slug: kebab(wordsOf(name)) || 'api',
    entities,
    auth,
    prefix: prefixOf(paths),
    port: readPort(texts) ?? conventions.port,
    invalidStatus: readInvalidStatus(texts),
    assumed: notes,
  };
  return { model, omitted: [...new Set(omitted)] };
}

function readEntities(
  texts: readonly string[],
  about: { readonly auth: boolean; readonly notes: string[]; readonly omitted: string[]; readonly isEnglish: boolean },
): EntityDraft[] {
  const drafts: EntityDraft[] = [];
  const [prompt = ''] = texts;
  for (const [index, text] of texts.entries())
    for (const mention of entitiesWithFields(text))
      if (index === 0 || !isFieldOf(drafts, mention)) merge(drafts, mention, about);
  for (const text of texts)
    for (const mention of entitiesAlone(text)) {
      const short = shortOf(drafts, mention);
      if (short) drafts[drafts.indexOf(short)] = { ...short, ...namesFor(mention, about.isEnglish) };
      else if (!isKnown(drafts, mention)) merge(drafts, mention, about);
    }
  readLooseFields(drafts, texts);
  if (drafts.length === 0) for (const mention of entityOfProduct(prompt)) merge(drafts, mention);
  if (drafts.length === 0 && !about.auth)
    for (const mention of texts.flatMap(entitiesActedOn)) {
      merge(drafts, mention);
      about.notes.push(`That it keeps ${mention.name} is a guess from what is done with them.`);
    }
  if (about.auth) dropAccounts(drafts);
  if (drafts.length === 0 && !about.auth) {
    merge(drafts, { name: 'item', fields: [] });
    about.notes.push(exampleNote);
  }
  return drafts;
}

/** What is said where nothing was understood that could be kept. */
export const exampleNote = 'Nothing to keep was named: it keeps items as an example.';

/** People who register and log in are accounts, unless they have fields of their own. */
function dropAccounts(drafts: EntityDraft[]): void {
  const own = drafts.filter(
    (draft) =>
      !(
        ['user', 'account', 'client', 'person', 'visitor'].includes(draft.singular.join(' ')) &&
        draft.fields.every((field) => /^(?:user[ _]?name|e-?mail|password|email address|token)$/i.test(field.label))
      ),
  );
  drafts.splice(0, drafts.length, ...own);
}

function isKnown(drafts: readonly EntityDraft[], mention: EntityMention): boolean {
  const words = wordsOf(mention.name);
  return (
    drafts.some((draft) => mentions(mention.name, draft)) ||
    drafts.some((draft) => words.length === 1 && draft.plural.length > 1 && draft.plural.at(-1) === words[0]) ||
    drafts.some((draft) =>
      draft.fields.some(
        (field) => singularOf(wordsOf(field.label).at(-1) ?? '') === singularOf(wordsOf(mention.name).at(-1) ?? ''),
      ),
    )
  );
}

/** 'The title has a subtitle' in a requirement speaks of a field, not of a new thing. */
function isFieldOf(drafts: readonly EntityDraft[], mention: EntityMention): boolean {
  const name = snake(wordsOf(mention.name));
  const isThing = drafts.some((draft) => [snake(draft.singular), snake(draft.plural)].includes(name));
  return (
    !isThing &&
    mention.fields.length === 1 &&
    drafts.some((draft) => draft.fields.some((field) => snake(wordsOf(field.label)) === name))
  );
}

/** 'A claim has …' in a text that calls them insurance claims. */
function shortOf(drafts: readonly EntityDraft[], { name }: EntityMention): EntityDraft | undefined {
  const words = wordsOf(name);
  const last = singularOf(words.at(-1) ?? '');
  if (words.length < 2 || drafts.some((draft) => mentions(name, draft) && draft.singular.length > 1)) return undefined;
  return drafts.find((draft) => draft.singular.length === 1 && draft.singular[0] === last);
}

interface Merging {
  readonly isEnglish?: boolean;
  readonly omitted?: string[];
}

/** Names of other languages stay as they are: English rules would bend them into words that nobody uses. */
function merge(drafts: EntityDraft[], mention: EntityMention, { isEnglish = true, omitted = [] }: Merging = {}): void {
  const words = wordsOf(mention.name);
  const last = words.at(-1);
  if (!last) return;
  const { singular, plural } = namesFor(mention, isEnglish);
  const one = singular.at(-1);
  let draft =
    drafts.find((item) => snake(item.singular) === snake(singular)) ??
    // 'The order has …' after 'purchase orders' speaks of those.
    onlyOne(drafts.filter((item) => words.length === 1 && item.singular.length > 1 && item.singular.at(-1) === one));
  if (!draft) {
    if (drafts.length >= bounds.things) return void omitted.push(plural.join(' '));
    draft = { singular, plural, fields: [] };
    drafts.push(draft);
  }
  for (const field of mention.fields) mergeField(draft, field, omitted);
}

function namesFor({ name }: EntityMention, isEnglish: boolean): Pick<EntityDraft, 'singular' | 'plural'> {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const one = isEnglish ? singularOf(last) : last;
  return { singular: [...words.slice(0, -1), one], plural: [...words.slice(0, -1), isEnglish ? pluralOf(one) : one] };
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** 'Fields: name, age' and 'Name is required. Age is optional.' after the one thing that has none yet. */
function readLooseFields(drafts: readonly EntityDraft[], texts: readonly string[]): void {
  const bare = onlyOne(drafts);
  if (!bare || bare.fields.length > 0) return;
  for (const field of texts.flatMap(looseFields)) mergeField(bare, field);
}

function mergeField(draft: EntityDraft, field: FieldDraft, omitted: string[] = []): void {
  const name = snake(wordsOf(field.label));
  const known = draft.fields.find((item) => snake(wordsOf(item.label)) === name);
  if (!known) {
    if (draft.fields.length >= bounds.fields) return void omitted.push(`${field.label} of ${draft.plural.join(' ')}`);
    draft.fields.push(field);
    return;
  }
  known.type = field.type ?? known.type;
  known.required = field.required ?? known.required;
  known.unique ||= field.unique;
  known.min = field.min ?? known.min;
  known.max = field.max ?? known.max;
  if (field.choices.length > 0) known.choices = field.choices;
}

/** 'add a field isbn to books', 'also add authors with name', 'books also have a language'. */
function addFeedback(drafts: EntityDraft[], texts: readonly string[], afterLock: readonly string[]): void {
  for (const text of texts) {
    if (changesIn(text).length > 0) {
      if (!afterLock.includes(text)) applyChanges(text, drafts);
      continue;
    }
    const added =
      /\badd\s+(?:an?\s+|the\s+)?(?:(?:new|another|optional|required|unique)\s+)*(?:(?:field|property|attribute|column)s?\s+)?(.+?)\s+(?:field\s+|property\s+)?(?:to|on|for)\s+(?:the\s+|each\s+|every\s+|all\s+)?([\p{L}_ -]+?)(?=[.,;!(\n]|$)/iu.exec(
        text,
      );
    const bare =
      /\badd\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:optional\s+|required\s+|unique\s+)?(?:field|property|attribute|column)s?\s+(?:called\s+|named\s+)?["']?([^.\n]+)/iu.exec(
        text,
      );
    const only = bare ? onlyOne(drafts) : undefined;
    if (bare && only && !added) {
      for (const mention of entitiesWithFields(`${only.plural.join(' ')} with ${bare[1]}`))
        for (const field of mention.fields) mergeField(only, field);
      continue;
    }
    const target = added ? drafts.find((draft) => mentions(added[2] ?? '', draft)) : undefined;
    if (added && target) {
      for (const mention of entitiesWithFields(`${target.plural.join(' ')} with ${added[1]}`))
        for (const field of mention.fields) mergeField(target, field);
    } else
      for (const mention of [...entitiesWithFields(text), ...entitiesAlone(text)])
        if (mention.fields.length > 0 || !isKnown(drafts, mention)) merge(drafts, mention);
    applyStatements(
      text.replaceAll(/\bmake (?:the |each )?([\p{L} _-]+?) (required|optional|unique|mandatory)\b/giu, 'the $1 is $2'),
      drafts,
    );
  }
}

function titleOf(entities: readonly Entity[], product: string): string {
  const names = entities.slice(0, 2).map((entity) => entity.label.split(' ').map(capital).join(' '));
  return names.length === 0 ? `Accounts ${product}` : `${names.join(' and ')} ${product}`;
}
