import { ToolCall, ToolResult, type RunState, type StepRecord } from '@devfactory/contracts';
import type { BlobStore, PastStep } from '@devfactory/kit';
import { z } from 'zod';

/** The blob behind `step.answered`. `memo` is the agent's own. */
export const StepAnswer = z.strictObject({ text: z.string(), calls: z.array(ToolCall), memo: z.json().optional() });
export type StepAnswer = z.infer<typeof StepAnswer>;

/** The steps of a run with whole inputs and answers, for the agent. An ended step never changes, so each is read once. */
export class History {
  readonly #blobs: BlobStore;
  readonly #steps = new Map<number, PastStep>();
  /** What this worker itself stored of the step that goes on, as it stands in the blobs: nobody needs to fetch that. */
  readonly #fresh = new Map<string, string>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Resolves with the digest when it is durable. */
  async store(value: unknown): Promise<string> {
    const text = JSON.stringify(value);
    const digest = await this.#blobs.put(new TextEncoder().encode(text));
    this.#fresh.set(digest, text);
    return digest;
  }

  async answer(digest: string | null): Promise<StepAnswer> {
    return digest === null ? { text: '', calls: [] } : StepAnswer.parse(await this.#body(digest));
  }

  async load(state: RunState): Promise<PastStep[]> {
    const ended = state.steps.filter((record) => record.ended);
    for (const record of ended) {
      if (!this.#steps.has(record.step)) this.#steps.set(record.step, await this.#read(record));
    }
    this.#fresh.clear();
    return ended.flatMap((record) => this.#steps.get(record.step) ?? []);
  }

  async #read(record: StepRecord): Promise<PastStep> {
    const { text, calls, memo } = await this.answer(record.body);
    const results: Record<string, ToolResult> = {};
    for (const call of record.calls) {
      const { callId, outcome, excerpt: text, exitCode } = call;
      if (call.body) results[callId] = ToolResult.parse(await this.#body(call.body));
      else if (outcome !== 'pending' && outcome !== 'running') results[callId] = { outcome, text, exitCode };
    }
    return { step: record.step, turn: record.turn, text, calls, results, memo: memo ?? null };
  }

  async #body(digest: string): Promise<unknown> {
    return JSON.parse(this.#fresh.get(digest) ?? new TextDecoder().decode(await this.#blobs.get(digest)));
  }
}
