import { choice, lazy, literal, push, sequence, type Rule } from './grammar.ts';

const quote = 0x22;
const backslash = 0x5c;
const mostSpace = 24;
const spaces = new Set([0x20, 0x0a, 0x0d, 0x09]);

/** Space between values; not without end, for small models like to go on with it for ever. */
export const space: Rule = spaceUpTo(mostSpace);

function spaceUpTo(left: number): Rule {
  return {
    empty: true,
    step: (byte, below, to) => {
      if (left > 0 && spaces.has(byte)) to(push(spaceUpTo(left - 1), below));
    },
  };
}

export interface TextBounds {
  /** Characters. */
  readonly min: number;
  readonly max: number;
}

/** How far into a string it is. `rest`: bytes of a character, or digits of an escape, that are still to come. */
interface TextAt {
  readonly length: number;
  readonly inside: 'text' | 'escape' | 'digits' | 'character';
  readonly rest: number;
}

const begun: TextAt = { length: 0, inside: 'text', rest: 0 };

export function text(bounds: TextBounds = { min: 0, max: Infinity }): Rule {
  return {
    empty: false,
    step: (byte, below, to) => {
      if (byte === quote) to(push(textFrom(begun, bounds), below));
    },
  };
}

function textFrom(at: TextAt, bounds: TextBounds): Rule {
  return {
    empty: false,
    step: (byte, below, to) => {
      if (at.inside === 'text' && byte === quote) {
        if (at.length >= bounds.min) to(below);
        return;
      }
      // A character is begun only where it may also end.
      if (at.inside === 'text' && at.length >= bounds.max) return;
      const next = textAfter(at, byte);
      if (next) to(push(textFrom(next, bounds), below));
    },
  };
}

function textAfter(at: TextAt, byte: number): TextAt | null {
  const done: TextAt = { length: at.length + 1, inside: 'text', rest: 0 };
  const goOn = (inside: TextAt['inside'], rest: number): TextAt => ({ length: at.length, inside, rest });
  switch (at.inside) {
    case 'text': {
      if (byte === backslash) return goOn('escape', 0);
      if (byte < 0x20) return null;
      if (byte < 0x80) return done;
      const rest =
        byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
      return rest === 0 ? null : goOn('character', rest);
    }
    case 'escape':
      if (byte === 0x75) return goOn('digits', 4);
      return '"\\/bfnrt'.includes(String.fromCodePoint(byte)) ? done : null;
    case 'digits':
      if (!/[0-9a-fA-F]/.test(String.fromCodePoint(byte))) return null;
      return at.rest === 1 ? done : goOn('digits', at.rest - 1);
    default:
      if (byte < 0x80 || byte > 0xbf) return null;
      return at.rest === 1 ? done : goOn('character', at.rest - 1);
  }
}

export interface NumberBounds {
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
}

const anyNumber: NumberBounds = { integer: false, min: -Infinity, max: Infinity };
const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const begunNumber = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*(?:(?<=\d)[eE][+-]?\d{0,3})?|[eE][+-]?\d{0,3})?)?$/;
const mostDigits = 17;

export function number(bounds: NumberBounds = anyNumber): Rule {
  return numberFrom('', bounds);
}

function numberFrom(said: string, bounds: NumberBounds): Rule {
  const value = wholeNumber.test(said) ? Number(said) : Number.NaN;
  return {
    empty: value >= bounds.min && value <= bounds.max,
    step: (byte, below, to) => {
      const next = said + String.fromCodePoint(byte);
      if (leads(next, bounds)) to(push(numberFrom(next, bounds), below));
    },
  };
}

/** Whether these digits can still become a number within the bounds: else there would be no way out of it later. */
function leads(said: string, { integer, min, max }: NumberBounds): boolean {
  if (said.length > mostDigits || !begunNumber.test(said)) return false;
  if (integer && /[.eE]/.test(said)) return false;
  const bounded = min !== -Infinity || max !== Infinity;
  if (!bounded) return true;
  if (/[eE]/.test(said)) return false;
  const negative = said.startsWith('-');
  if (said === '-') return min < 0;
  const digits = Math.abs(Number(said));
  const [least, most] = negative ? [-max, -min] : [min, max];
  const fraction = said.includes('.') ? (said.split('.')[1]?.length ?? 0) : null;
  const within = (low: number, high: number): boolean => low <= most && high >= least;
  if (fraction !== null) return within(digits, digits + 10 ** -fraction);
  const wide = integer ? 0 : 1;
  if (within(digits, digits + wide)) return true;
  if (digits === 0) return false;
  for (let scale = 10, room = mostDigits - said.length; room > 0; scale *= 10, room -= 1)
    if (within(digits * scale, digits * scale + scale - 1 + wide)) return true;
  return false;
}

export interface ObjectShape {
  readonly properties: ReadonlyMap<string, Rule>;
  readonly required: ReadonlySet<string>;
  /** What other names may hold; null: there are none. */
  readonly others: Rule | null;
}

/** Its properties in any order, each once, and not closed before the required ones are there. */
export function object(shape: ObjectShape): Rule {
  return sequence(literal('{'), space, member(shape, { seen: new Set(), first: true }));
}

interface Members {
  readonly seen: ReadonlySet<string>;
  readonly first: boolean;
}

/** What may stand where a member or the end may: for the first one, the member itself, later a comma before it. */
function member(shape: ObjectShape, { seen, first }: Members): Rule {
  const whole = [...shape.required].every((name) => seen.has(name));
  const behind = (name: string): Rule => member(shape, { seen: new Set([...seen, name]), first: false });
  return lazy(() => {
    const known = [...shape.properties]
      .filter(([name]) => !seen.has(name))
      .map(([name, rule]) => sequence(literal(JSON.stringify(name)), colon, rule, space, behind(name)));
    const others = shape.others ? [sequence(otherName(shape.properties), colon, shape.others, space, behind(''))] : [];
    const next = [...known, ...others];
    // No comma where nothing can follow it.
    const more = next.length === 0 ? [] : [first ? choice(...next) : sequence(literal(','), space, choice(...next))];
    return choice(...more, ...(whole ? [literal('}')] : []));
  });
}

const colon = sequence(space, literal(':'), space);

/** A name that is none of these. Without escapes, which could spell one of them. */
function otherName(known: ReadonlyMap<string, Rule>): Rule {
  const from = (said: readonly number[]): Rule => ({
    empty: false,
    step: (byte, below, to) => {
      if (byte === quote) {
        if (said.length > 0 && !known.has(new TextDecoder().decode(Uint8Array.from(said)))) to(below);
      } else if (byte !== backslash && byte >= 0x20 && said.length < 100) to(push(from([...said, byte]), below));
    },
  });
  return sequence(literal('"'), from([]));
}

export interface ListShape {
  /** The first ones; all others are `rest`; null: there are no others. */
  readonly first: readonly Rule[];
  readonly rest: Rule | null;
  readonly min: number;
  readonly max: number;
}

export function list(shape: ListShape): Rule {
  return sequence(literal('['), space, item(shape, 0));
}

function item(shape: ListShape, at: number): Rule {
  return lazy(() => {
    const rule = at < shape.max ? (shape.first[at] ?? shape.rest) : null;
    const next = rule ? [sequence(...(at === 0 ? [] : [literal(','), space]), rule, space, item(shape, at + 1))] : [];
    return choice(...next, ...(at >= shape.min ? [literal(']')] : []));
  });
}

/** Any value, as deep as it likes. */
export const anything: Rule = lazy(() =>
  choice(
    object({ properties: new Map(), required: new Set(), others: anything }),
    list({ first: [], rest: anything, min: 0, max: Infinity }),
    text(),
    number(),
    ...['true', 'false', 'null'].map(literal),
  ),
);
