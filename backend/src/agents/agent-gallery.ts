import type { AgentInGallery } from '@devfactory/contracts';
import { defaultLimits, installProgram, programState, type EngineLimits } from '@devfactory/engine';
import { DomainError, type Agent, type Toolchain, type WorkspaceDriver, type WorkspaceLimits } from '@devfactory/kit';
import type { RunStore } from '../runs/run.store.ts';
import { agentCards } from './agent-cards.ts';

interface Parts {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly driver: WorkspaceDriver;
  readonly toolchains: readonly Toolchain[];
  readonly runs: Pick<RunStore, 'lastOfAgents'>;
  readonly limits?: Partial<EngineLimits>;
}

/** Agents as people look after them: what is fetched, how the last run went, and fetching a program before a run asks for it. */
export class AgentGallery {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  readonly #fetching = new Map<string, Promise<void>>();
  /** By agent; forgotten with the process, as nothing but trying again tells whether it still holds. */
  readonly #problems = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(known: { readonly anyModel: boolean }): Promise<AgentInGallery[]> {
    const { agents, runs } = this.#parts;
    const last = await runs.lastOfAgents();
    const lines: AgentInGallery[] = [];
    for (const card of agentCards(agents, known)) {
      const agent = agents.get(card.id);
      lines.push({
        ...card,
        wire: agent?.wire ?? null,
        program: agent ? await this.#program(agent) : null,
        lastRun: last.get(card.id) ?? null,
      });
    }
    return lines;
  }

  /** Begins to fetch an agent's program, unless it is there or being fetched. Throws unknown_agent, nothing_to_fetch. */
  async fetch(id: string): Promise<void> {
    const agent = this.#parts.agents.get(id);
    if (!agent)
      throw new DomainError('unknown_agent', 'not-found', {
        message: `There is no agent '${id}'; known are ${[...this.#parts.agents.keys()].join(', ')}.`,
      });
    const { program } = agent;
    if (!program)
      throw new DomainError('nothing_to_fetch', 'conflict', {
        message: `${agent.title} comes with the factory: there is nothing to fetch.`,
      });
    if (this.#fetching.has(id) || this.#ending.signal.aborted) return;
    this.#problems.delete(id);
    const { driver, toolchains } = this.#parts;
    const fetched = installProgram(program, {
      driver,
      limits: this.#limits,
      egress: toolchains.flatMap((toolchain) => toolchain.registryHosts),
      tell: () => Promise.resolve(),
      signal: this.#ending.signal,
    })
      .catch((error: unknown) => void this.#problems.set(id, wordsOf(error)))
      .finally(() => this.#fetching.delete(id));
    this.#fetching.set(id, fetched);
  }

  /** Ends what is being fetched; what it left is fetched anew the next time. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#fetching.values());
  }

  get #limits(): WorkspaceLimits {
    return this.#parts.limits?.workspace ?? defaultLimits.workspace;
  }

  async #program({ id, program }: Agent): Promise<AgentInGallery['program']> {
    if (!program) return null;
    const { package: name, version } = program;
    const from = { package: name, version };
    try {
      const { state, bytes } = await programState(program, { driver: this.#parts.driver, limits: this.#limits });
      return { ...from, state, bytes, problem: this.#problems.get(id) ?? '' };
    } catch (error) {
      return { ...from, state: 'unknown', bytes: null, problem: wordsOf(error) };
    }
  }
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}
