import { ToolCall, ToolResult, type RunState } from '@devfactory/contracts';
import type { BlobStore, PastStep } from '@devfactory/kit';
import { z } from 'zod';

/** The blob behind `step.answered`. */
export const StepAnswer = z.strictObject({ text: z.string(), calls: z.array(ToolCall) });
export type StepAnswer = z.infer<typeof StepAnswer>;

export async function loadAnswer(blobs: BlobStore, digest: string | null): Promise<StepAnswer> {
  return digest === null ? { text: '', calls: [] } : StepAnswer.parse(await loadJson(blobs, digest));
}

/** The steps of a run with whole inputs and answers, for the agent. */
export async function loadHistory(blobs: BlobStore, state: RunState): Promise<PastStep[]> {
  const steps: PastStep[] = [];
  for (const record of state.steps) {
    if (!record.ended) continue;
    const answer = await loadAnswer(blobs, record.body);
    const results: Record<string, ToolResult> = {};
    for (const call of record.calls) {
      if (call.body) results[call.callId] = ToolResult.parse(await loadJson(blobs, call.body));
    }
    steps.push({ step: record.step, turn: record.turn, text: answer.text, calls: answer.calls, results });
  }
  return steps;
}

async function loadJson(blobs: BlobStore, digest: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await blobs.get(digest)));
}

export function storeJson(blobs: BlobStore, value: unknown): Promise<string> {
  return blobs.put(new TextEncoder().encode(JSON.stringify(value)));
}
