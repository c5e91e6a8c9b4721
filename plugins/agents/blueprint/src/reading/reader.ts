import type { Entity, Field, Model } from '../model/model.ts';
import { asciiOf } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import type { Catalogue } from '../requirements/catalogue.ts';
import { readPort, readTokenSeconds } from '../understand/features.ts';
import { normalise } from '../understand/text.ts';
import { constraintKeys } from './constraint-keys.ts';
import type { Grammar, PhraseRule } from './grammar.ts';
import { fieldPattern, shortPattern, themes, thingPattern } from './names.ts';
import { accountWords, paperWords, plainWords, promptWords, refusalWords } from './plain-words.ts';

const refusal =
  /\b(?:401|reject\w*|refus\w*|den(?:y|ied|ies)|unauthori[sz]ed|not (?:be )?(?:allowed|permitted|accepted)|cannot|must not|may not|can not|error|fails?|blocked)\b/;

/** What a text asks for, as far as the catalogue has it, and the words that nothing in the catalogue answers. */
export interface Reading {
  readonly behaviours: readonly Behaviour[];
  readonly leftover: readonly string[];
}

export interface ReadingOptions {
  readonly model: Model;
  readonly catalogue: Catalogue;
  readonly grammar: Grammar;
  /** A prompt speaks more loosely than a requirement. */
  readonly loose?: boolean;
}

/** Reads a wish strictly: every word must be accounted for, or it is left over. */
export function readWish(wish: string, options: ReadingOptions): Reading {
  const read = known.get(options.catalogue) ?? new Map<string, Reading>();
  known.set(options.catalogue, read);
  const key = `${options.loose === true}${wish}`;
  const reading = read.get(key) ?? readAnew(wish, options);
  read.set(key, reading);
  return reading;
}

/** A plan asks for the same sentences more than once. */
const known = new WeakMap<Catalogue, Map<string, Reading>>();

function readAnew(wish: string, options: ReadingOptions): Reading {
  const exact = [...options.catalogue.values()].find((behaviour) => behaviour.text === wish.trim());
  return exact ? { behaviours: [exact], leftover: [] } : new Reader(wish, options).read();
}

class Reader {
  readonly #text: string;
  readonly #options: ReadingOptions;
  readonly #keys = new Set<string>();
  readonly #covered: boolean[];
  readonly #isNamed: boolean;
  readonly #things: readonly Entity[];
  readonly #fields: readonly { readonly entity: Entity; readonly field: Field }[];

  constructor(wish: string, options: ReadingOptions) {
    this.#text = asciiOf(normalise(wish)).toLowerCase();
    this.#options = options;
    this.#covered = Array.from({ length: this.#text.length }, () => false);
    const { entities } = options.model;
    const named = entities.filter(
      (entity) =>
        this.#cover(thingPattern(entity)) ||
        this.#cover(shortPattern(entity, options.model)) ||
        this.#text.includes(entity.path.toLowerCase()),
    );
    this.#isNamed = named.length > 0;
    this.#things = this.#isNamed ? named : entities;
    this.#fields = this.#things.flatMap((entity) =>
      entity.fields.filter((field) => this.#cover(fieldPattern(field))).map((field) => ({ entity, field })),
    );
  }

  read(): Reading {
    const { grammar, model } = this.#options;
    for (const { at, end, keys } of grammar.mentions(this.#text, model)) if (this.#take(keys)) this.#mark(at, end);
    const constraints = constraintKeys(this.#text, this.#options.model);
    if (this.#take(constraints.keys)) for (const pattern of constraints.patterns) this.#cover(pattern);
    for (const rule of grammar.phrases) this.#apply(rule);
    this.#readNumbers();
    for (const { fields } of this.#things)
      this.#cover(new RegExp(String.raw`\b${fields.length} (?=(?:fields|attributes|properties|columns)\b)`, 'g'));
    if (this.#keys.size === 0 && this.#fields.length > 0)
      this.#take(this.#things.map((entity) => `${entity.plural}.create`));
    this.#readStatuses();
    if (this.#options.loose)
      for (const pattern of themes(this.#options.model, this.#options.grammar.product)) this.#cover(pattern);
    return {
      behaviours: [...this.#keys].flatMap((key) => this.#options.catalogue.get(key) ?? []),
      leftover: this.#leftover(),
    };
  }

  /** A rule counts where the catalogue has all it stands for. */
  #apply(rule: PhraseRule): void {
    const matches = [...this.#text.matchAll(rule.pattern)].filter(
      (match) => !this.#covered.slice(match.index, match.index + match[0].length).every(Boolean),
    );
    if (matches.length === 0 || (rule.refusing && !refusal.test(this.#text))) return;
    const keys =
      this.#fields.length > 0 && rule.fieldKeys
        ? [...rule.fieldKeys, ...(rule.keys.includes('E.invalid') ? rule.keys : [])]
        : rule.keys;
    const fitting = rule.ofThing ? matches.filter((match) => this.#isOfThing(match.index + match[0].length)) : matches;
    if (fitting.length === 0) return;
    if (this.#take(keys.flatMap((key) => this.#expand(key)))) {
      for (const match of fitting) this.#mark(match.index, match.index + match[0].length);
    } else if (rule.fieldKeys) for (const match of fitting) this.#applyToNext(rule.fieldKeys, match);
  }

  /** 'Filter by done, sort by date' asks each of the fields that follow it up to the comma, not of both. */
  #applyToNext(keys: readonly string[], match: RegExpExecArray): void {
    const end = match.index + match[0].length;
    const next = this.#text.slice(end).split(/[,.;]|\band\b/, 1)[0] ?? '';
    const fields = this.#fields.filter(({ field }) => next.search(fieldPattern(field)) >= 0);
    const all = keys.flatMap((key) =>
      fields.map(({ entity, field }) => `${entity.plural}.${key.slice(2, -1)}${field.name}`),
    );
    if (this.#take(all)) this.#mark(match.index, end);
  }

  /** True when a thing follows within a few words that say nothing. */
  #isOfThing(at: number): boolean {
    const rest = this.#text.slice(at, at + 60);
    return this.#options.model.entities.some((entity) =>
      new RegExp(
        String.raw`^(?: (?:an?|the|one|all|every|each|its|single|some|existing|new|specific|particular|given|their|list of|details? of|by id))*\s+(?:${thingPattern(entity).source})`,
        'i',
      ).test(rest),
    );
  }

  #expand(key: string): string[] {
    if (key === 'LOGIN') return this.#loginKeys();
    if (!key.startsWith('E.')) return [key];
    const rest = key.slice(2);
    if (rest.endsWith('.F'))
      return this.#fields.map(({ entity, field }) => `${entity.plural}.${rest.slice(0, -1)}${field.name}`);
    const prefixes = this.#things.map((entity) => `${entity.plural}.${rest.replace(/\*$/, '')}`);
    return rest.endsWith('*')
      ? [...this.#options.catalogue.keys()].filter((known) => prefixes.some((prefix) => known.startsWith(prefix)))
      : prefixes;
  }

  /** Credentials that the text names must be the ones that the model has. */
  #loginKeys(): string[] {
    const { auth } = this.#options.model;
    const isEmail = /e-?mail/.test(this.#text);
    const isName = /user[ -]?name/.test(this.#text);
    return auth && (auth.login === 'email') === isEmail && (auth.login === 'username') === isName
      ? [/log|sign[- ]?in/.test(this.#text) ? 'auth.login' : 'auth.register']
      : ['?'];
  }

  /** Notes what is asked for; false, and nothing noted, when the catalogue lacks any of it. */
  #take(keys: readonly string[]): boolean {
    const has = keys.length > 0 && keys.every((key) => this.#options.catalogue.has(key));
    if (has) for (const key of keys) this.#keys.add(key);
    return has;
  }

  #readNumbers(): void {
    const { model } = this.#options;
    const port = readPort([this.#text]);
    if (port === model.port && this.#take(['port']))
      this.#cover(new RegExp(String.raw`(?:listens?|runs?|listening|running)?(?: on)? ?(?:port)? ?:?${port}`, 'g'));
    if (model.auth && readTokenSeconds(this.#text) === model.auth.tokenSeconds && this.#take(['auth.expiry'])) {
      this.#cover(
        /\b(?:expir\w*|valid|last\w*|lifetime|refuse)\b[^.\n]{0,25}?\b(?:\d{1,6}|an?|one|two|twelve)[\s-]*(?:second|minute|hour|day|week)s?(?: after it was issued)?\b/g,
      );
    } else if (
      readTokenSeconds(this.#text) === null &&
      /\bexpired? tokens?\b|\btokens? (?:that )?(?:has |have |is |are )?expired?\b/.test(this.#text) &&
      this.#take(['auth.expiry'])
    )
      this.#cover(/\bexpired?\b/g);
  }

  /** Status codes must be ones that the checks look for; a code alone says what it is about. */
  #readStatuses(): void {
    const phrase =
      /\b([1-5]\d\d)\b(?: ?\(?(?:ok|created|no content|bad request|unauthori[sz]ed|not found|conflict|unprocessable \w+|method not allowed)\)?)?/g;
    for (const match of this.#text.matchAll(phrase)) {
      const code = Number(match[1]);
      const known = (): boolean =>
        [...this.#keys].some((key) => this.#options.catalogue.get(key)?.statuses.includes(code));
      if (!known()) this.#take(this.#meaningOf(code));
      if (known()) this.#mark(match.index, match.index + match[0].length);
    }
  }

  #meaningOf(code: number): string[] {
    if (code === 401) return ['auth.protected'];
    if (code === 404) return this.#things.length > 0 ? this.#expand('E.missing') : ['errors'];
    if (code === this.#options.model.invalidStatus) return this.#expand('E.invalid');
    return [];
  }

  #leftover(): string[] {
    const keys = [...this.#keys];
    const about = (pattern: RegExp): boolean => keys.some((key) => pattern.test(key));
    const { plain, foreign } = this.#options.grammar;
    const allowed = [
      plainWords,
      ...(plain ? [plain] : []),
      ...(about(
        /invalid|required|unique|bounds|missing|malformed|type|unknown|errors|auth\.(?:protected|wrong|duplicate|password|expiry)/,
      )
        ? [refusalWords]
        : []),
      ...(about(/^auth\./) ? [accountWords] : []),
      ...(about(/^(?:readme|licence|ignore|tests|settings|port|sqlite|language|factory|wsgi)$/) ? [paperWords] : []),
      ...(this.#options.loose ? [promptWords] : []),
    ];
    if (about(/\.filter\./)) this.#cover(/\bonly(?= (?:the |those )?[\w-]+(?: (?:by|of|with|that|whose|in)\b|$))/g);
    const idle = [...this.#idleFields(), ...this.#chained(), ...this.#presorted()];
    const found = [...this.#text.matchAll(/(?<![\p{L}\p{N}])\/[a-z<{:][^\s,;)]*|[\p{L}\p{N}][\p{L}\p{N}_'.+#-]*/gu)]
      .filter((match) => !this.#isCovered(match.index, match[0]))
      .map((match) => match[0].replace(/[.'/-]+$/, '').replace(/'s$/, ''));
    return [
      ...new Set([
        ...idle,
        ...found.filter((word) => foreign?.has(word) === true || !allowed.some((set) => set.has(word))),
      ]),
    ];
  }

  /** 'Deleting a book deletes its author' names a field that deleting says nothing about. */
  #idleFields(): string[] {
    const keys = [...this.#keys];
    const touches = keys.some((key) =>
      /\.(?:create|list|read|update|replace|change|invalid|required|search|filter|sort|persist|type)\b|\.(?:optional|unique|bounds)\./.test(
        key,
      ),
    );
    return touches || this.#options.loose
      ? []
      : this.#fields
          .filter(
            ({ field }) =>
              !keys.some(
                (key) => key.startsWith('auth.') && ['email', 'username', 'password', 'name'].includes(field.name),
              ),
          )
          .map(({ field }) => field.label);
  }

  /** 'Books are listed by title' asks for an order that nobody has to ask for; sorting here is for clients to ask for. */
  #presorted(): string[] {
    const found = /\b(?:listed|shown|displayed|returned|sorted|ordered) (?:by|in order of) [^.,;]+/.exec(this.#text);
    const isAsked = /\b(?:can|may|could|able|sort=|when a client|where a client)\b|sort=/.test(this.#text);
    return found && /^(?:listed|shown|displayed|returned)/.test(found[0]) && !isAsked ? [found[0]] : [];
  }

  /** 'When an order is created, its books are updated' joins two things; each alone is checked, the joint is not. */
  #chained(): string[] {
    const verb = /\b(?:creat|add|post|updat|chang|edit|replac|delet|remov|put|patch|insert)\w*\b/;
    const { source } = verb;
    const runsOn = this.#things.some((thing) =>
      new RegExp(String.raw`${thingPattern(thing).source}\s+(?:(?:shall|must|should|will)\s+)?${source}`, 'i').test(
        this.#text,
      ),
    );
    if (runsOn && this.#things.length > 1 && this.#isNamed) return ['… then'];
    if (!/\b(?:when|whenever|if|once|after|as soon as)\b/.test(this.#text)) return [];
    const acts = this.#text
      .split(/\b(?:when|whenever|if|once|after|as soon as)\b|,/)
      .filter((part) => verb.test(part))
      .map((part) => this.#things.filter((thing) => thingPattern(thing).test(part)).map((thing) => thing.plural));
    const named = acts.filter((things) => things.length > 0).map((things) => things.join(' '));
    return new Set(named).size > 1 ? ['when … then'] : [];
  }

  #isCovered(at: number, word: string): boolean {
    const bare = word.replace(/[.'/-]+$/, '');
    return this.#covered.slice(at, at + bare.length).every(Boolean);
  }

  #cover(pattern: RegExp): boolean {
    const matches = [...this.#text.matchAll(pattern)];
    for (const match of matches) this.#mark(match.index, match.index + match[0].length);
    return matches.length > 0;
  }

  #mark(at: number, end: number): void {
    this.#covered.fill(true, at, end);
  }
}
