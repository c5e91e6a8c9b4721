import type { ToolCall } from '@devfactory/contracts';
import type { Action } from './decide.ts';
import { answerStep, finishInterruptedCalls, startStep } from './step.ts';
import { checkpointNow } from './restore.ts';
import { factory, type RunSession } from './session.ts';
import { runCall } from '../tools/run-call.ts';
import { changesFiles } from '../tools/tools.ts';
import { loadAnswer } from './history.ts';

/** One turn: step after step until the agent finishes, asks, runs out of steps, or a person interrupts. An interrupted turn stays open. */
export async function runTurn(session: RunSession, action: Action & { do: 'turn' }): Promise<void> {
  const { journal } = session;
  if (session.state.turns.at(-1)?.outcome !== null) {
    const turn = session.state.turns.length + 1;
    await journal.append(factory, { type: 'turn.started', data: { turn, purpose: action.purpose, why: action.why.slice(0, 2000) } });
  }
  const turn = session.state.turns.length;
  const interrupts = journal.interrupts();
  try {
    for (;;) {
      await journal.sync();
      if (isInterrupted(session) || interrupts.signal.aborted) return;
      const ending = await runStep(session, { turn, purpose: action.purpose, signal: interrupts.signal });
      if (ending === 'interrupted') return;
      if (ending) return await endTurn(session, { turn, purpose: action.purpose, ...ending });
      if (session.state.steps.filter((step) => step.turn === turn).length >= session.limits.stepsPerTurn) {
        const summary = `The turn ended after ${session.limits.stepsPerTurn} steps without the agent finishing.`;
        return await endTurn(session, { turn, purpose: action.purpose, outcome: 'exhausted', summary });
      }
    }
  } finally {
    interrupts.end();
  }
}

interface TurnInProgress {
  readonly turn: number;
  readonly purpose: 'plan' | 'work' | 'repair';
  readonly signal: AbortSignal;
}

type Ending = { readonly outcome: 'finished' | 'asked'; readonly summary: string };

async function runStep(session: RunSession, current: TurnInProgress): Promise<Ending | 'interrupted' | null> {
  const began = performance.now();
  const step = await startStep(session, current);
  if (!(await answerStep(session, { ...current, step }))) return 'interrupted';
  await finishInterruptedCalls(session, step);
  const record = session.state.steps.find((item) => item.step === step);
  const { calls } = await loadAnswer(session.deps.blobs, record?.body ?? null);
  for (const call of calls) {
    if (session.state.steps.find((item) => item.step === step)?.calls.find((item) => item.callId === call.id)?.outcome !== 'pending') continue;
    await runCall(session, { step, call, purpose: current.purpose });
    if ((await session.journal.sync()).stage.name === 'cancelled') return 'interrupted';
  }
  await endStep(session, { step, calls, began, turn: current.turn });
  return endingOf(calls, record?.text ?? '');
}

async function endStep(session: RunSession, ended: { readonly step: number; readonly calls: readonly ToolCall[]; readonly began: number; readonly turn: number }): Promise<void> {
  const { step, calls, began } = ended;
  let checkpointId: string | null = null;
  if (calls.some((call) => changesFiles(call.tool))) {
    const before = session.state.head;
    const titles = session.state.steps.find((item) => item.step === step)?.calls.filter((call) => changesFiles(call.tool)) ?? [];
    const label = titles.length === 1 ? `${titles[0]?.tool} ${titles[0]?.title}` : `${titles.length} changes`;
    const checkpoint = await checkpointNow(session, { label: `Step ${step}: ${label}`.slice(0, 300), reason: 'step', step });
    if (checkpoint.id !== before) checkpointId = checkpoint.id;
  }
  await session.recordEgress();
  await session.journal.append(factory, { type: 'step.ended', data: { step, durationMs: Math.round(performance.now() - began), checkpointId } });
}

/** A step without calls, or with `finish`, ends the turn; `ask` ends it until a person answers. */
function endingOf(calls: readonly ToolCall[], text: string): Ending | null {
  if (calls.some((call) => call.tool === 'ask')) return { outcome: 'asked', summary: '' };
  const finish = calls.find((call) => call.tool === 'finish');
  if (!finish) return calls.length === 0 ? { outcome: 'finished', summary: text } : null;
  const input = finish.input as { summary?: unknown } | null;
  return { outcome: 'finished', summary: typeof input?.summary === 'string' ? input.summary : text };
}

async function endTurn(
  session: RunSession,
  end: { readonly turn: number; readonly purpose: string; readonly outcome: 'finished' | 'asked' | 'exhausted'; readonly summary: string },
): Promise<void> {
  const { plan } = session.state;
  // A turn that planned, or that brought new wishes, ends in a new version of the plan: approval is asked for exactly that.
  const replans = end.outcome !== 'asked' && (end.purpose === 'plan' || plan.stale);
  await session.journal.append(
    factory,
    { type: 'turn.ended', data: { turn: end.turn, outcome: end.outcome, summary: end.summary.slice(0, 8000) } },
    ...(replans ? [{ type: 'plan.proposed' as const, data: { version: plan.proposed + 1, summary: end.summary.slice(0, 4000) } }] : []),
  );
}

function isInterrupted({ state }: RunSession): boolean {
  return state.paused || state.stage.name === 'cancelled' || state.restoreRequested !== null;
}
