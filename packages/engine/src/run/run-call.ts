import { limits, toolInputs, type ToolCall, type ToolResult, type Fact } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { cutHead, cutText } from '../text/cut-text.ts';
import { failed, type ToolContext, type ToolOutcome } from '../tools/tool.ts';
import { changesFiles, isTool, titleOf, toolName, toolNamesText, tools } from '../tools/tools.ts';
import { factory, type RunSession } from './session.ts';

export const interruptedResult: ToolResult = {
  outcome: 'interrupted',
  text: 'interrupted, effect unknown',
  exitCode: null,
};

/** Runs one call of the agent in the sandbox, with its start and its end as events. What the tool refuses is an answer to the agent, not a fault. */
export async function runCall(
  session: RunSession,
  given: { readonly step: number; readonly call: ToolCall; readonly purpose: ToolContext['purpose'] },
): Promise<void> {
  const { step, call, purpose } = given;
  const began = performance.now();
  // A call that a dead worker began has its start in the log already.
  const begun = session.state.steps.find((item) => item.step === step)?.calls.find((item) => item.callId === call.id);
  if (begun?.outcome !== 'running') {
    if (call.tool === 'shell') session.prepareCommand();
    await session.journal.append(
      { kind: 'agent', id: session.agent.id },
      {
        type: 'tool.started',
        data: { step, callId: call.id, tool: toolName(call.tool), title: cutHead(titleOf(call), 300) },
      },
    );
  }
  const { result, facts } = await perform(session, { step, purpose, call });
  await recordResult(session, {
    step,
    callId: call.id,
    result,
    durationMs: Math.round(performance.now() - began),
    facts,
  });
}

async function perform(
  session: RunSession,
  { call, ...rest }: { readonly step: number; readonly purpose: ToolContext['purpose']; readonly call: ToolCall },
): Promise<ToolOutcome> {
  const { coEditing } = session.deps;
  if (!isTool(call.tool)) return failed(`There is no tool ${toolName(call.tool)}. There are: ${toolNamesText}.`);
  const input = toolInputs[call.tool].safeParse(call.input);
  if (!input.success) {
    const issues = input.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
    return failed(`The input of ${call.tool} is not right. ${issues.slice(0, 10).join('; ')}`);
  }
  const touches = touchedBy(call.tool, input.data);
  try {
    await coEditing?.settle(session.workspaceId, touches, changesFiles(call.tool) ? 'changes' : 'looks');
    return await (tools[call.tool].run as (context: ToolContext, input: unknown) => Promise<ToolOutcome>)(
      { session, ...rest },
      input.data,
    );
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'lease_lost' || error.code === 'disk_full') throw error;
    const gone = session.takeGone();
    const fact: Fact[] = gone ? [{ type: 'limit.reached', data: { limit: 'workspace', sentence: gone } }] : [];
    return {
      ...failed(gone ? `The workspace ended: ${gone}. It is opened again for the next call.` : error.message),
      facts: fact,
    };
  } finally {
    if (changesFiles(call.tool)) await coEditing?.changed(session.workspaceId, touches);
  }
}

/** Files that a call looks at or changes; null for any. */
function touchedBy(tool: string, input: unknown): readonly string[] | null {
  const { path } = input as { readonly path?: unknown };
  const one = tool === 'read' || tool === 'write' || tool === 'edit';
  if (one && typeof path === 'string') return [path];
  return tool === 'shell' || tool === 'process' || tool === 'search' ? null : [];
}

export async function recordResult(
  session: RunSession,
  ended: {
    readonly step: number;
    readonly callId: string;
    readonly result: ToolResult;
    readonly durationMs: number;
    readonly facts: readonly Fact[];
  },
): Promise<void> {
  const { step, callId, result, durationMs, facts } = ended;
  const excerpt = cutText(result.text, limits.excerptBytes);
  // What the event holds anyway needs no file of its own.
  const body = excerpt === result.text && !result.files ? null : await session.history.store(result);
  await session.journal.append(factory, ...facts, {
    type: 'tool.ended',
    data: {
      step,
      callId,
      outcome: result.outcome,
      exitCode: result.exitCode,
      durationMs,
      excerpt,
      body,
    },
  });
}
