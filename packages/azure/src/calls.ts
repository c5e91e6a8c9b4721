import { setTimeout } from 'node:timers/promises';
import type { ContainerClient } from '@azure/storage-blob';
import { DomainError } from '@devfactory/kit';
import { BrokenTransfer, codeOf, headerOf, inWords, isLeased, statusOf } from './answers.ts';

export interface CallOptions {
  /** How often one request is sent in all. */
  readonly tries: number;
  /** The first pause, in milliseconds; each further one is twice as long, and none longer than 10 s. */
  readonly pauseMs: number;
  /** Without an answer for so long, in milliseconds, a request is given up and sent again. */
  readonly timeoutMs: number;
  /** Told about each request that is sent again, in one line without secrets. */
  readonly tell: (line: string) => void;
  /** Begins the codes of errors, as 'blob_store'. */
  readonly codes: string;
  /** Whoever ends it ends all requests. */
  readonly signal?: AbortSignal;
}

const longestPauseMs = 10_000;
/** Answers that say something about the blob and not about the way there: for the caller to judge. */
const forTheCaller = new Set([404, 409, 412, 416]);
const damagedOnTheWay = new Set(['Md5Mismatch', 'Crc64Mismatch', 'PARSE_ERROR', 'IncompleteBody']);
const busy = new Set(['ContainerBeingDeleted', 'ServerBusy', 'OperationTimedOut', 'InternalError']);

/** Requests to one container, each sent again while that may help. All of ours may arrive twice. */
export class Calls {
  readonly #container: Promise<ContainerClient>;
  readonly #options: CallOptions;

  constructor(container: Promise<ContainerClient>, options: CallOptions) {
    this.#container = container;
    container.catch(() => {});
    this.#options = options;
  }

  /** Throws what the service answered for 404, 409, 412, 416 and bad block lists, and a DomainError for everything else. */
  async send<T>(what: string, act: (container: ContainerClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    const container = await this.#container;
    for (let sent = 1; ; sent += 1) {
      this.#options.signal?.throwIfAborted();
      try {
        return await act(container, this.#patience());
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (error instanceof DomainError) throw error;
        if (codeOf(error) === 'ContainerNotFound' && sent < this.#options.tries) {
          await this.#create(container);
          continue;
        }
        const transient = isTransient(error);
        if (!transient && (forTheCaller.has(statusOf(error) ?? 0) || isBadBlockList(error))) throw error;
        if (!transient || sent >= this.#options.tries)
          throw inWords(error, { codes: this.#options.codes, what, sent, container: container.containerName });
        await this.#pause(what, { error, sent });
      }
    }
  }

  async #create(container: ContainerClient): Promise<void> {
    try {
      await container.create({ abortSignal: this.#patience() });
      this.#options.tell(`Made the container ${container.containerName} for blobs.`);
    } catch (error) {
      // Another process was faster, or the request that waits for it finds out by itself and tries again.
      if (statusOf(error) !== 409 && !isTransient(error))
        throw inWords(error, {
          codes: this.#options.codes,
          what: 'making the container',
          sent: 1,
          container: container.containerName,
        });
    }
  }

  #patience(): AbortSignal {
    const { timeoutMs, signal } = this.#options;
    return signal ? AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]) : AbortSignal.timeout(timeoutMs);
  }

  async #pause(what: string, { error, sent }: { error: unknown; sent: number }): Promise<void> {
    const asked = Number(headerOf(error, 'retry-after')) * 1000;
    const own = this.#options.pauseMs * 2 ** (sent - 1) * (0.5 + Math.random());
    const pause = Math.min(longestPauseMs, asked > 0 ? Math.max(asked, own) : own);
    const why = codeOf(error) ?? statusOf(error) ?? 'no answer';
    this.#options.tell(
      `Azure: ${what} failed (${why}); try ${sent + 1} of ${this.#options.tries} in ${Math.round(pause)} ms.`,
    );
    await setTimeout(pause, undefined, this.#options.signal ? { signal: this.#options.signal } : {});
  }
}

function isTransient(error: unknown): boolean {
  if (error instanceof BrokenTransfer) return true;
  const code = codeOf(error);
  if (code !== undefined && (damagedOnTheWay.has(code) || busy.has(code))) return true;
  if (isLeased(error)) return true;
  const status = statusOf(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  // No answer at all: a reset, a time-out, a name that does not resolve now. A bug of ours has no such name.
  const name = (error as Error).name;
  return name === 'RestError' || name === 'AbortError' || name === 'TimeoutError';
}

function isBadBlockList(error: unknown): boolean {
  return (
    statusOf(error) === 400 && /^Invalid(BlockList|BlockId|XmlDocument|XmlNodeValue|Input)$/.test(codeOf(error) ?? '')
  );
}
