import type { RunState } from '@devfactory/contracts';

const capacity = 100;

/** Folded states of the runs asked for last, so that a long run is not folded from its first event each time. */
export class StateCache {
  readonly #states = new Map<string, RunState>();

  get(runId: string): RunState | null {
    return this.#states.get(runId) ?? null;
  }

  set(state: RunState): void {
    if (this.#isOlder(state)) return;
    this.#states.delete(state.id);
    this.#states.set(state.id, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > capacity && oldest !== undefined) this.#states.delete(oldest);
  }

  #isOlder(state: RunState): boolean {
    const known = this.#states.get(state.id);
    return known !== undefined && known.seq > state.seq;
  }
}
