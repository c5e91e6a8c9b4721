import { limits, utf8Length, type Fact } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { cutText } from '../text/cut-text.ts';

/** Members that are words for people: a blob, a file or the log has the whole of them. Nothing else is ever cut. */
const words = new Set([
  'answer',
  'command',
  'excerpt',
  'feedback',
  'label',
  'leftOut',
  'location',
  'notEnforced',
  'note',
  'options',
  'question',
  'reason',
  'sentence',
  'summary',
  'text',
  'title',
  'why',
]);
/** Lists that may be shortened; the first items stay. */
const lists = new Set(['decisions', 'leftOut', 'notEnforced', 'tests']);
/** Members that only name something for people in events of this type; elsewhere the same words are for machines. */
const alsoShown: Partial<Record<Fact['type'], readonly string[]>> = {
  'source.surveyed': ['paths', 'redTests'],
  'mutation.recorded': ['agrees', 'diff', 'path'],
};
const fewest = 8;

type Holder = Record<string, unknown> | unknown[];
interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

/**
 * The fact as it fits into an event: long lists end earlier, then the longest words are cut, head and tail kept. Texts that came from an
 * agent or from code under check may be of any length, and must never be what stops a run. Throws event_too_large when it still does not fit.
 */
export function fitFact(fact: Fact): Fact {
  if (fits(fact.data)) return fact;
  const data: unknown = structuredClone(fact.data);
  failuresFirst(data);
  const also = new Set(alsoShown[fact.type]);
  while (!fits(data) && halveLongest(listsIn(data, also), halveList)) continue;
  while (!fits(data) && halveLongest(wordsIn(data, also), halveText)) continue;
  if (fits(data)) return { type: fact.type, data } as Fact;
  throw new DomainError('event_too_large', 'too-large', {
    message: `A ${fact.type} takes more than ${limits.eventBytes} bytes even with its texts cut short.`,
  });
}

function fits(data: unknown): boolean {
  return utf8Length(JSON.stringify(data)) <= limits.eventBytes;
}

function halveLongest(places: readonly Place[], halve: (place: Place) => boolean): boolean {
  const sizes = places
    .map((place) => ({ place, size: utf8Length(JSON.stringify(valueAt(place))) }))
    .toSorted((a, b) => b.size - a.size);
  return sizes.some(({ place }) => halve(place));
}

function halveList(place: Place): boolean {
  const list = valueAt(place) as unknown[];
  if (list.length <= fewest) return false;
  list.splice(Math.ceil(list.length / 2));
  return true;
}

function halveText(place: Place): boolean {
  const text = valueAt(place) as string;
  if (text.length <= fewest) return false;
  (place.holder as Record<string | number, unknown>)[place.key] = cutText(
    text,
    Math.max(fewest, Math.floor(text.length / 2)),
  );
  return true;
}

/** What did not pass is what a person looks for when not all tests can be named. */
function failuresFirst(data: unknown): void {
  for (const place of listsIn(data)) {
    if (place.key !== 'tests') continue;
    (valueAt(place) as { outcome: string }[]).sort(
      (a, b) => Number(a.outcome === 'passed') - Number(b.outcome === 'passed'),
    );
  }
}

function wordsIn(data: unknown, also: ReadonlySet<string>): Place[] {
  return placesIn(data)
    .filter(({ place, name }) => (words.has(name) || also.has(name)) && typeof valueAt(place) === 'string')
    .map(({ place }) => place);
}

function listsIn(data: unknown, also: ReadonlySet<string> = new Set()): Place[] {
  return placesIn(data)
    .filter(({ place, name }) => (lists.has(name) || also.has(name)) && Array.isArray(valueAt(place)))
    .map(({ place }) => place);
}

/** Every member and item below, with the name it goes by: an item goes by its list's name. */
function placesIn(value: unknown, name = ''): { readonly place: Place; readonly name: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const list = Array.isArray(value);
  return Object.keys(value).flatMap((key) => {
    const place: Place = { holder: value as Holder, key: list ? Number(key) : key };
    const itsName = list ? name : key;
    return [{ place, name: itsName }, ...placesIn(valueAt(place), itsName)];
  });
}

function valueAt({ holder, key }: Place): unknown {
  return (holder as Record<string | number, unknown>)[key];
}
