import type { ModelFigures } from '@devfactory/contracts';

/** As published in 2025, US dollars per million tokens. Prices change: a person's own figures go before these. */
export const figures: Readonly<Record<string, ModelFigures>> = {
  'gpt-5': row(400_000, 128_000, [1.25, 0.125, 10]),
  'gpt-5-mini': row(400_000, 128_000, [0.25, 0.025, 2]),
  'gpt-5-nano': row(400_000, 128_000, [0.05, 0.005, 0.4]),
  'gpt-4.1': row(1_047_576, 32_768, [2, 0.5, 8]),
  'gpt-4.1-mini': row(1_047_576, 32_768, [0.4, 0.1, 1.6]),
  'gpt-4.1-nano': row(1_047_576, 32_768, [0.1, 0.025, 0.4]),
  'gpt-4o': row(128_000, 16_384, [2.5, 1.25, 10]),
  'gpt-4o-mini': row(128_000, 16_384, [0.15, 0.075, 0.6]),
  o3: row(200_000, 100_000, [2, 0.5, 8]),
  'o4-mini': row(200_000, 100_000, [1.1, 0.275, 4.4]),
};

function row(
  contextTokens: number,
  outputTokens: number,
  [inputUsd, cachedUsd, outputUsd]: readonly [number, number, number],
): ModelFigures {
  return { contextTokens, outputTokens, inputUsd, cachedUsd, outputUsd };
}
