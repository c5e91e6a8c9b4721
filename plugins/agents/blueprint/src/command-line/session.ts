import type { CheckProposal } from '@devfactory/contracts';
import type { Entity, Field, Model } from '../model/model.ts';
import { sampleBody, textOf, type Json, type JsonObject } from '../model/samples.ts';
import { dataVariable, groupOf, optionOf } from './naming.ts';

/** One call of the tool and what must come of it. */
interface Call {
  readonly args: readonly string[];
  readonly exitCode: number;
  /** Lines that must follow each other in what it prints, stdout and stderr together. */
  readonly prints?: readonly (readonly string[])[];
  /** Text that it must not print. */
  readonly hides?: readonly string[];
  /** Where the environment of this call says that the data is; what begins with '$folder/' is in the check's own folder. */
  readonly data?: string;
}

/** A script that calls the tool, and the transcript that it must give. Every line is marked with the call that printed it. */
export class Session {
  readonly model: Model;
  readonly #command: string;

  /** `command` starts the tool in the project's folder: 'python3 -m books'. */
  constructor(model: Model, command: string) {
    this.model = model;
    this.#command = command;
  }

  check(title: string, calls: readonly Call[]): CheckProposal {
    const lines = calls.map(({ args, data }, index) => {
      const line = ['call', String(index + 1), ...args.map(shellWord)].join(' ');
      return data === undefined ? line : `(export ${dataVariable(this.model)}=${shellWord(data)}; ${line})`;
    });
    const stdoutIncludes = calls.flatMap(({ exitCode, prints = [] }, index) => [
      ...prints.map((block) => block.map((line) => `${index + 1}> ${line}`).join('\n')),
      `${index + 1}: exit code ${exitCode}`,
    ]);
    const stdoutExcludes = calls.flatMap(({ hides = [] }, index) => hides.map((text) => `${index + 1}> ${text}`));
    return {
      title,
      intent: 'change',
      timeoutMs: 120_000,
      spec: {
        kind: 'command',
        argv: ['/bin/sh', '-c', `${this.#preamble()}${lines.join('\n')}\n`],
        expect: { exitCode: 0, stdoutIncludes, ...(stdoutExcludes.length > 0 ? { stdoutExcludes } : {}) },
      },
    };
  }

  #preamble(): string {
    return `folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" ${dataVariable(this.model)}="$folder/data"
call() {
  number=$1
  shift
  printed=$(${this.#command} "$@" 2>&1)
  code=$?
  printf '%s\\n' "$printed" | sed "s/^/$number> /"
  echo "$number: exit code $code"
}
`;
  }

  /** Adds the n-th sample; it gets the number that it is the how-many-th to be added. */
  add(entity: Entity, n: number, id: number): Call {
    const values = sampleBody(entity, n);
    return this.adding(entity, values, { exitCode: 0, prints: [linesOf({ id, ...values })] });
  }

  adding(entity: Entity, values: JsonObject, rest: Omit<Call, 'args'>): Call {
    return { args: this.words(entity, 'add', ...optionsFor(entity, values), '--json'), ...rest };
  }

  words(entity: Entity, ...words: readonly string[]): string[] {
    return [...groupOf(entity, this.model), ...words];
  }
}

/** Options that give values to the fields of a thing. */
export function optionsFor(entity: Entity, values: JsonObject): string[] {
  return entity.fields
    .filter((field) => field.key in values)
    .flatMap((field) => optionFor(field, values[field.key] ?? null));
}

export function optionFor(field: Field, value: Json): string[] {
  const option = `--${optionOf(field)}`;
  if (typeof value === 'boolean') return [value ? option : option.replace('--', '--no-')];
  if (Array.isArray(value)) return value.flatMap((item: Json) => [option, textOf(item)]);
  // What begins with a dash is a value only where it is joined to its option.
  return textOf(value).startsWith('-') ? [`${option}=${textOf(value)}`] : [option, textOf(value)];
}

/** A value as the tools print JSON: indented by two spaces. */
export function linesOf(value: Json): string[] {
  return JSON.stringify(value, null, 2).split('\n');
}

/** A word as a shell takes it literally; '$folder/…' is in the folder of the check. */
export function shellWord(word: string): string {
  if (word.startsWith('$folder/')) return `"${word}"`;
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
