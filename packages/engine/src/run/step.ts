import { DomainError } from '@devfactory/kit';
import { limits, Usage, type ToolCall } from '@devfactory/contracts';
import { titleOf } from '../tools/tools.ts';
import { interruptedResult, recordResult } from '../tools/run-call.ts';
import { loadHistory, StepAnswer, storeJson } from './history.ts';
import { factory, type RunSession } from './session.ts';
import type { Fact } from './journal.ts';

interface StepInProgress {
  readonly turn: number;
  readonly purpose: 'plan' | 'work' | 'repair';
  readonly step: number;
  readonly signal: AbortSignal;
}

/** The step to go on with: one that a dead worker left open, or a new one, which takes in the feedback that waits for it. */
export async function startStep(session: RunSession, { turn, purpose }: Pick<StepInProgress, 'turn' | 'purpose'>): Promise<number> {
  const last = session.state.steps.at(-1);
  if (last && !last.ended) return last.step;
  const step = (last?.step ?? 0) + 1;
  const first = last?.turn !== turn;
  const waiting = session.state.feedback.filter((item) => item.deliveredAt === null && !item.withdrawn && purpose !== 'plan' && (first || item.mode === 'steer'));
  await session.journal.append(
    factory,
    { type: 'step.started', data: { step, turn } },
    ...waiting.map((item): Fact => ({ type: 'feedback.delivered', data: { feedbackId: item.id, step } })),
  );
  return step;
}

/** Asks the agent, unless its answer is durable already. False when a person interrupted it before it answered. */
export async function answerStep(session: RunSession, current: StepInProgress): Promise<boolean> {
  const { deps, agent, request, journal } = session;
  const { step, turn, purpose, signal } = current;
  const record = session.state.steps.find((item) => item.step === step);
  if (record?.body) return true;
  try {
    const history = await loadHistory(deps.blobs, session.state);
    const feedback = session.state.feedback.filter((item) => item.deliveredAt === step);
    const output = await agent.step({ state: session.state, request, purpose, turn, history, feedback }, signal);
    const { text, calls } = StepAnswer.parse({ text: output.text, calls: output.calls });
    const body = await storeJson(deps.blobs, { text, calls: withUniqueIds(calls, step) });
    await journal.append(
      { kind: 'agent', id: agent.id },
      {
        type: 'step.answered',
        data: {
          step,
          body,
          text: text.slice(0, limits.excerptBytes),
          calls: withUniqueIds(calls, step).map((call) => ({ id: call.id, tool: call.tool, title: titleOf(call).slice(0, 300) })),
          usage: Usage.parse(output.usage),
        },
      },
    );
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    if (error instanceof DomainError) throw error;
    const message = `Agent ${agent.id} failed at step ${step}: ${error instanceof Error ? error.message : String(error)}`;
    throw new DomainError('agent_failed', 'unavailable', { message: message.slice(0, 2000), cause: error });
  }
}

/** A call that began before a worker died may or may not have had its effect: the agent is told so and nothing is done twice. */
export async function finishInterruptedCalls(session: RunSession, step: number): Promise<void> {
  const record = session.state.steps.find((item) => item.step === step);
  for (const call of record?.calls ?? []) {
    if (call.outcome === 'running') await recordResult(session, { step, callId: call.callId, result: interruptedResult, durationMs: 0, facts: [] });
  }
}

/** Ids come from an agent: they are made unique within the run. */
function withUniqueIds(calls: readonly ToolCall[], step: number): ToolCall[] {
  return calls.map((call, index) => ({ ...call, id: `${step}.${index + 1}:${call.id}`.slice(0, 200) }));
}
