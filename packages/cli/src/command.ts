import type { Arguments, OptionSpec } from './arguments.ts';
import type { Terminal } from './terminal.ts';

export interface Invocation {
  readonly arguments: Arguments;
  readonly terminal: Terminal;
}

/** One word that `devfactory` understands. */
export interface Command {
  readonly name: string;
  readonly about: string;
  /** What comes after the name, as the help shows it. */
  readonly words: string;
  /** How many words it takes. */
  readonly count: { readonly least: number; readonly most: number };
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Gives the exit code. Throws CliError or ApiError; anything else is a bug. */
  run(invocation: Invocation): Promise<number>;
}

/** Options that every command has. */
export const commonOptions = {
  json: { about: 'print results as JSON' },
  'data-dir': {
    value: 'DIR',
    about:
      'where everything is kept (default $DEVFACTORY_DATA_DIR, as root /var/lib/devfactory, else ~/.local/share/devfactory)',
  },
  help: { about: 'show this' },
} as const satisfies Record<string, OptionSpec>;

/** Options of commands that may start a server. */
export const serverOptions = {
  port: { value: 'N', about: 'port of the server, if this command starts one; 0 is any free one' },
} as const satisfies Record<string, OptionSpec>;
