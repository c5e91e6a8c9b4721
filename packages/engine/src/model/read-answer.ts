import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { ModelContent } from '@devfactory/kit';
import { BrokenAnswer } from './fault.ts';
import type { ModelLimits } from './model-limits.ts';

export interface WholeAnswer {
  readonly content: ModelContent[];
  readonly finish: string;
  readonly usage: LanguageModelV4Usage | null;
}

interface Reading {
  readonly signal: AbortSignal;
  readonly take: ((part: LanguageModelV4StreamPart) => Promise<void>) | null;
}

type Patience = Pick<ModelLimits, 'firstPartMs' | 'nextPartMs' | 'wholeAnswerMs' | 'answerBytes'>;

/** An answer as it comes in. What was read stays readable after a fault, for the meter. */
export class AnswerReader {
  readonly content: ModelContent[] = [];
  /** UTF-16 units of all that the model wrote. */
  written = 0;
  firstPartAt: number | null = null;
  parts = 0;
  readonly #patience: Patience;
  readonly #open = new Map<string, { type: 'text' | 'reasoning'; text: string; meta: SharedV4ProviderMetadata }>();
  #finish: { readonly reason: string; readonly usage: LanguageModelV4Usage } | null = null;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /**
   * Reads to the end, and gives away each part but the last word on how it ended. Throws BrokenAnswer, what the provider said in the
   * stream, or the signal's reason.
   */
  async read(stream: ReadableStream<LanguageModelV4StreamPart>, { signal, take }: Reading): Promise<WholeAnswer> {
    const reader = stream.getReader();
    const end = performance.now() + this.#patience.wholeAnswerMs;
    let deadline = performance.now() + this.#patience.firstPartMs;
    try {
      for (;;) {
        const { done, value } = await within(reader.read(), { deadline: Math.min(deadline, end), signal });
        if (done) break;
        // What only keeps a connection alive is no progress.
        if (!this.#take(value)) continue;
        this.firstPartAt ??= performance.now();
        this.parts += 1;
        if (take && value.type !== 'finish') {
          const patient = performance.now() + this.#patience.nextPartMs;
          await within(take(value), { deadline: Math.min(patient, end), signal });
        }
        deadline = performance.now() + this.#patience.nextPartMs;
      }
    } finally {
      // Not waited for: a server that does not even hang up must not hold us.
      void reader.cancel().catch(() => undefined);
    }
    return this.#whole();
  }

  #take(part: LanguageModelV4StreamPart): boolean {
    switch (part.type) {
      case 'error':
        throw part.error instanceof Error ? part.error : new Error(textOf(part.error));
      case 'text-start':
      case 'reasoning-start':
        this.#open.set(part.id, {
          type: part.type === 'text-start' ? 'text' : 'reasoning',
          text: '',
          meta: part.providerMetadata ?? {},
        });
        return true;
      case 'text-delta':
      case 'reasoning-delta': {
        const open = this.#open.get(part.id);
        if (open) {
          open.text += part.delta;
          open.meta = { ...open.meta, ...part.providerMetadata };
        }
        this.#write(part.delta.length);
        return true;
      }
      case 'text-end':
      case 'reasoning-end':
        this.#close(part.id, part.providerMetadata);
        return true;
      case 'tool-input-delta':
        this.#write(part.delta.length);
        return true;
      case 'tool-call':
        this.content.push(part);
        return true;
      case 'finish':
        this.#finish = { reason: finishOf(part.finishReason), usage: part.usage };
        return true;
      case 'ping':
      case 'raw':
      case 'stream-start':
        return false;
      case 'custom':
      case 'file':
      case 'reasoning-file':
      case 'response-metadata':
      case 'source':
      case 'tool-approval-request':
      case 'tool-input-end':
      case 'tool-input-start':
      case 'tool-result':
        return true;
    }
  }

  #close(id: string, meta: SharedV4ProviderMetadata | undefined): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    const providerMetadata = { ...open.meta, ...meta };
    // A thought without words may still hold the provider's own sealed form of it.
    if (open.text !== '' || Object.keys(providerMetadata).length > 0)
      this.content.push({ type: open.type, text: open.text, providerMetadata });
  }

  #write(length: number): void {
    this.written += length;
    if (this.written > this.#patience.answerBytes)
      throw new BrokenAnswer(
        'model_endless',
        `The answer did not end within ${this.#patience.answerBytes} characters.`,
      );
  }

  #whole(): WholeAnswer {
    for (const id of this.#open.keys()) this.#close(id, undefined);
    if (!this.#finish || this.#finish.reason === 'cut')
      throw new BrokenAnswer('model_cut_off', 'The connection ended before the answer did: it has no finish reason.');
    if (this.#finish.reason === 'error')
      throw new BrokenAnswer('model_failed', 'The provider ended the answer with an error.');
    return { content: this.content, finish: this.#finish.reason, usage: this.#finish.usage };
  }
}

/** A vendor's library ends a stream that was cut with `other` and nothing of the vendor's own. */
function finishOf({ unified, raw }: { readonly unified: string; readonly raw: string | undefined }): string {
  return unified === 'interrupted' || (unified === 'other' && raw === undefined) ? 'cut' : unified;
}

function textOf(error: unknown): string {
  return typeof error === 'string' ? error : (JSON.stringify(error) ?? 'an error without words');
}

/** The promise, unless the deadline (of performance.now) passes or the signal comes before. */
export function within<T>(
  promise: PromiseLike<T>,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    const late = setTimeout(
      () => reject(new BrokenAnswer('model_silent', 'The model stopped sending before its answer was whole.')),
      Math.max(0, deadline - performance.now()),
    );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    void Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(late);
        signal.removeEventListener('abort', stop);
      });
  });
}
