import { isDeepStrictEqual } from 'node:util';
import type { OwnAgent } from '@devfactory/contracts';
import { findSecrets } from '@devfactory/engine';
import { DomainError, type Agent } from '@devfactory/kit';
import type { RunStore } from '../runs/run.store.ts';
import type { Database } from '../store/database.ts';
import { OwnAgentStore } from './own-agent.store.ts';

interface Parts {
  readonly database: Database;
  readonly runs: Pick<RunStore, 'workingWith'>;
  /** Those that come with the factory. */
  readonly agents: ReadonlyMap<string, Agent>;
  readonly ownAgent: (own: OwnAgent) => Agent;
}

const mostAgents = 50;

/** Who can do runs: the agents that come with the factory, and people's own, which may come and go while it runs. */
export class Agents {
  readonly #parts: Parts;
  readonly #store: OwnAgentStore;
  readonly #live: Map<string, Agent>;
  readonly #own = new Map<string, OwnAgent>();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#store = new OwnAgentStore(parts.database);
    this.#live = new Map(parts.agents);
  }

  static async in(parts: Parts): Promise<Agents> {
    const made = new Agents(parts);
    await made.read();
    return made;
  }

  /** Takes in what another process of this installation may have changed. */
  async read(): Promise<void> {
    const stored = await this.#store.all();
    for (const id of this.#own.keys()) if (!stored.some((own) => own.id === id)) this.#drop(id);
    for (const own of stored) if (!isDeepStrictEqual(own, this.#own.get(own.id))) this.#take(own);
  }

  /** Every agent, as of now: the same map, whatever comes and goes. */
  get all(): ReadonlyMap<string, Agent> {
    return this.#live;
  }

  /** How a person set an agent up; null for one that comes with the factory. */
  settingOf(id: string): OwnAgent | null {
    return this.#own.get(id) ?? null;
  }

  /** New, or in the place of one with this id: runs take that up when they start it next. Throws agent_id_taken, secret_found, too_many_agents. */
  async save(own: OwnAgent): Promise<void> {
    if (this.#parts.agents.has(own.id))
      throw new DomainError('agent_id_taken', 'conflict', {
        message: `An agent '${own.id}' comes with the factory; give yours another id.`,
      });
    refuseSecrets(own);
    if (!(await this.#store.save(own, mostAgents)))
      throw new DomainError('too_many_agents', 'conflict', {
        message: `There are ${mostAgents} agents of your own already; remove one first.`,
      });
    this.#take(own);
  }

  /** Throws unknown_agent, agent_built_in, agent_in_use. */
  async forget(id: string): Promise<void> {
    if (this.#parts.agents.has(id))
      throw new DomainError('agent_built_in', 'conflict', {
        message: `The agent '${id}' comes with the factory and stays.`,
      });
    await requireUnused(this.#parts.runs, id);
    if (!(await this.#store.forget(id)))
      throw new DomainError('unknown_agent', 'not-found', { message: `There is no agent '${id}' of your own.` });
    this.#drop(id);
  }

  #drop(id: string): void {
    this.#live.delete(id);
    this.#own.delete(id);
  }

  #take(own: OwnAgent): void {
    this.#own.set(own.id, own);
    this.#live.set(own.id, this.#parts.ownAgent(own));
  }
}

/** Throws agent_in_use where a run that has not ended works with the agent. */
export async function requireUnused(runs: Parts['runs'], id: string): Promise<void> {
  const using = await runs.workingWith(id, 6);
  if (using.length === 0) return;
  const named = using.slice(0, 5).map((run) => `${run.id} (${run.name.slice(0, 40)})`);
  const more = using.length > named.length ? ' and more' : '';
  throw new DomainError('agent_in_use', 'conflict', {
    message: `Runs that have not ended work with the agent '${id}': ${named.join(', ')}${more}. End or cancel them first.`,
  });
}

/** A variable that holds a key by its name, and a value that nobody fills in. */
const namesKey = /(?:^|_)(?:key|token|secret|password)$/i;

/** What an agent is started with is read by everything in its sandbox. */
function refuseSecrets({ command, env = {}, files }: OwnAgent): void {
  const texts = [
    ...command.map((text, index) => ({ path: `word ${index + 1} of the command`, text })),
    // With its name: what a value is shows by it.
    ...Object.entries(env).map(([name, text]) => ({ path: `the variable ${name}`, text: `${name}=${text}` })),
    ...files,
  ];
  const [found] = texts.flatMap(({ path, text }) => findSecrets(path, text, 1));
  const [bare] = Object.entries(env).filter(
    ([name, text]) => namesKey.test(name) && text.length > 11 && !text.includes('{token}'),
  );
  if (bare)
    throw new DomainError('secret_found', 'invalid', {
      message: `The variable ${bare[0]} holds a key by its name: it would be in the sandbox. Write {token} there; the factory asks the model with the real one.`,
    });
  if (found)
    throw new DomainError('secret_found', 'invalid', {
      message: `What looks like a secret (${found.kind}) is in ${found.path}: it would be in the sandbox. Write {token} where a key stands; the factory asks the model with the real one.`,
    });
}
