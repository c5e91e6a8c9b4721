import { z } from 'zod';

export const mostVocabulary = 2_000_000;
const Count = z.int().min(1).max(10_000_000);
/** What is read of a model's config.json. */
export const Config = z.looseObject({
  model_type: z.string().regex(/^[a-z0-9_-]{1,60}$/i),
  vocab_size: Count.max(mostVocabulary),
  max_position_embeddings: Count.optional(),
  num_hidden_layers: Count.max(1000).optional(),
  num_attention_heads: Count.max(10_000).optional(),
  num_key_value_heads: Count.max(10_000).optional(),
  hidden_size: Count.max(1_000_000).optional(),
  head_dim: Count.max(100_000).optional(),
});
export type Config = z.infer<typeof Config>;
