import type { ModelCard } from '@devfactory/contracts';

/** Why a model cannot be used, else what it holds and costs. */
export function modelNote({ why, figures }: ModelCard): string {
  if (why !== '') return why;
  const { contextTokens, inputUsd, outputUsd } = figures;
  const context = contextTokens === null ? '' : `${Math.round(contextTokens / 1000)}k context`;
  const price =
    inputUsd === null || outputUsd === null
      ? 'price not known'
      : inputUsd === 0 && outputUsd === 0
        ? 'free'
        : `$${inputUsd} in, $${outputUsd} out per million tokens`;
  return [context, price].filter(Boolean).join(' · ');
}
