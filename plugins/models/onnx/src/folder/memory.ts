import type { Config } from './config.ts';

/** What a model takes while it is loaded, in bytes. */
export interface ModelMemory {
  readonly weights: number;
  /** For a conversation that fills its context. */
  readonly conversation: number;
  /** Both, and what the process around them takes. */
  readonly all: number;
}

/** Node, the library and the runtime, measured with a model of two kilobytes: 150 MB, and some for long prompts. */
const aroundIt = 320_000_000;
const bytesOfNumber = 4;

/** An estimate from above, made before anything is loaded. */
export function memoryNeeded(
  config: Config,
  { weights, contextTokens }: { readonly weights: number; readonly contextTokens: number },
): ModelMemory {
  const heads = config.num_attention_heads ?? 1;
  const wide = config.head_dim ?? Math.ceil((config.hidden_size ?? 1) / heads);
  const perToken = 2 * (config.num_hidden_layers ?? 1) * (config.num_key_value_heads ?? heads) * wide * bytesOfNumber;
  // The old and the new keys and values are there together while a token is made; and a row of likelihoods.
  const conversation = 2 * perToken * contextTokens + 4 * config.vocab_size * bytesOfNumber;
  // Weights are laid out anew for the processor that is there, one tensor after the other.
  return { weights, conversation, all: Math.ceil(weights * 1.3 + conversation + aroundIt) };
}

export function inWords(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}
