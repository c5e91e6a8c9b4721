import { ApiError } from './api-error.ts';
import { pause } from './pause.ts';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts';

/** `live`: the stream is open. `reconnecting`: it broke and is being opened again. */
export type Connection = 'live' | 'reconnecting';

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onConnection?: ((connection: Connection) => void) | undefined;
}

export interface Stream extends FollowOptions {
  /** Opens the stream where reading has got to. Throws ApiError. */
  readonly open: (signal: AbortSignal) => Promise<Response>;
}

/** The server's heartbeat comes every 15 s: after this silence the connection is dead, whatever TCP thinks. */
const silenceMs = 40_000;
const backoffMs = { first: 200, most: 5_000 };

/**
 * Messages of an event stream, over as many connections as it takes. Ends when `signal` aborts. Throws ApiError when the server refuses
 * for good (4xx without a time to try again); everything else (no answer, 5xx, a cut) is tried again with growing pauses.
 */
export async function* followStream(stream: Stream): AsyncGenerator<ServerSentEvent> {
  const signal = stream.signal ?? new AbortController().signal;
  let failures = 0;
  while (!signal.aborted) {
    const silence = new SilenceWatch(signal);
    try {
      const { body } = await stream.open(silence.signal);
      stream.onConnection?.('live');
      for await (const message of body ? readServerSentEvents(body, silence.heard) : []) {
        failures = 0;
        yield message;
      }
    } catch (error) {
      if (!signal.aborted && error instanceof ApiError && !error.passing) throw error;
    } finally {
      silence.end();
    }
    if (signal.aborted) return;
    stream.onConnection?.('reconnecting');
    await pause(Math.min(backoffMs.most, backoffMs.first * 2 ** failures) * (0.5 + Math.random() / 2), signal);
    failures += 1;
  }
}

class SilenceWatch {
  readonly signal: AbortSignal;
  readonly heard: () => void;
  readonly end: () => void;

  constructor(outer: AbortSignal) {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    let timer = setTimeout(abort, silenceMs);
    outer.addEventListener('abort', abort);
    this.signal = controller.signal;
    this.heard = () => {
      clearTimeout(timer);
      timer = setTimeout(abort, silenceMs);
    };
    this.end = () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    };
  }
}
