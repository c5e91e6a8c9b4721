import type { Usage } from '@devfactory/contracts';

/** '$0.0042', '$1.20' */
export function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
}

/** '12,345 tokens · $0.04'; null where no model was asked. */
export function usageText({ inputTokens, outputTokens, costUsd }: Usage): string | null {
  const tokens = inputTokens + outputTokens;
  if (tokens === 0) return null;
  return `${tokens.toLocaleString('en')} tokens${costUsd > 0 ? ` · ${money(costUsd)}` : ''}`;
}

/** What the tokens were: fresh and cached, thoughts and answer. */
export function usageDetail({ inputTokens, cachedTokens, outputTokens, reasoningTokens = 0 }: Usage): string {
  const n = (count: number): string => count.toLocaleString('en');
  const thoughts = reasoningTokens > 0 ? `, ${n(reasoningTokens)} of them thoughts` : '';
  return `${n(inputTokens - cachedTokens)} fresh and ${n(cachedTokens)} cached tokens in, ${n(outputTokens)} out${thoughts}`;
}
