import {
  guidanceInForce,
  isTrusted,
  mostGuidanceBytes,
  type GuidanceItem,
  type GuidanceKind,
  type RunState,
} from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { UsageError } from '../failure.ts';
import { readTextFile } from '../input/text-file.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { runOf } from './run-argument.ts';
import { sayOptions, sayToRun } from './say.ts';

export const guidance: Command = {
  name: 'guidance',
  about: 'list what every run follows, declare an AGENTS.md, a skill or servers of tools for runs, or forget one',
  words: '[NAME]',
  count: { least: 0, most: 1 },
  options: {
    file: { value: 'FILE', about: 'declare this file under NAME' },
    skill: { about: 'the file is a SKILL.md; with --forget: NAME is a skill' },
    servers: { about: 'the file names servers of tools, as .mcp.json does; with --forget: NAME is such' },
    project: { value: 'NAME', about: 'with --file: only for this git address or uploaded folder' },
    forget: { about: 'forget what NAME declares' },
    ...serverOptions,
    ...commonOptions,
  },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const [name] = given.words;
    const file = given.text('file');
    if (name === undefined && (file !== null || given.flag('forget')))
      throw new UsageError('Which one? Name it: devfactory guidance NAME …');
    const text = file === null ? null : await readTextFile(file, { maxBytes: mostGuidanceBytes, what: 'file' });
    return withServer(invocation, async ({ client }) => {
      if (name !== undefined && text !== null)
        await client.guidance.save({
          kind: kindOf(given),
          name,
          project: given.text('project'),
          text,
        });
      if (name !== undefined && given.flag('forget')) await client.guidance.forget({ kind: kindOf(given), name });
      const list = await client.guidance.list();
      if (given.flag('json')) terminal.out(JSON.stringify(list));
      else if (list.items.length === 0) terminal.talk('Runs follow nothing beside their task.');
      else
        for (const item of list.items)
          terminal.out(
            `${item.kind} ${item.name}  ${item.project ?? 'every run'}${item.trouble === '' ? '' : `  (${oneLine(item.trouble, 200)})`}`,
          );
      return 0;
    });
  },
};

function kindOf(given: Invocation['arguments']): GuidanceKind {
  if (given.flag('skill') && given.flag('servers'))
    throw new UsageError('A file is a skill or names servers: choose one.');
  return given.flag('skill') ? 'skill' : given.flag('servers') ? 'servers' : 'instructions';
}

export const trust: Command = {
  name: 'trust',
  about: "list what a run's files bring that could steer its agent, or let the agent follow one of them",
  words: 'RUN [PATH]',
  count: { least: 1, most: 2 },
  options: { withdraw: { about: 'take the trust back' }, ...sayOptions },
  run: (invocation) => {
    const path = invocation.arguments.words[1];
    if (path === undefined) return listFound(invocation);
    const withdraw = invocation.arguments.flag('withdraw');
    return sayToRun(invocation, (state) => {
      const item = state.guidance.found.find((found) => found.path === path);
      const hash = withdraw ? state.guidance.trusted.findLast((mark) => mark.path === path)?.hash : item?.hash;
      if (hash === undefined)
        throw new UsageError(`The files of ${state.id} bring no ${path}${withdraw ? ' that is trusted' : ''}.`);
      return {
        command: { do: withdraw ? 'distrust-guidance' : 'trust-guidance', path, hash },
        done: withdraw
          ? `${path} is no longer followed.`
          : `${path} (${hash.slice(0, 12)}) is followed from the next step on.`,
        rests: true,
      };
    });
  },
};

function listFound(invocation: Invocation): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const { arguments: given, terminal } = invocation;
    const state = await client.runs.get(await runOf(client, given.words[0] ?? ''));
    if (given.flag('json')) terminal.out(JSON.stringify(state.guidance));
    else if (state.guidance.found.length === 0 && state.guidance.declared.length === 0)
      terminal.talk('Its files bring nothing that could steer an agent, and nothing is declared.');
    else for (const line of foundLines(state)) terminal.out(line);
    return 0;
  });
}

function foundLines({ guidance: known }: RunState): string[] {
  const inForce = new Set(guidanceInForce(known).map(({ item }) => item));
  const line = (item: GuidanceItem, word: string): string =>
    `${inForce.has(item) ? '*' : ' '} ${item.kind.padEnd(12)} ${oneLine(item.path, 120)}  ${item.bytes} bytes  ${item.hash.slice(0, 12)}  ${item.trouble || word}`;
  return [
    ...known.declared.map((item) => line(item, 'declared')),
    ...known.found.map((item) => line(item, isTrusted(known, item) ? 'trusted' : 'not trusted')),
    ...(known.leftOut === 0 ? [] : [`  … ${known.leftOut} more`]),
  ];
}
