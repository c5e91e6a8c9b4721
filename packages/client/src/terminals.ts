import { TerminalCard, type TerminalSize } from '@devfactory/contracts';
import { z } from 'zod';
import type { Transport } from './transport.ts';

/** People's terminals in a run's workspace. Each method throws ApiError. */
export class Terminals {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(runId: string): Promise<TerminalCard[]> {
    return this.#transport.json(path(runId), z.array(TerminalCard));
  }

  /** Opens a shell; its screen is at `socketPath`. */
  open(runId: string, size: TerminalSize): Promise<TerminalCard> {
    return this.#transport.json(path(runId), TerminalCard, { method: 'POST', json: size });
  }

  async close(runId: string, id: string): Promise<void> {
    await this.#transport.send(`${path(runId)}/${id}`, { method: 'DELETE' });
  }

  /**
   * Path of the WebSocket: binary messages are bytes of screen and keyboard, texts are a TerminalWord from the server and a TerminalNote to
   * it. `from`: place up to which the screen is here already.
   */
  socketPath(runId: string, id: string, from: number | null): string {
    return `${path(runId)}/${id}/socket${from === null ? '' : `?from=${from}`}`;
  }
}

function path(runId: string): string {
  return `/api/runs/${encodeURIComponent(runId)}/terminals`;
}
