import { isWeak, type RunEvent, type RunState } from '@devfactory/contracts';
import { factOf, type Fact } from './facts.ts';

/** One row of the activity, in the order in which things happened. Rows name records of the state by id and hold no copies. */
export type TimelineRow = { readonly key: string; readonly seq: number; readonly at: string } & (
  | { readonly kind: 'prompt' }
  | { readonly kind: 'turn'; readonly turn: number }
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'verification'; readonly id: string }
  /** Checks judged by mutants: how many were asked for, and the ids of what came of each so far. */
  | { readonly kind: 'judging'; readonly checks: number; readonly ids: readonly string[]; readonly over: boolean }
  | { readonly kind: 'question'; readonly id: string }
  | { readonly kind: 'feedback'; readonly id: string }
  | { readonly kind: 'fact'; readonly fact: Fact }
);

export function timeline(events: readonly RunEvent[]): TimelineRow[] {
  const planTurns = new Set<number>();
  let limits = '';
  let said = '';
  const judged = judgements(events);
  return withoutRepeatedSaves(events).flatMap((event): TimelineRow | TimelineRow[] => {
    if (event.type === 'mutation.started') {
      const { ids, over } = judged.get(event.seq) ?? { ids: [], over: false };
      return {
        key: String(event.seq),
        seq: event.seq,
        at: event.at,
        kind: 'judging',
        checks: event.data.checks,
        ids,
        over,
      };
    }
    if (event.type === 'turn.started' && event.data.purpose === 'plan') planTurns.add(event.data.turn);
    // A planning turn's end is told by the plan that follows it.
    if (event.type === 'turn.ended' && event.data.outcome === 'finished' && planTurns.has(event.data.turn)) return [];
    if (event.type === 'step.answered') said = event.data.text;
    // A sandbox that comes back says the same about its limits each time.
    if (event.type === 'workspace.opened') {
      const notEnforced = event.data.notEnforced.join();
      if (notEnforced === limits) return [];
      limits = notEnforced;
    }
    // The agent's last words stand right above already.
    if (event.type === 'turn.ended' && event.data.summary === said)
      return rowOf({ ...event, data: { ...event.data, summary: '' } }) ?? [];
    return rowOf(event) ?? [];
  });
}

/** What came of each time that checks were judged, by its event. It is over when something else goes on. */
function judgements(events: readonly RunEvent[]): Map<number, { readonly ids: string[]; over: boolean }> {
  const found = new Map<number, { readonly ids: string[]; over: boolean }>();
  let open: { readonly ids: string[]; over: boolean } | null = null;
  for (const event of events) {
    if (event.type === 'mutation.recorded') open?.ids.push(event.data.mutation.id);
    else if (event.type === 'mutation.started' || begins.has(event.type)) {
      if (open) open.over = true;
      open = event.type === 'mutation.started' ? { ids: [], over: false } : null;
      if (open) found.set(event.seq, open);
    }
  }
  return found;
}

/** What a run does next, once its checks are judged or the judging was broken off. */
const begins: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  'wait.began',
  'turn.started',
  'verification.started',
  'result.approved',
  'run.paused',
  'run.failed',
  'run.cancelled',
]);

/** Of a file that a person saved again and again, with nothing between, the last save. */
function withoutRepeatedSaves(events: readonly RunEvent[]): readonly RunEvent[] {
  let next: string | null = null;
  return events.findLast((event) => event.type === 'file.changed')
    ? events
        .toReversed()
        .filter((event) => {
          if (event.type === 'file.kept' || event.type === 'checkpoint.made') return true;
          const path = event.type === 'file.changed' && event.data.change === 'modified' ? event.data.path : null;
          const repeated = path !== null && path === next;
          next = path;
          return !repeated;
        })
        .toReversed()
    : events;
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

/** The rows that tell of something that went wrong. */
export function failures(rows: readonly TimelineRow[], state: RunState): TimelineRow[] {
  const steps = new Set(state.steps.filter((step) => step.calls.some(callFailed)).map((step) => step.step));
  const notPassed = new Set(
    state.evidence.filter((item) => !item.onBase && item.verdict !== 'passed').map((item) => item.verificationId),
  );
  const interrupted = new Set(
    state.verifications.filter((item) => item.outcome === 'interrupted').map((item) => item.id),
  );
  const blind = new Set(state.mutations.filter(isWeak).map(({ id }) => id));
  return rows.filter((row) => {
    if (row.kind === 'step') return steps.has(row.step);
    if (row.kind === 'judging') return row.ids.some((id) => blind.has(id));
    if (row.kind === 'verification') return notPassed.has(row.id) || interrupted.has(row.id);
    return row.kind === 'fact' && row.fact.tone === 'bad';
  });
}

export function callFailed(call: { readonly outcome: string; readonly exitCode: number | null }): boolean {
  return call.outcome === 'error' || call.outcome === 'interrupted' || (call.exitCode !== null && call.exitCode !== 0);
}
