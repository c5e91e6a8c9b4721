import type { ModelFigures } from '@devfactory/contracts';

/** As published in 2025, US dollars per million tokens. Prices change: a person's own figures go before these. */
export const figures: Readonly<Record<string, ModelFigures>> = {
  'claude-opus-4-5': row(200_000, 64_000, [5, 0.5, 25]),
  'claude-opus-4': row(200_000, 32_000, [15, 1.5, 75]),
  'claude-sonnet-4': row(200_000, 64_000, [3, 0.3, 15]),
  'claude-haiku-4-5': row(200_000, 64_000, [1, 0.1, 5]),
  'claude-3-5-haiku': row(200_000, 8_192, [0.8, 0.08, 4]),
};

function row(
  contextTokens: number,
  outputTokens: number,
  [inputUsd, cachedUsd, outputUsd]: readonly [number, number, number],
): ModelFigures {
  return { contextTokens, outputTokens, inputUsd, cachedUsd, outputUsd };
}
