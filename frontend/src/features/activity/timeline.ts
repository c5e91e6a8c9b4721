import type { RunEvent, RunState } from '@devfactory/contracts';
import { factOf, type Fact } from './facts.ts';

/** One row of the activity, in the order in which things happened. Rows name records of the state by id and hold no copies. */
export type TimelineRow = { readonly key: string; readonly seq: number; readonly at: string } & (
  | { readonly kind: 'prompt' }
  | { readonly kind: 'turn'; readonly turn: number }
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'verification'; readonly id: string }
  | { readonly kind: 'question'; readonly id: string }
  | { readonly kind: 'feedback'; readonly id: string }
  | { readonly kind: 'fact'; readonly fact: Fact }
);

export function timeline(events: readonly RunEvent[]): TimelineRow[] {
  return events.flatMap((event) => rowOf(event) ?? []);
}

function rowOf(event: RunEvent): TimelineRow | null {
  const place = { key: String(event.seq), seq: event.seq, at: event.at };
  switch (event.type) {
    case 'run.created':
      return { ...place, kind: 'prompt' };
    case 'turn.started':
      return { ...place, kind: 'turn', turn: event.data.turn };
    case 'step.started':
      return { ...place, kind: 'step', step: event.data.step };
    case 'verification.started':
      return { ...place, kind: 'verification', id: event.data.verificationId };
    case 'question.asked':
      return { ...place, kind: 'question', id: event.data.questionId };
    case 'feedback.given':
      return { ...place, kind: 'feedback', id: event.data.feedbackId };
    default: {
      const fact = factOf(event);
      return fact && { ...place, kind: 'fact', fact };
    }
  }
}

/** Whether a row tells of something that went wrong. */
export function failed(row: TimelineRow, state: RunState): boolean {
  switch (row.kind) {
    case 'step':
      return state.steps.find((step) => step.step === row.step)?.calls.some(callFailed) ?? false;
    case 'verification': {
      const verification = state.verifications.find((item) => item.id === row.id);
      if (!verification || verification.onBase) return false;
      return verification.outcome === 'interrupted' || state.evidence.some((item) => item.verificationId === row.id && item.verdict !== 'passed');
    }
    case 'fact':
      return row.fact.tone === 'bad';
    default:
      return false;
  }
}

export function callFailed(call: { readonly outcome: string; readonly exitCode: number | null }): boolean {
  return call.outcome === 'error' || call.outcome === 'interrupted' || (call.exitCode !== null && call.exitCode !== 0);
}
