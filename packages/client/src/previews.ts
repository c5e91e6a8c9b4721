import { ForeignTicket, PageScreenshot, PreviewState } from '@devfactory/contracts';
import { followStream, type FollowOptions } from './follow.ts';
import type { Transport } from './transport.ts';

/** What runs' workspaces serve. Each method throws ApiError. */
export class Previews {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  state(runId: string): Promise<PreviewState> {
    return this.#transport.json(path(runId), PreviewState);
  }

  /** The state whenever it changes. While somebody follows it, what was started runs on. */
  async *follow(runId: string, options: FollowOptions = {}): AsyncGenerator<PreviewState> {
    const open = (signal: AbortSignal): Promise<Response> =>
      this.#transport.send(path(runId, 'events'), { headers: { accept: 'text/event-stream' }, signal });
    for await (const message of followStream({ ...options, open })) {
      if (message.event === 'preview') yield PreviewState.parse(JSON.parse(message.data));
    }
  }

  /** Starts the project's own server, anew when it runs. */
  start(runId: string): Promise<PreviewState> {
    return this.#transport.json(path(runId, 'start'), PreviewState, { method: 'POST' });
  }

  stop(runId: string): Promise<PreviewState> {
    return this.#transport.json(path(runId, 'stop'), PreviewState, { method: 'POST' });
  }

  /** A picture of a page, which feedback can be given with. */
  screenshot(
    runId: string,
    wish: { readonly port: number; readonly path?: string; readonly width?: number; readonly height?: number },
  ): Promise<PageScreenshot> {
    return this.#transport.json(path(runId, 'screenshots'), PageScreenshot, { method: 'POST', json: wish });
  }

  /** Lets a browser in to a port, at a path of it. */
  ticket(runId: string, place: { readonly port: number; readonly path?: string }): Promise<ForeignTicket> {
    return this.#transport.json(path(runId, 'tickets'), ForeignTicket, { method: 'POST', json: place });
  }
}

function path(runId: string, ...rest: readonly string[]): string {
  return ['/api/runs', encodeURIComponent(runId), 'preview', ...rest].join('/');
}
