import { z } from 'zod';
import { Destination } from './destination.ts';
import { CheckpointId, RunId } from './ids.ts';
import { limits, utf8Length } from './limits.ts';
import { ModelRef } from './model.ts';
import { RequirementWish } from './requirement.ts';

/** How much a person wants to be asked: before the work and before delivery, or never. `auto` approves plan and proven results on the spot. */
export const Autonomy = z.enum(['approve-plan', 'auto']);

/** Where the first files come from. An upload is a folder or ZIP that the client sent before (POST /api/uploads). */
export const Source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('empty') }),
  z.strictObject({
    kind: z.literal('upload'),
    uploadId: z.string().regex(/^[0-9a-f]{64}$/),
    label: z.string().max(300).default('upload'),
  }),
  z.strictObject({ kind: z.literal('git'), url: z.url().max(2000), ref: z.string().max(200).optional() }),
  z.strictObject({ kind: z.literal('checkpoint'), runId: RunId, checkpointId: CheckpointId }),
]);
export type Source = z.infer<typeof Source>;

/** What a request that names no agent holds; the factory puts an agent's id in its place before the run is created. */
export const defaultAgent = 'default';

/** Body of POST /api/runs. */
export const CreateRun = z.strictObject({
  prompt: z
    .string()
    .trim()
    .min(1, 'say what should be built')
    .refine((text) => utf8Length(text) <= limits.promptBytes, `must be at most ${limits.promptBytes} bytes`),
  requirements: z.array(RequirementWish).max(limits.requirements).default([]),
  /** Left out: `builtin` as soon as there is a model, `blueprint` before. */
  agent: z.string().max(100).default(defaultAgent),
  /** PROVIDER/MODEL; only for agents that use one. */
  model: ModelRef.optional(),
  /** A second model that is asked, after each approved plan, for held-out checks from each requirement's text alone. */
  checksModel: ModelRef.optional(),
  /** For agents that take one (scripted): its options, validated by the agent before the run is created. */
  agentOptions: z.json().optional(),
  source: Source.default({ kind: 'empty' }),
  autonomy: Autonomy.default('approve-plan'),
  /** With autonomy 'auto': deliver although something is not proven. */
  deliverUnproven: z.boolean().default(false),
  budgetUsd: z.number().positive().max(100_000).optional(),
  destinations: z.array(Destination).max(10).default([]),
});
export type CreateRun = z.infer<typeof CreateRun>;
export type CreateRunInput = z.input<typeof CreateRun>;

/** Body of POST /api/runs/:id/forks: a run that begins with a checkpoint of this one. What is left out is as in this run. */
export const ForkRun = z.strictObject({
  checkpointId: CheckpointId,
  prompt: CreateRun.shape.prompt.optional(),
  /** Left out: the requirements as they are worded now. */
  requirements: z.array(RequirementWish).max(limits.requirements).optional(),
  agent: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
  agentOptions: z.json().optional(),
  autonomy: Autonomy.optional(),
  deliverUnproven: z.boolean().optional(),
  budgetUsd: z.number().positive().max(100_000).optional(),
  destinations: z.array(Destination).max(10).optional(),
});
export type ForkRun = z.infer<typeof ForkRun>;
export type ForkRunInput = z.input<typeof ForkRun>;

/** Tokens and money of one step or one run. */
export const Usage = z.strictObject({
  inputTokens: z.int().min(0).default(0),
  cachedTokens: z.int().min(0).default(0),
  /** All that the model wrote, thoughts included. */
  outputTokens: z.int().min(0).default(0),
  /** How many of them were thoughts. */
  reasoningTokens: z.int().min(0).optional(),
  costUsd: z.number().min(0).default(0),
});
export type Usage = z.infer<typeof Usage>;
export const noUsage: Usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 };
