import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@devfactory/client';
import type { AgentInGallery } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { CliError, UsageError } from '../failure.ts';
import { sizeWords } from '../report/size-words.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';

export const agents: Command = {
  name: 'agents',
  about: 'list the agents with what is fetched of them, or fetch the program of one from npm now',
  words: '[ID]',
  count: { least: 0, most: 1 },
  options: {
    fetch: { about: 'fetch its program, which its first run would do otherwise' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) => {
    const { arguments: given, terminal } = invocation;
    const [id] = given.words;
    if (id === undefined && given.flag('fetch')) throw new UsageError('Which one? devfactory agents ID --fetch');
    return withServer(invocation, async ({ client }) => {
      const all = await client.agentGallery();
      const chosen = all.filter((agent) => id === undefined || agent.id === id);
      if (id !== undefined && chosen.length === 0)
        throw new CliError(`There is no agent ${id}; there are ${all.map((agent) => agent.id).join(', ')}.`);
      const list = id !== undefined && given.flag('fetch') ? [await fetched(client, id, terminal)] : chosen;
      if (given.flag('json')) terminal.out(JSON.stringify(list));
      else for (const agent of list) terminal.out(line(agent));
      return 0;
    });
  },
};

async function fetched(client: Client, id: string, terminal: Invocation['terminal']): Promise<AgentInGallery> {
  let told = '';
  for (let all = await client.fetchAgent(id); ; all = await client.agentGallery()) {
    const agent = all.find((one) => one.id === id);
    if (!agent?.program) throw new CliError(`The agent ${id} is gone.`);
    const { state, problem } = agent.program;
    if (state === 'ready') return agent;
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
