import { ForeignTicket, IdeBundleState, type IdeWish } from '@devfactory/contracts';
import type { Transport } from './transport.ts';

/** VS Code in runs' sandboxes. Each method throws ApiError. */
export class Ide {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Whether it is on the server's machine. */
  bundle(): Promise<IdeBundleState> {
    return this.#transport.json('/api/ide', IdeBundleState);
  }

  /** Has it fetched, once. */
  fetch(): Promise<IdeBundleState> {
    return this.#transport.json('/api/ide/fetch', IdeBundleState, { method: 'POST' });
  }

  /** Starts it for a run. The answer opens it, at a file and line when one is named. */
  open(runId: string, wish: IdeWish = {}): Promise<ForeignTicket> {
    return this.#transport.json(`/api/runs/${encodeURIComponent(runId)}/ide`, ForeignTicket, {
      method: 'POST',
      json: wish,
    });
  }
}
