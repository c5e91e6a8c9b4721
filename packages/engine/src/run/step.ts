import { limits, noUsage, shownToAgents, Usage, type ToolCall, type Fact } from '@devfactory/contracts';
import { DomainError, type StepOutput } from '@devfactory/kit';
import { loadGuidance } from '../guidance/index.ts';
import { serverFacts } from '../servers/index.ts';
import { cutHead, cutText, plainText } from '../text/cut-text.ts';
import { isRepeatable, titleOf, toolName } from '../tools/tools.ts';
import { StepAnswer } from './history.ts';
import { interruptedResult, recordResult } from './run-call.ts';
import { factory, type RunSession } from './session.ts';

/** Calls of one step. */
const mostCalls = 100;

interface StepInProgress {
  readonly turn: number;
  readonly purpose: 'plan' | 'work' | 'repair';
  readonly step: number;
  readonly signal: AbortSignal;
}

/** The step to go on with: one that a dead worker left open, or a new one, which takes in the feedback that waits for it. */
export async function startStep(
  session: RunSession,
  { turn, purpose, ended }: Pick<StepInProgress, 'turn' | 'purpose'> & { readonly ended: readonly Fact[] },
): Promise<number> {
  const { steps, feedback } = session.journal.foresee(ended);
  const last = steps.at(-1);
  if (last && !last.ended) return last.step;
  const step = (last?.step ?? 0) + 1;
  const first = last?.turn !== turn;
  const waiting = feedback.filter(
    (item) => item.deliveredAt === null && !item.withdrawn && purpose !== 'plan' && (first || item.mode === 'steer'),
  );
  session.prepareModel();
  await session.deps.coEditing?.settle(session.workspaceId, null, 'looks');
  await session.journal.append(
    factory,
    ...ended,
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
  await settleLostCalls(session);
  const [model, history] = await Promise.all([session.model(step), session.history.load(session.state)]);
  const models = await session.modelsInSandbox();
  // An agent with a program of its own works on the files while it answers.
  const works = agent.program !== undefined;
  if (works) await deps.coEditing?.settle(session.workspaceId, null, 'changes');
  try {
    const feedback = session.state.feedback.filter((item) => item.deliveredAt === step && !item.withdrawn);
    const edits = session.state.edits.filter((item) => item.deliveredAt === step);
    if (!agent.modelInSandbox) {
      const workspace = () => session.workspace();
      const about = { state: session.state, blobs: deps.blobs, live: session.servers, workspace, turn };
      await journal.append(factory, ...(await serverFacts(about, signal)));
    }
    const guidance = await loadGuidance(deps.blobs, session.state);
    const known = { state: shownToAgents(session.state), request, purpose, turn, history, feedback, edits, guidance };
    const asked = agent.step({ ...known, model, models, workspace: () => session.workspace() }, signal);
    const output = await unlessHung(asked, { signal, graceMs: session.limits.agentGraceMs });
    const answer = takenAnswer(output, step);
    const { text, calls } = answer;
    const body = await session.history.store(answer);
    await journal.append(
      { kind: 'agent', id: agent.id },
      ...(model?.takeFacts() ?? []),
      ...(output.compacted ? [{ type: 'context.compacted' as const, data: { step, ...output.compacted } }] : []),
      {
        type: 'step.answered',
        data: {
          step,
          body,
          text: cutText(text, limits.excerptBytes),
          calls: calls.map((call) => ({ id: call.id, tool: toolName(call.tool), title: cutHead(titleOf(call), 300) })),
          usage: Usage.parse(output.usage),
          ...(output.goesOn ? { goesOn: true } : {}),
        },
      },
    );
    return true;
  } catch (error) {
    await journal.append(factory, ...(model?.takeFacts() ?? []));
    if (signal.aborted) return false;
    if (error instanceof DomainError) throw error;
    const message = `Agent ${agent.id} failed at step ${step}: ${error instanceof Error ? error.message : String(error)}`;
    throw new DomainError('agent_failed', 'unavailable', { message: cutHead(message, 2000), cause: error });
  } finally {
    if (works) await deps.coEditing?.changed(session.workspaceId, null);
  }
}

/**
 * A call that began before a worker died may or may not have had its effect: the agent is told so and nothing is done twice. Calls that
 * can be repeated are left to be made again.
 */
export async function finishInterruptedCalls(session: RunSession, step: number): Promise<void> {
  const record = session.state.steps.find((item) => item.step === step);
  for (const call of record?.calls ?? []) {
    if (call.outcome === 'running' && !isRepeatable(call.tool))
      await recordResult(session, { step, callId: call.callId, result: interruptedResult, durationMs: 0, facts: [] });
  }
}

/** Calls whose worker died: nobody knows how far they came, so they count as what was set aside for them. */
async function settleLostCalls({ state, journal }: RunSession): Promise<void> {
  const facts = state.openModelCalls.map(({ step, callId, reservedUsd }): Fact => ({
    type: 'model.failed',
    data: {
      step,
      callId,
      code: 'interrupted',
      reason: 'The worker that asked ended before the answer was stored; it is asked once more.',
      retryInMs: 0,
      usage: { ...noUsage, costUsd: reservedUsd },
    },
  }));
  await journal.append(factory, ...facts);
}

/** What is taken of an agent's answer: as many calls as an event can name, with ids that are plain, short and unique within the run. */
function takenAnswer(output: StepOutput, step: number): StepAnswer {
  const { text, calls, memo } = StepAnswer.parse({ text: output.text, calls: output.calls, memo: output.memo });
  const taken = calls
    .slice(0, mostCalls)
    .map((call, index): ToolCall => ({ ...call, id: plainText(`${step}.${index + 1}:${call.id}`, 64) }));
  const note = calls.length > mostCalls ? `\n[Only the first ${mostCalls} of ${calls.length} calls were taken.]` : '';
  return { text: text + note, calls: taken, ...(memo === undefined ? {} : { memo }) };
}

/** An agent that does not end soon after it was told to is left behind: a person's pause must not hang on it. */
function unlessHung<T>(
  work: Promise<T>,
  { signal, graceMs }: { readonly signal: AbortSignal; readonly graceMs: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const leave = (): void => {
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    });
  });
}
