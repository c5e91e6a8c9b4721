import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';

/** The whole help: one screen. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'devfactory: turns a prompt and a list of requirements into code that is proven to meet them.',
    '',
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    `  ${'help'.padEnd(width)}  this, or with a command's name all about that command`,
    '',
    'RUN is the id of a run, or last. Every command takes --json and --data-dir DIR; --version tells the version.',
    'Results are on stdout, everything else on stderr. Commands that stay with a run end with',
    '  0 delivered and all requirements proven    3 something is not proven    4 waiting for a person',
    '  2 wrong use                                1 anything else',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, { value, about }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, about] as const,
  );
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    `devfactory ${command.name}${command.words === '' ? '' : ` ${command.words}`} [options]`,
    `  ${command.about}`,
    '',
    ...options.map(([left, about]) => `  ${left.padEnd(width)}  ${about}`),
  ].join('\n');
}

export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
