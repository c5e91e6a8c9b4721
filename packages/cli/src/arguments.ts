import { parseArgs } from 'node:util';
import { UsageError } from './failure.ts';
import { nearest } from './nearest.ts';

/** An option of a command. With `value` it takes one, which is how the help names it. */
export interface OptionSpec {
  readonly value?: string;
  readonly about: string;
}

/** A command's words after its name, read. */
export interface Arguments {
  readonly words: readonly string[];
  /** Value of an option that takes one; null when it was not given. */
  text(name: string): string | null;
  flag(name: string): boolean;
}

/** Reads arguments against a command's options. Throws UsageError and names the nearest option when one is unknown. */
export function readArguments(args: readonly string[], options: Readonly<Record<string, OptionSpec>>): Arguments {
  const types = Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  // Not strict: the checks below say the same with a suggestion.
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: types,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'option') values.set(token.name, optionValue(token, options));
  }
  return {
    words: positionals,
    text: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? value : null;
    },
    flag: (name) => values.get(name) === true,
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function optionValue(token: OptionToken, options: Readonly<Record<string, OptionSpec>>): string | true {
  const spec = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (!spec) {
    const meant = nearest(token.name, Object.keys(options));
    throw new UsageError(`There is no option ${token.rawName}${meant ? `; did you mean --${meant}?` : '.'}`);
  }
  if (spec.value === undefined) {
    if (token.value === undefined) return true;
    throw new UsageError(`${token.rawName} takes no value.`);
  }
  if (token.value === undefined || token.value === '')
    throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${spec.value}`);
  if (token.inlineValue === false && /^-./.test(token.value)) {
    throw new UsageError(
      `${token.rawName} needs a value; to pass one that begins with a dash write ${token.rawName}=${token.value}`,
    );
  }
  return token.value;
}
