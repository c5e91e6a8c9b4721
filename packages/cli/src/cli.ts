import { ApiError } from '@devfactory/client';
import { readArguments } from './arguments.ts';
import { commands } from './command-list.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { CliError, UsageError } from './failure.ts';
import { commandHelp, generalHelp, version } from './help.ts';
import { nearest } from './nearest.ts';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';

/** Does what `args` say and gives the exit code. Faults that a person can mend become a sentence on stderr; bugs are thrown. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    terminal.talk(`${terminal.talkPaint.bad('devfactory:')} ${failure.message}`);
    return failure.exitCode;
  }
}

function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first = 'up', ...rest] = args;
  if (first === '--version') return say(terminal, version());
  if (first === '--help' || first === '-h') return say(terminal, generalHelp(commands));
  if (first === 'help')
    return say(terminal, rest[0] === undefined ? generalHelp(commands) : commandHelp(commandNamed(rest[0])));
  // Options alone belong to the default command.
  const command = first.startsWith('-') ? commandNamed('up') : commandNamed(first);
  const given = readArguments(first.startsWith('-') ? args : rest, command.options);
  if (given.flag('help')) return say(terminal, commandHelp(command));
  const { least, most } = command.count;
  if (given.words.length < least || given.words.length > most)
    throw new UsageError(`It is written: devfactory ${command.name} ${command.words}`.trimEnd());
  return command.run({ arguments: given, terminal });
}

function commandNamed(name: string): Command {
  const command = commands.find((item) => item.name === name);
  if (command) return command;
  const meant = nearest(
    name,
    commands.map((item) => item.name),
  );
  throw new UsageError(`There is no command ${name}${meant ? `; did you mean ${meant}?` : `. See: ${typed('help')}`}`);
}

async function say(terminal: Terminal, text: string): Promise<number> {
  terminal.out(text);
  return exitCodes.done;
}

/** What a person can mend, as a sentence and an exit code; null for a bug. */
export function failureOf(error: unknown): { readonly message: string; readonly exitCode: number } | null {
  if (error instanceof CliError) return error;
  // What fetch throws when an answer breaks off in the middle of its body.
  if (error instanceof TypeError && error.message === 'terminated') {
    return {
      message: 'The connection to the server broke off. Nothing is lost; try again.',
      exitCode: exitCodes.failed,
    };
  }
  if (!(error instanceof ApiError)) return null;
  // No other server could be started either: that says more.
  if (error.cause instanceof CliError) return error.cause;
  const { status, issues = [] } = error.problem;
  // The sentence is the first of them.
  const details = issues.slice(1).map(({ path, message }) => `\n  ${path === '' ? '' : `${path}: `}${message}`);
  return {
    message: error.message + details.join(''),
    exitCode: [400, 413, 415, 422].includes(status) ? exitCodes.usage : exitCodes.failed,
  };
}
