import { ToolCall, ToolResult, type RunState, type StepRecord } from '@devfactory/contracts';
import type { BlobStore, PastStep } from '@devfactory/kit';
import { z } from 'zod';

/** The blob behind `step.answered`. `memo` is the agent's own. */
export const StepAnswer = z.strictObject({ text: z.string(), calls: z.array(ToolCall), memo: z.json().optional() });
export type StepAnswer = z.infer<typeof StepAnswer>;

export async function loadAnswer(blobs: BlobStore, digest: string | null): Promise<StepAnswer> {
  return digest === null ? { text: '', calls: [] } : StepAnswer.parse(await loadJson(blobs, digest));
}

/** The steps of a run with whole inputs and answers, for the agent. An ended step never changes, so each is read once. */
export class History {
  readonly #blobs: BlobStore;
  readonly #steps = new Map<number, PastStep>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  async load(state: RunState): Promise<PastStep[]> {
    const ended = state.steps.filter((record) => record.ended);
    for (const record of ended) {
      if (!this.#steps.has(record.step)) this.#steps.set(record.step, await this.#read(record));
    }
    return ended.flatMap((record) => this.#steps.get(record.step) ?? []);
  }

  async #read(record: StepRecord): Promise<PastStep> {
    const { text, calls, memo } = await loadAnswer(this.#blobs, record.body);
    const results: Record<string, ToolResult> = {};
    for (const call of record.calls) {
      if (call.body) results[call.callId] = ToolResult.parse(await loadJson(this.#blobs, call.body));
    }
    return { step: record.step, turn: record.turn, text, calls, results, memo: memo ?? null };
  }
}

async function loadJson(blobs: BlobStore, digest: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await blobs.get(digest)));
}

export function storeJson(blobs: BlobStore, value: unknown): Promise<string> {
  return blobs.put(new TextEncoder().encode(JSON.stringify(value)));
}
