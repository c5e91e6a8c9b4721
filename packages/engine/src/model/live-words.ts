import type { LiveWords } from '@devfactory/contracts';
import type { ModelPart } from '@devfactory/kit';

/** Tells one answer as it is written. */
export class WordTeller {
  readonly #about: Pick<LiveWords, 'step' | 'callId'>;
  readonly #tell: (words: LiveWords) => void;
  readonly #written = { text: 0, thinking: 0, call: 0 };
  #tool = '';

  constructor(about: Pick<LiveWords, 'step' | 'callId'>, tell: (words: LiveWords) => void) {
    this.#about = about;
    this.#tell = tell;
  }

  take(part: ModelPart): void {
    if (part.type === 'text-delta') this.#write('text', part.delta);
    else if (part.type === 'reasoning-delta') this.#write('thinking', part.delta);
    else if (part.type === 'tool-input-delta') this.#write('call', part.delta);
    else if (part.type === 'tool-input-start') {
      this.#tool = part.toolName.slice(0, 100);
      this.#written.call = 0;
      this.#write('call', '');
    }
  }

  #write(kind: LiveWords['kind'], text: string): void {
    const tool = kind === 'call' ? this.#tool : '';
    this.#tell({ ...this.#about, kind, tool, offset: this.#written[kind], text });
    this.#written[kind] += text.length;
  }
}
