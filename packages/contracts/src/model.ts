import { z } from 'zod';
import { Moment } from './ids.ts';

/** PROVIDER/MODEL: the provider's id, then the model's name as its endpoint spells it, which may hold slashes itself. */
export const ModelRef = z
  .string()
  .max(200)
  .regex(/^[a-z][a-z0-9-]{0,39}\/[^\s/][^\s]*$/, 'is written PROVIDER/MODEL');

/** Provider and model of a ModelRef. */
export function splitModelRef(ref: string): { readonly provider: string; readonly name: string } {
  const at = ref.indexOf('/');
  return { provider: ref.slice(0, at), name: ref.slice(at + 1) };
}

const usd = z.number().min(0).max(1_000_000);

/** What a model costs (US dollars per million tokens) and holds (tokens). null: not known. */
export const ModelFigures = z.strictObject({
  contextTokens: z.int().min(1).max(100_000_000).nullable(),
  outputTokens: z.int().min(1).max(100_000_000).nullable(),
  inputUsd: usd.nullable(),
  /** Input that the provider read from its cache; null: as dear as other input. */
  cachedUsd: usd.nullable(),
  outputUsd: usd.nullable(),
});
export type ModelFigures = z.infer<typeof ModelFigures>;

/** What the last real round trip to a model found. */
export const ModelTested = z.object({
  at: Moment,
  ok: z.boolean(),
  streams: z.boolean(),
  callsTools: z.boolean(),
  ms: z.int(),
  /** What was found, in words. */
  sentence: z.string(),
});
export type ModelTested = z.infer<typeof ModelTested>;

/** A model as people choose it: GET /api/models. */
export const ModelCard = z.object({
  ref: z.string(),
  provider: z.string(),
  name: z.string(),
  figures: ModelFigures,
  /** Where the figures come from. */
  figuresFrom: z.enum(['person', 'table', 'unknown']),
  isDefault: z.boolean(),
  available: z.boolean(),
  why: z.string().describe('why it cannot be used now, and what mends it; empty when it can'),
  note: z
    .string()
    .optional()
    .describe('what else is known of it, e.g. the memory that it needs and whether it is loaded'),
  tested: ModelTested.nullable().describe('what the last test of its connection found; null before the first'),
});
export type ModelCard = z.infer<typeof ModelCard>;

/** One thing that a provider has to know. */
export const ProviderField = z.object({
  name: z.string().regex(/^[a-zA-Z]+$/),
  label: z.string(),
  hint: z.string(),
  required: z.boolean(),
  secret: z.boolean(),
  environment: z.string().describe('the variable that sets it'),
});
export type ProviderField = z.infer<typeof ProviderField>;

/** A provider as people set it up: GET /api/model-providers. Never a secret's value. */
export const ProviderCard = z.object({
  id: z.string(),
  title: z.string(),
  note: z.string(),
  fields: z.array(ProviderField),
  values: z.record(z.string(), z.string()).describe('what is set, without secrets'),
  secretsSet: z.array(z.string()).describe('names of the secret fields that have a value'),
  from: z.enum(['person', 'environment', 'file', 'found', 'nothing']).describe('who set it up'),
  usable: z.boolean(),
  why: z.string().describe('why it cannot be used; empty when it can'),
});
export type ProviderCard = z.infer<typeof ProviderCard>;

/** Body of POST /api/model-providers/:id: fields by name. A secret that is left out stays, unless the address it was given for changes. */
export const ProviderSettings = z.strictObject({
  values: z.record(z.string().max(40), z.string().trim().max(4000)),
});
export type ProviderSettings = z.infer<typeof ProviderSettings>;

/** What a real round trip to a model found: POST /api/model-providers/:id/test. */
export const ConnectionTest = z.object({
  ok: z.boolean(),
  sentence: z.string(),
  /** The field that is wrong, where that can be told. */
  field: z.string().nullable(),
  model: z.string().nullable(),
  streams: z.boolean(),
  callsTools: z.boolean(),
  ms: z.int(),
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;
