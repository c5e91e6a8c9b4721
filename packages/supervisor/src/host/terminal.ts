import type { Channel } from '../protocol/channel.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { TerminalSize } from '../protocol/requests.ts';
import { parseAnswer, TerminalEnd } from './answers.ts';

export interface TerminalSpec extends TerminalSize {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A program on a terminal in the sandbox, seen from the host. */
export class RemoteTerminal {
  /** The screen, for one reader. What is not read holds the program up. Throws when the sandbox ends. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Settles when `output` was read to its end. */
  readonly exited: Promise<Ending>;
  readonly #channel: Channel;
  readonly #way: { kill(): Promise<void>; explain(error: unknown): Error };
  readonly #ended = Promise.withResolvers<Ending>();

  constructor(channel: Channel, way: { kill(): Promise<void>; explain(error: unknown): Error }) {
    this.#channel = channel;
    this.#way = way;
    this.exited = this.#ended.promise;
    this.exited.catch(() => undefined);
    this.output = this.#read();
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#channel.write(bytes);
    } catch (error) {
      throw this.#way.explain(error);
    }
  }

  async resize({ cols, rows }: TerminalSize): Promise<void> {
    try {
      await this.#channel.send({ cols, rows });
    } catch (error) {
      throw this.#way.explain(error);
    }
  }

  kill(): Promise<void> {
    return this.#way.kill();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const item = await this.#channel.next();
        if (item?.kind === 'data') yield item.bytes;
        else if (item === null) throw new ProtocolError('A terminal ended without a word.');
        else {
          const { exitCode, signal } = parseAnswer(TerminalEnd, item.value);
          this.#ended.resolve({ exitCode, signal });
          // Not a mere end: what is still being typed has nobody to go to.
          this.#channel.reset('terminal_ended', 'The terminal has ended.');
          return;
        }
      }
    } catch (error) {
      const reason = this.#way.explain(error);
      this.#ended.reject(reason);
      throw reason;
    }
  }
}
