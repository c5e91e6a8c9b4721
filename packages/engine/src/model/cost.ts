import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { utf8Length, type ModelFigures, type Usage } from '@devfactory/contracts';
import type { ModelRequest } from '@devfactory/kit';

/** Bytes per token, on the safe side for code and for most alphabets. */
const bytesPerToken = 3;

/** About how many tokens a request holds, before a provider has counted them. */
export function estimatedTokens(value: unknown): number {
  return Math.ceil(utf8Length(JSON.stringify(value) ?? '') / bytesPerToken);
}

/** What tokens cost. Input that came from the provider's cache has a price of its own. */
export function costOf(
  figures: ModelFigures,
  tokens: { readonly input: number; readonly cached: number; readonly output: number },
): number {
  const input = figures.inputUsd ?? 0;
  const fresh = Math.max(0, tokens.input - tokens.cached);
  const sum = fresh * input + tokens.cached * (figures.cachedUsd ?? input) + tokens.output * (figures.outputUsd ?? 0);
  return sum / 1_000_000;
}

/** Usage as the provider counted it, or as it can be told from what went over the line. */
export function usageOf(
  figures: ModelFigures,
  counted: LanguageModelV4Usage | null,
  seen: { readonly request: ModelRequest; readonly written: number },
): Usage {
  const input = counted?.inputTokens.total ?? estimatedTokens(seen.request);
  const cached = Math.min(input, counted?.inputTokens.cacheRead ?? 0);
  const output = counted?.outputTokens.total ?? Math.ceil(seen.written / bytesPerToken);
  const reasoning = counted?.outputTokens.reasoning ?? 0;
  return {
    inputTokens: whole(input),
    cachedTokens: whole(cached),
    outputTokens: whole(output),
    ...(reasoning > 0 ? { reasoningTokens: whole(reasoning) } : {}),
    costUsd: costOf(figures, { input: whole(input), cached: whole(cached), output: whole(output) }),
  };
}

/** Counts come from outside. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}
