import type { ModelCard } from '@devfactory/contracts';
import { duration, shortMoment } from './format.ts';

/** Names that people, environment or file gave with a slash: `openai/gpt-5` is `gpt-5`. */
export function shortModel(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** What the last test of its connection found; empty before the first. */
export function healthNote({ tested }: ModelCard): string {
  if (!tested) return '';
  if (!tested.ok) return `did not answer ${shortMoment(tested.at, new Date())}: ${tested.sentence}`;
  const can = [tested.callsTools ? 'calls tools' : '', tested.streams ? 'streams' : 'answers in one piece'];
  return `${can.filter(Boolean).join(', ')} · answered in ${duration(tested.ms)}`;
}

/** Why a model cannot be used, else what it holds and costs. */
export function modelNote({ why, note, figures }: ModelCard): string {
  if (why !== '') return why;
  const { contextTokens, inputUsd, outputUsd } = figures;
  const context = contextTokens === null ? '' : `${Math.round(contextTokens / 1000)}k context`;
  const price =
    inputUsd === null || outputUsd === null
      ? 'price not known'
      : inputUsd === 0 && outputUsd === 0
        ? 'free'
        : `$${inputUsd} in, $${outputUsd} out per million tokens`;
  return [context, price, note].filter(Boolean).join(' · ');
}
