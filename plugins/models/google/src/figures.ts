import type { ModelFigures } from '@devfactory/contracts';

/** As published in 2025, US dollars per million tokens. Prices change: a person's own figures go before these. */
export const figures: Readonly<Record<string, ModelFigures>> = {
  'gemini-2.5-pro': row(1_048_576, 65_536, [1.25, 0.125, 10]),
  'gemini-2.5-flash': row(1_048_576, 65_536, [0.3, 0.03, 2.5]),
  'gemini-2.5-flash-lite': row(1_048_576, 65_536, [0.1, 0.01, 0.4]),
};

function row(
  contextTokens: number,
  outputTokens: number,
  [inputUsd, cachedUsd, outputUsd]: readonly [number, number, number],
): ModelFigures {
  return { contextTokens, outputTokens, inputUsd, cachedUsd, outputUsd };
}
