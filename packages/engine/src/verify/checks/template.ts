import { randomInt } from 'node:crypto';

/** Values by name: what exchanges saved, and 'unique'. */
export type Saved = ReadonlyMap<string, unknown>;

const hole = /\$\{([a-z][A-Za-z0-9]*)\}/g;

/** Puts saved values into a text. A name that nothing saved stays as it is, so that it is seen in the log. */
export function fillText(text: string, saved: Saved): string {
  return text.replaceAll(hole, (whole, name: string) => (saved.has(name) ? asText(saved.get(name)) : whole));
}

/** The same for a request path: what a path cannot carry (spaces, umlauts) is percent-encoded. */
export function fillPath(path: string, saved: Saved): string {
  return path.replaceAll(hole, (whole, name: string) =>
    saved.has(name) ? encodeURI(asText(saved.get(name)).toWellFormed()) : whole,
  );
}

/** The same for a JSON value. A string that is nothing but one name becomes the saved value itself: a number stays a number. */
export function fillJson(value: unknown, saved: Saved): unknown {
  if (typeof value === 'string') {
    const only = /^\$\{([a-z][A-Za-z0-9]*)\}$/.exec(value)?.[1];
    return only !== undefined && saved.has(only) ? saved.get(only) : fillText(value, saved);
  }
  if (Array.isArray(value)) return value.map((item) => fillJson(item, saved));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillJson(item, saved)]));
  }
  return value;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Letters and digits, starting with a letter: fits into names, addresses and paths. */
export function uniqueWord(): string {
  return `u${Array.from({ length: 11 }, () => randomInt(36).toString(36)).join('')}`;
}
