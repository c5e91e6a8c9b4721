import { dirname, resolve } from 'node:path';
import { agentPlaces, OwnAgent, WireFormat, wireEnvironments } from '@devfactory/contracts';
import { z } from 'zod';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../failure.ts';
import { readTextFile } from '../input/text-file.ts';

/** Options that describe an agent of one's own. */
export const ownAgentOptions = {
  file: { value: 'FILE', about: 'add or change it as this JSON says' },
  command: { value: 'COMMAND', about: 'add or change it: the command that speaks ACP, its arguments behind it' },
  package: {
    value: 'NAME@VERSION',
    about: 'with --command: the npm package that brings the command, one exact version',
  },
  wire: { value: WireFormat.options.join('|'), about: 'with --command: what it speaks with the model' },
  env: {
    value: 'NAME=VALUE,…',
    about: `with --command: its environment, with ${agentPlaces.map((name) => `{${name}}`).join(' ')} in it (default: what is usual for --wire)`,
  },
  mode: { value: 'MODE', about: 'with --command: the session mode in which it asks before it acts' },
  title: { value: 'TITLE', about: 'with --command: what it is called' },
} as const;

/** The agent that the options describe; null when they describe none. Throws UsageError. */
export async function ownAgentOf(id: string, given: Arguments): Promise<OwnAgent | null> {
  const file = given.text('file');
  const command = given.text('command');
  if (file === null && command === null) {
    const alone = ['package', 'wire', 'env', 'mode', 'title'].find((name) => given.text(name) !== null);
    if (alone !== undefined) throw new UsageError(`--${alone} goes with --command.`);
    return null;
  }
  if (file !== null && command !== null) throw new UsageError('Describe it by --file or by --command, not by both.');
  const described = file === null ? fromOptions(given, command ?? '') : await fromFile(file);
  const parsed = OwnAgent.safeParse({ ...described, id });
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new UsageError(`The agent cannot be taken: ${first?.path.join('.') ?? ''} ${first?.message ?? ''}.`);
}

const Described = z.looseObject({ files: z.array(z.looseObject({ from: z.string().optional() })).default([]) });

/** A file of its home may be named by `from`, beside the description, in the place of its text. */
async function fromFile(file: string): Promise<object> {
  const text = await readTextFile(file, { maxBytes: 300_000, what: 'file' });
  let described: z.infer<typeof Described>;
  try {
    described = Described.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${file} is no JSON object that describes an agent.`);
  }
  const files = await Promise.all(
    described.files.map(async ({ from, ...known }) =>
      from === undefined
        ? known
        : { ...known, text: await readTextFile(resolve(dirname(file), from), { maxBytes: 20_000, what: 'file' }) },
    ),
  );
  return { ...described, files };
}

function fromOptions(given: Arguments, command: string): object {
  const from = given.text('package');
  const wire = given.text('wire');
  if (wire === null)
    throw new UsageError(
      `Which format does it speak with the model? --wire ${Object.keys(wireEnvironments).join('|')}`,
    );
  const at = from?.lastIndexOf('@') ?? 0;
  if (from !== null && at < 1) throw new UsageError(`'${from}' is not NAME@VERSION, e.g. some-agent@1.4.0`);
  const env = given.text('env');
  const mode = given.text('mode');
  const words = command.split(' ').filter((word) => word !== '');
  return {
    title: given.text('title') ?? words[0],
    command: words,
    wire,
    ...(from === null ? {} : { package: { name: from.slice(0, at), version: from.slice(at + 1) } }),
    ...(env === null ? {} : { env: Object.fromEntries(env.split(',').map(pairOf)) }),
    ...(mode === null ? {} : { mode }),
  };
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`'${text}' is not NAME=VALUE, e.g. MODEL_URL={url}/v1`);
  return [text.slice(0, at), text.slice(at + 1)];
}
