import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@devfactory/client';
import type { AgentInGallery } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { CliError, UsageError } from '../failure.ts';
import { sizeWords } from '../report/size-words.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { ownAgentOf, ownAgentOptions } from './own-agent.ts';

export const agents: Command = {
  name: 'agents',
  about: 'list the agents, fetch the program of one or try it out, or add and remove one of your own',
  words: '[ID]',
  count: { least: 0, most: 1 },
  options: {
    fetch: { about: 'fetch its program, which its first run would do otherwise' },
    'cancel-fetch': { about: 'end the fetching that was asked for' },
    'remove-program': { about: 'take its program off the machine again' },
    try: { about: 'start it in a sandbox and greet it, to see whether it works; no model is asked' },
    ...ownAgentOptions,
    forget: { about: 'remove an agent of your own' },
    ...serverOptions,
    ...commonOptions,
  },
  run: async (invocation) => {
    const { arguments: given } = invocation;
    const [id] = given.words;
    const [wish] = wishes.filter((name) => given.flag(name));
    const own = id === undefined ? null : await ownAgentOf(id, given);
    if (id === undefined && (wish !== undefined || described.some((name) => given.text(name) !== null)))
      throw new UsageError(`Which one? devfactory agents ID --${wish ?? 'command …'}`);
    return withServer(invocation, async ({ client }) => {
      if (own) await client.agents.save(own);
      const done = id === undefined || wish === undefined ? null : await orders[wish](client, id, invocation);
      if (done !== null) return done;
      return show(await chosen(client, id), invocation);
    });
  },
};

const wishes = ['fetch', 'cancel-fetch', 'remove-program', 'forget', 'try'] as const;
const described = ['file', 'command'] as const;

/** What is done with one; null when it is to be shown afterwards. */
const orders: Readonly<
  Record<(typeof wishes)[number], (client: Client, id: string, invocation: Invocation) => Promise<number | null>>
> = {
  fetch: async (client, id, { terminal }) => {
    await chosen(client, id);
    await fetched(client, id, terminal);
    return null;
  },
  'cancel-fetch': async (client, id) => {
    await client.agents.cancelFetch(id);
    return null;
  },
  'remove-program': async (client, id) => {
    await client.agents.removeProgram(id);
    return null;
  },
  forget: async (client, id, { terminal }) => {
    await client.agents.forget(id);
    terminal.talk(`${id} is removed.`);
    return 0;
  },
  try: tried,
};

async function chosen(client: Client, id: string | undefined): Promise<AgentInGallery[]> {
  const all = await client.agents.gallery();
  const list = all.filter((agent) => id === undefined || agent.id === id);
  if (list.length === 0)
    throw new CliError(`There is no agent ${id}; there are ${all.map((agent) => agent.id).join(', ')}.`);
  return list;
}

function show(list: readonly AgentInGallery[], { arguments: given, terminal }: Invocation): number {
  if (given.flag('json')) terminal.out(JSON.stringify(list));
  else for (const agent of list) terminal.out(line(agent));
  return 0;
}

async function tried(client: Client, id: string, { arguments: given, terminal }: Invocation): Promise<number> {
  const found = await client.agents.tryOut(id);
  if (given.flag('json')) terminal.out(JSON.stringify(found));
  else {
    const facts = [
      ...(found.offers.length > 0 ? [`It ${found.offers.join(', ')}.`] : []),
      ...(found.modes.length > 0 ? [`Its modes: ${found.modes.join(', ')}.`] : []),
      ...(found.startMs === null ? [] : [`It took ${(found.startMs / 1000).toFixed(1)} s to begin.`]),
    ];
    terminal.talk(
      `${found.ok ? 'It works' : 'It does not work'}: ${oneLine([found.sentence, ...facts].join(' '), 2000)}`,
    );
  }
  return found.ok ? 0 : 1;
}

async function fetched(client: Client, id: string, terminal: Invocation['terminal']): Promise<void> {
  let told = '';
  for (let all = await client.agents.fetch(id); ; all = await client.agents.gallery()) {
    const agent = all.find((one) => one.id === id);
    if (!agent?.program) throw new CliError(`The agent ${id} is gone.`);
    const { state, problem } = agent.program;
    if (state === 'ready') return;
    if (state !== 'fetching') throw new CliError(problem || `${agent.title} could not be fetched.`);
    const words = programWords(agent.program);
    if (words !== told) terminal.talk(words);
    told = words;
    await sleep(1000);
  }
}

function line(agent: AgentInGallery): string {
  const { id, available, needsModel, program, lastRun } = agent;
  const facts = [
    needsModel ? 'any model' : 'no model',
    ...(agent.own ? ['your own'] : []),
    ...(program ? [programWords(program)] : []),
    ...(program && program.problem !== '' ? [oneLine(program.problem, 200)] : []),
    ...(available ? [] : [agent.why]),
    ...(lastRun?.state === 'failed' ? [`last run failed: ${oneLine(lastRun.sentence, 200)}`] : []),
  ];
  return `${available ? '*' : ' '} ${id.padEnd(14)} ${facts.join(' · ')}`;
}

function programWords({ package: name, version, state, bytes }: NonNullable<AgentInGallery['program']>): string {
  const size = bytes === null ? '' : `, ${sizeWords(bytes)}`;
  const words = {
    absent: 'not fetched yet',
    fetching: `being fetched${size}`,
    ready: `fetched${size}`,
    unknown: 'not known',
  };
  return `${name} ${version} ${words[state]}`;
}
