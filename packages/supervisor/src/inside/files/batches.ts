import type { Channel } from '../../protocol/channel.ts';
import type { Entry } from './entry.ts';

const batchEntries = 100;
const batchBytes = 48 * 1024;

/** Puts what a walk or a list tells into messages of bounded size. */
export class Batches {
  readonly #channel: Channel;
  #entries: Entry[] = [];
  #gone: string[] = [];
  #leftOut: string[] = [];
  #bytes = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  async add(entry: Entry): Promise<void> {
    this.#entries.push(entry);
    await this.#count(200 + 2 * entry.path.length + 2 * (entry.target?.length ?? 0));
  }

  async leaveOut(path: string): Promise<void> {
    this.#leftOut.push(path);
    await this.#count(2 * path.length);
  }

  /** Paths as strings of bytes, one character each. */
  async goneAll(paths: Iterable<string>): Promise<void> {
    for (const path of paths) {
      this.#gone.push(path);
      await this.#count(2 * path.length);
    }
  }

  async flush(): Promise<void> {
    if (this.#bytes === 0) return;
    const message = { is: 'entries', entries: this.#entries, gone: this.#gone, leftOut: this.#leftOut };
    this.#entries = [];
    this.#gone = [];
    this.#leftOut = [];
    this.#bytes = 0;
    await this.#channel.send(message);
  }

  async #count(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#bytes > batchBytes || this.#entries.length >= batchEntries) await this.flush();
  }
}
