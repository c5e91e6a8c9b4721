import { deliveryPhases, type DeliveryProgress } from '@devfactory/contracts';
import type { Paint } from '../terminal.ts';
import { sizeWords } from './size-words.ts';

/** A delivery shorter than this says only how it ended, in milliseconds. */
const firstAfterMs = 1_500;
const everyMs = 3_000;

/** Says now and then how far a long delivery is: `  Sending 40 %, 0.8 GB of 2.0 GB`. */
export class ProgressLines {
  readonly #say: (line: string) => void;
  readonly #paint: Paint;
  readonly #now: () => number;
  #exportId = '';
  #next = 0;

  constructor(say: (line: string) => void, paint: Paint, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#paint = paint;
    this.#now = now;
  }

  readonly take = ({ exportId, phase, done, total }: DeliveryProgress): void => {
    const now = this.#now();
    if (exportId !== this.#exportId) this.#next = now + firstAfterMs;
    this.#exportId = exportId;
    if (now < this.#next) return;
    this.#next = now + everyMs;
    const share = total === null || total === 0 ? '' : ` ${Math.floor((100 * done) / total)} %,`;
    const amount = total === null ? '' : ` ${sizeWords(done)} of ${sizeWords(total)}`;
    this.#say(`  ${this.#paint.quiet(`${deliveryPhases[phase]}${share}${amount}`)}`);
  };
}
