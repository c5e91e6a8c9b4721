import type { RunState } from '@devfactory/contracts';
import { DomainError, type ModelAnswer, type ModelPart, type ModelRequest, type ProxiedModel } from '@devfactory/kit';
import type { AskedLive, MeteredModel } from './ask-model.ts';
import { estimatedTokens } from './cost.ts';

/** Requests of one sandbox that are under way at a time. */
const mostAtOnce = 4;
/** Requests that wait; more are refused, so that a flood stays inside. */
const mostWaiting = 100;

export interface SandboxModelParts {
  readonly state: () => RunState;
  /** The run's model for a step, metered. */
  readonly open: (step: number) => Promise<MeteredModel>;
  /** Commits how a request ended. */
  readonly commit: (model: MeteredModel) => Promise<unknown>;
}

interface OpenStep {
  readonly step: number;
  readonly signal: AbortSignal;
}

/**
 * The run's model for whatever runs in its sandbox. It answers only while a step goes on, so that nothing left behind can spend; with a
 * budget one request after the other, so that at most one goes over.
 */
export class SandboxModel implements ProxiedModel {
  readonly #parts: SandboxModelParts;
  readonly #waiting: (() => void)[] = [];
  readonly #asked = new Set<Promise<unknown>>();
  #step: OpenStep | null = null;
  #refused: DomainError | null = null;
  #underWay = 0;

  constructor(parts: SandboxModelParts) {
    this.#parts = parts;
  }

  /** Answers while `act` goes on; what is under way then ends with it. */
  async during<T>(open: OpenStep, act: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    this.#refused = null;
    this.#step = { step: open.step, signal: AbortSignal.any([open.signal, over.signal]) };
    try {
      return await act();
    } finally {
      this.#step = null;
      over.abort(closed());
      // How they ended is in the log before anything else happens.
      await Promise.allSettled(this.#asked);
    }
  }

  /** Why a request of this step was refused for good. */
  refused(): DomainError | null {
    return this.#refused;
  }

  card(): { readonly ref: string; readonly runId: string } {
    const { model, id } = this.#parts.state();
    if (model === null) throw new DomainError('model_missing', 'invalid', { message: 'This run has no model.' });
    return { ref: model, runId: id };
  }

  estimate(request: ModelRequest): number {
    return estimatedTokens(request);
  }

  async ask(
    request: ModelRequest,
    take: (part: ModelPart) => Promise<void>,
    asking: AbortSignal,
  ): Promise<ModelAnswer> {
    const open = this.#requireStep();
    const asked = this.#askAt(open.step, request, { take, signal: AbortSignal.any([asking, open.signal]) });
    this.#asked.add(asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(asked);
    }
  }

  async #askAt(step: number, request: ModelRequest, { take, signal }: AskedLive): Promise<ModelAnswer> {
    await this.#turn(signal);
    let model: MeteredModel | null = null;
    try {
      signal.throwIfAborted();
      // What was refused for good stays refused: an agent that asks on and on spends nothing and gets no further.
      if (this.#refused) throw this.#refused;
      model = await this.#parts.open(step);
      return await model.ask(request, { signal, take });
    } catch (error) {
      if (error instanceof DomainError && isFinal(error.code)) this.#refused ??= error;
      throw error;
    } finally {
      this.#underWay -= 1;
      this.#waiting.shift()?.();
      if (model) await this.#parts.commit(model);
    }
  }

  #requireStep(): OpenStep {
    if (this.#step && !this.#step.signal.aborted) return this.#step;
    throw closed();
  }

  /** Waits until a request may go out. */
  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= mostWaiting) {
      throw new DomainError('models_busy', 'unavailable', {
        message: `${mostWaiting} requests of this run are waiting for the model.`,
      });
    }
    while (this.#underWay >= (this.#parts.state().budgetUsd === null ? mostAtOnce : 1)) {
      signal.throwIfAborted();
      const woken = Promise.withResolvers<void>();
      const wake = (): void => woken.resolve();
      this.#waiting.push(wake);
      signal.addEventListener('abort', wake, { once: true });
      await woken.promise;
      signal.removeEventListener('abort', wake);
      const at = this.#waiting.indexOf(wake);
      if (at >= 0) this.#waiting.splice(at, 1);
    }
    this.#underWay += 1;
  }
}

function closed(): DomainError {
  return new DomainError('models_closed', 'conflict', {
    message: 'No step of this run is going on: its model answers only then.',
  });
}

/** Codes of what asking again cannot mend within this step. */
function isFinal(code: string): boolean {
  return [
    'budget_spent',
    'model_price_unknown',
    'model_key_refused',
    'model_quota',
    'model_unknown',
    'model_not_set_up',
  ].includes(code);
}
