import { AgentCard, AgentInGallery, AgentTrial, type OwnAgent } from '@devfactory/contracts';
import { z } from 'zod';
import type { Transport } from './transport.ts';

type OwnAgentInput = z.input<typeof OwnAgent>;

/** Who can do runs, and people's own agents. Each method throws ApiError. */
export class Agents {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(): Promise<AgentCard[]> {
    return this.#transport.json('/api/agents', z.array(AgentCard));
  }

  /** With what is fetched of them, and how the last run of each went. */
  gallery(): Promise<AgentInGallery[]> {
    return this.#transport.json('/api/agents/gallery', z.array(AgentInGallery));
  }

  /** Adds an agent of a person's own, or changes it. */
  save(own: OwnAgentInput): Promise<AgentInGallery[]> {
    return this.#transport.json('/api/agents', z.array(AgentInGallery), { method: 'POST', json: own });
  }

  forget(id: string): Promise<AgentInGallery[]> {
    return this.#post(id, 'forget');
  }

  /** Begins to fetch an agent's program from npm; the gallery tells how far it is. */
  fetch(id: string): Promise<AgentInGallery[]> {
    return this.#post(id, 'fetch');
  }

  cancelFetch(id: string): Promise<AgentInGallery[]> {
    return this.#post(id, 'fetch/cancel');
  }

  /** Takes its program off the server's machine. */
  removeProgram(id: string): Promise<AgentInGallery[]> {
    return this.#post(id, 'remove-program');
  }

  /** Starts it in a sandbox and greets it; takes as long as its program takes to be fetched. */
  tryOut(id: string): Promise<AgentTrial> {
    return this.#transport.json(`/api/agents/${encodeURIComponent(id)}/try`, AgentTrial, { method: 'POST' });
  }

  #post(id: string, what: string): Promise<AgentInGallery[]> {
    const path = `/api/agents/${encodeURIComponent(id)}/${what}`;
    return this.#transport.json(path, z.array(AgentInGallery), { method: 'POST' });
  }
}
