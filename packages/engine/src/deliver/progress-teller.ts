import type { DeliveryProgress } from '@devfactory/contracts';
import type { SourceTree } from '@devfactory/kit';

/** As often as eyes notice, in milliseconds. */
const everyMs = 200;
const order: readonly DeliveryProgress['phase'][] = ['scanning', 'packing', 'sending', 'checking'];

type At = Omit<DeliveryProgress, 'exportId'>;

/** Tells how far one delivery is, not too often, each phase to its end, and none after a later one. */
export class ProgressTeller {
  readonly #tell: (at: At) => void;
  readonly #now: () => number;
  #last: { readonly phase: DeliveryProgress['phase']; readonly at: number } | null = null;

  constructor(tell: (at: At) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  readonly take = (at: At): void => {
    const last = this.#last;
    if (last && order.indexOf(at.phase) < order.indexOf(last.phase)) return;
    const now = this.#now();
    const isEnd = at.done === at.total;
    if (last?.phase === at.phase && !isEnd && now - last.at < everyMs) return;
    this.#last = { phase: at.phase, at: now };
    this.#tell(at);
  };

  /** The same tree, whose reading is told: any exporter then tells at least how much it has taken in. */
  reading(tree: SourceTree, phase: 'scanning' | 'packing'): SourceTree {
    const total = tree.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
    let done = 0;
    const { take } = this;
    return {
      ...tree,
      read: async function* (entry) {
        for await (const chunk of tree.read(entry)) {
          // Read twice, as after a cut line, it is still not more than all of it.
          done = Math.min(total, done + chunk.length);
          take({ phase, done, total });
          yield chunk;
        }
      },
    };
  }
}
