import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { noUsage, type Fact, type LiveWords, type RunState } from '@devfactory/contracts';
import {
  DomainError,
  type ModelAnswer,
  type ModelPart,
  type ModelRequest,
  type OpenModel,
  type Spending,
  type StepModel,
} from '@devfactory/kit';
import { costOf, estimatedTokens, usageOf } from './cost.ts';
import { faultOf, type ModelFault } from './fault.ts';
import { WordTeller } from './live-words.ts';
import { unknownContextTokens, unknownOutputTokens, type ModelLimits } from './model-limits.ts';
import { AnswerReader, within } from './read-answer.ts';

/** What asking needs of the run it is done for. */
export interface AskingParts {
  readonly step: number;
  readonly model: OpenModel;
  readonly limits: ModelLimits;
  readonly spending: Spending | null;
  readonly state: () => RunState;
  readonly runId: string;
  /** Told what the model writes, as it does; nothing waits for it. */
  readonly tell?: (words: LiveWords) => void;
  /** Commits facts; resolves when they are durable. */
  readonly append: (...facts: readonly Fact[]) => Promise<unknown>;
}

/** An answer that somebody takes part by part. */
export interface AskedLive {
  readonly signal: AbortSignal;
  readonly take: (part: ModelPart) => Promise<void>;
}

interface Attempt {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly take: AskedLive['take'] | null;
}

/**
 * Asks one model for one step. Before each try its start is durable, so that after a kill it is known what may have been sent; how it
 * ended is committed with whatever is written next (`takeFacts`).
 */
export class MeteredModel implements StepModel {
  readonly ref: string;
  readonly contextTokens: number;
  readonly outputTokens: number;
  readonly #parts: AskingParts;
  #facts: Fact[] = [];

  constructor(parts: AskingParts) {
    const { figures, ref } = parts.model;
    this.ref = ref;
    this.contextTokens = figures.contextTokens ?? unknownContextTokens;
    this.outputTokens = Math.min(figures.outputTokens ?? unknownOutputTokens, Math.ceil(this.contextTokens / 2));
    this.#parts = parts;
  }

  /** How the last try ended, to be committed together with what came of it. */
  takeFacts(): readonly Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** With `take` each part is passed on as it comes; what broke after that is not asked again, for it cannot be taken back. */
  async ask(request: ModelRequest, how: AbortSignal | AskedLive): Promise<ModelAnswer> {
    const { limits, model } = this.#parts;
    const { signal, take } = 'take' in how ? how : { signal: how, take: null };
    let taken = false;
    const pass = take && ((part: ModelPart) => ((taken = true), take(part)));
    for (let attempt = 1; ; attempt++) {
      const asked = await this.#try(request, { attempt, signal, take: pass });
      if (!('cure' in asked)) return asked;
      const again = asked.cure === 'retry' && attempt < limits.attempts && !taken;
      const pause = again ? pauseBefore(asked, attempt, limits) : null;
      this.#facts = this.#facts.map((fact) =>
        fact.type === 'model.failed' ? { ...fact, data: { ...fact.data, retryInMs: pause } } : fact,
      );
      if (asked.cure === 'shorten') return { status: 'overflow', reason: asked.reason };
      if (pause === null) throw giveUp(asked, model.ref, attempt);
      await this.#parts.append(...this.takeFacts());
      await sleep(pause, undefined, { signal });
    }
  }

  async #try(
    request: ModelRequest,
    { attempt, signal, take }: Attempt,
  ): Promise<Extract<ModelAnswer, { status: 'answered' }> | ModelFault> {
    const { model, limits, step, tell } = this.#parts;
    signal.throwIfAborted();
    const callId = randomUUID();
    await this.#reserve(request, { callId, attempt });
    const began = performance.now();
    const reader = new AnswerReader(limits);
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    const teller = tell ? new WordTeller({ step, callId }, tell) : null;
    const hear = async (part: ModelPart): Promise<void> => {
      teller?.take(part);
      await take?.(part);
    };
    let sent = false;
    try {
      const opened = model.language.doStream({ ...request, abortSignal: both });
      const { stream } = await within(opened, { deadline: began + limits.firstPartMs, signal });
      sent = true;
      const { content, finish, usage: counted } = await reader.read(stream, { signal, take: hear });
      const usage = usageOf(model.figures, counted, { request, written: reader.written });
      this.#facts.push({
        type: 'model.answered',
        data: {
          step,
          callId,
          finish,
          durationMs: Math.round(performance.now() - began),
          firstTokenMs: reader.firstPartAt === null ? null : Math.round(reader.firstPartAt - began),
          usage,
        },
      });
      return { status: 'answered', content, finish, usage };
    } catch (error) {
      const told = faultOf(error);
      const fault = signal.aborted
        ? { ...told, cure: 'give-up' as const, code: 'model_stopped', reason: 'The call was ended from our side.' }
        : { ...told, reason: model.redact(told.reason) };
      // What was being written when it broke is paid for.
      const usage = sent ? usageOf(model.figures, null, { request, written: reader.written }) : noUsage;
      this.#facts.push({
        type: 'model.failed',
        data: { step, callId, code: fault.code, reason: fault.reason, retryInMs: null, usage },
      });
      signal.throwIfAborted();
      return fault;
    } finally {
      ending.abort();
    }
  }

  async #reserve(request: ModelRequest, call: { readonly callId: string; readonly attempt: number }): Promise<void> {
    const { model, spending, step, runId, append } = this.#parts;
    const { figures, ref } = model;
    const output = request.maxOutputTokens ?? this.outputTokens;
    const reservedUsd = costOf(figures, { input: estimatedTokens(request), cached: 0, output });
    this.#requireBudget();
    const commit = (): Promise<unknown> =>
      append(...this.takeFacts(), { type: 'model.called', data: { step, model: ref, reservedUsd, ...call } });
    await (spending ? spending.reserve(runId, commit) : commit());
  }

  /** One call may go over, for nobody knows what it costs before. */
  #requireBudget(): void {
    const { model, state } = this.#parts;
    const { budgetUsd, usage } = state();
    if (budgetUsd === null) return;
    const { inputUsd, outputUsd } = model.figures;
    if (inputUsd === null || outputUsd === null) {
      throw new DomainError('model_price_unknown', 'invalid', {
        message: `The run has a budget, but nobody said what ${model.ref} costs. Set its price (0 when it costs nothing) in the settings, then resume.`,
      });
    }
    const ending = this.#facts.reduce((sum, fact) => sum + ('usage' in fact.data ? fact.data.usage.costUsd : 0), 0);
    const spent = usage.costUsd + ending;
    if (spent >= budgetUsd && (inputUsd > 0 || outputUsd > 0)) {
      throw new DomainError('budget_spent', 'conflict', {
        message: `The run's budget of $${budgetUsd} is spent ($${spent.toFixed(4)}). Raise it, then resume; all work is kept.`,
      });
    }
  }
}

function pauseBefore({ retryAfterMs }: ModelFault, attempt: number, limits: ModelLimits): number | null {
  if (retryAfterMs !== null) return retryAfterMs <= limits.longestRetryAfterMs ? Math.round(retryAfterMs) : null;
  const most = Math.min(limits.longestBackoffMs, limits.backoffMs * 2 ** (attempt - 1));
  return Math.round(most * (0.5 + Math.random() / 2));
}

function giveUp(fault: ModelFault, ref: string, attempts: number): DomainError {
  const times = attempts > 1 ? ` after ${attempts} tries` : '';
  const wait = fault.retryAfterMs === null ? '' : ` It asks to wait ${Math.ceil(fault.retryAfterMs / 1000)} seconds.`;
  // Without the error itself as a cause: it may hold what was sent.
  return new DomainError(fault.code, 'unavailable', {
    message: `${ref} gave no answer${times}. ${fault.reason}${wait} ${mending(fault.code)}`,
  });
}

function mending(code: string): string {
  switch (code) {
    case 'model_key_refused':
      return 'Set its key in the settings, then resume.';
    case 'model_quota':
      return 'Pay the provider or choose another model, then resume.';
    case 'model_unknown':
      return 'Choose a model that the provider has, then resume.';
    default:
      return 'All work is kept; resume to try again, or choose another model.';
  }
}
