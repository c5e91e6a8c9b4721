import type { AgentInGallery, AgentTrial } from '@devfactory/contracts';
import {
  defaultLimits,
  installProgram,
  programState,
  removeProgram,
  type EngineLimits,
  type Installing,
} from '@devfactory/engine';
import { DomainError, type Agent, type AgentProgram, type Toolchain, type WorkspaceDriver } from '@devfactory/kit';
import type { RunStore } from '../runs/run.store.ts';
import { agentCards } from './agent-cards.ts';
import { tryInSandbox } from './agent-trial.ts';
import { requireUnused, type Agents } from './agents.ts';

interface Parts {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly own: Pick<Agents, 'settingOf'>;
  readonly driver: WorkspaceDriver;
  readonly toolchains: readonly Toolchain[];
  readonly runs: Pick<RunStore, 'lastOfAgents' | 'workingWith'>;
  readonly limits?: Partial<EngineLimits>;
}

interface Fetching {
  readonly work: Promise<void>;
  readonly ending: AbortController;
}

/** Agents as people look after them: what is fetched, how the last run went, fetching a program before a run asks for it, and trying it out. */
export class AgentGallery {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  readonly #fetching = new Map<string, Fetching>();
  readonly #trials = new Set<Promise<unknown>>();
  /** By agent; forgotten with the process, as nothing but trying again tells whether it still holds. */
  readonly #problems = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(known: { readonly anyModel: boolean }): Promise<AgentInGallery[]> {
    const { agents, runs, own } = this.#parts;
    const last = await runs.lastOfAgents();
    const lines: AgentInGallery[] = [];
    for (const card of agentCards(agents, known)) {
      const agent = agents.get(card.id);
      lines.push({
        ...card,
        wire: agent?.wire ?? null,
        program: agent ? await this.#program(agent) : null,
        lastRun: last.get(card.id) ?? null,
        canTry: agent?.tryOut !== undefined,
        own: own.settingOf(card.id),
      });
    }
    return lines;
  }

  /** Begins to fetch an agent's program, unless it is there or being fetched. Throws unknown_agent, nothing_to_fetch. */
  async fetch(id: string): Promise<void> {
    const program = this.#programOf(id);
    if (this.#fetching.has(id) || this.#ending.signal.aborted) return;
    this.#problems.delete(id);
    const ending = new AbortController();
    const fetched = installProgram(program, this.#installing(ending.signal))
      .catch((error: unknown) => {
        if (!ending.signal.aborted) this.#problems.set(id, wordsOf(error));
      })
      .finally(() => this.#fetching.delete(id));
    this.#fetching.set(id, { work: fetched, ending });
  }

  /** Ends what `fetch` began and takes away what came so far; a run that waits for it fetches it itself. Throws unknown_agent, nothing_to_fetch, not_fetching. */
  async cancelFetch(id: string): Promise<void> {
    const { package: name } = this.#programOf(id);
    const fetching = this.#fetching.get(id);
    if (!fetching)
      throw new DomainError('not_fetching', 'conflict', {
        message: `Nobody asked here for ${name} to be fetched, or it is here by now. What a run fetches ends with the run.`,
      });
    fetching.ending.abort();
    await fetching.work;
  }

  /** Takes an agent's program off this machine. Throws unknown_agent, nothing_to_fetch, agent_in_use, program_fetching. */
  async removeProgram(id: string): Promise<void> {
    const { agents, runs, driver } = this.#parts;
    const program = this.#programOf(id);
    for (const other of agents.values())
      if (other.program?.package === program.package && other.program.version === program.version)
        await requireUnused(runs, other.id);
    await removeProgram(program, { driver });
    this.#problems.delete(id);
  }

  /** Starts an agent in a sandbox of its own and greets it. Throws unknown_agent, nothing_to_try. */
  async tryOut(id: string): Promise<AgentTrial> {
    const agent = this.#agent(id);
    if (!agent.tryOut)
      throw new DomainError('nothing_to_try', 'conflict', {
        message: `${agent.title} has no program of its own: it works where the factory does.`,
      });
    const { signal } = this.#ending;
    const trial = tryInSandbox(agent, this.#installing(signal));
    this.#trials.add(trial);
    return trial.finally(() => this.#trials.delete(trial));
  }

  /** Ends what is being fetched and tried; what it left is fetched anew the next time. */
  async close(): Promise<void> {
    this.#ending.abort();
    for (const { ending } of this.#fetching.values()) ending.abort();
    await Promise.allSettled([...[...this.#fetching.values()].map(({ work }) => work), ...this.#trials]);
  }

  #agent(id: string): Agent {
    const agent = this.#parts.agents.get(id);
    if (agent) return agent;
    throw new DomainError('unknown_agent', 'not-found', {
      message: `There is no agent '${id}'; known are ${[...this.#parts.agents.keys()].join(', ')}.`,
    });
  }

  #programOf(id: string): AgentProgram {
    const { program, title } = this.#agent(id);
    if (program) return program;
    const where = this.#parts.own.settingOf(id) ? 'is a program in the sandbox' : 'comes with the factory';
    throw new DomainError('nothing_to_fetch', 'conflict', { message: `${title} ${where}: there is nothing to fetch.` });
  }

  #installing(signal: AbortSignal): Installing {
    const { driver, toolchains, limits } = this.#parts;
    return {
      driver,
      limits: limits?.workspace ?? defaultLimits.workspace,
      egress: toolchains.flatMap((toolchain) => toolchain.registryHosts),
      tell: () => Promise.resolve(),
      signal,
    };
  }

  async #program({ id, program }: Agent): Promise<AgentInGallery['program']> {
    if (!program) return null;
    const { package: name, version } = program;
    const from = { package: name, version };
    try {
      const { state, bytes } = await programState(program, this.#installing(this.#ending.signal));
      return { ...from, state, bytes, problem: this.#problems.get(id) ?? '' };
    } catch (error) {
      return { ...from, state: 'unknown', bytes: null, problem: wordsOf(error) };
    }
  }
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}
