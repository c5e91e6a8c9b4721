import type { SessionUpdate, ToolKind } from '@agentclientprotocol/sdk';
import { requirementViews, type RunEvent, type RunState } from '@devfactory/contracts';
import { eventLine } from '../report/event-line.ts';
import { oneLine, plainPaint } from '../terminal.ts';

const kinds: Readonly<Record<string, ToolKind>> = {
  read: 'read',
  list: 'read',
  search: 'search',
  fetch: 'fetch',
  write: 'edit',
  edit: 'edit',
  shell: 'execute',
  process: 'execute',
};
/** Tools that are no work on files: what they did is told in other ways. */
const silent = new Set(['propose_requirements', 'finish', 'ask']);

/** What an editor is told of an event: words of the agent, its calls, and in between the factory's own calm lines as thoughts. */
export function updatesOf(event: RunEvent, state: RunState, before: RunState | null): SessionUpdate[] {
  switch (event.type) {
    case 'step.answered':
      return event.data.text.trim() === '' ? [] : [said(`${event.data.text.trim()}\n\n`)];
    case 'tool.started': {
      const { step, callId, tool, title } = event.data;
      if (silent.has(tool)) return [];
      const toolCallId = idOf(step, callId);
      const kind = kinds[tool] ?? 'other';
      return [{ sessionUpdate: 'tool_call', toolCallId, title: oneLine(title) || tool, kind, status: 'in_progress' }];
    }
    case 'tool.ended': {
      const { step, callId, outcome, excerpt } = event.data;
      const call = state.steps.find((item) => item.step === step)?.calls.find((item) => item.callId === callId);
      if (!call || silent.has(call.tool)) return [];
      return [
        {
          sessionUpdate: 'tool_call_update',
          toolCallId: idOf(step, callId),
          status: outcome === 'ok' ? 'completed' : 'failed',
          ...(excerpt === '' ? {} : { content: [{ type: 'content', content: { type: 'text', text: excerpt } }] }),
        },
      ];
    }
    default: {
      const line = eventLine(event, { state, before, paint: plainPaint });
      return line === null ? [] : [thought(`${line.trim()}\n`)];
    }
  }
}

/** The requirements as an editor shows a plan. Only what is proven counts as completed: an agent's word does not. */
export function planOf(state: RunState): SessionUpdate {
  const active = ['working', 'verifying'].includes(state.stage.name);
  return {
    sessionUpdate: 'plan',
    entries: requirementViews(state).map((view) => {
      const priority = state.requirements.find(({ id }) => id === view.id)?.priority;
      return {
        content: `${view.id} ${oneLine(view.text, 300)} (${view.status})`,
        priority: priority === 'must' ? 'high' : priority === 'should' ? 'medium' : 'low',
        status: view.status === 'proven' ? 'completed' : active ? 'in_progress' : 'pending',
      };
    }),
  };
}

export function said(text: string): SessionUpdate {
  return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
}

function thought(text: string): SessionUpdate {
  return { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } };
}

function idOf(step: number, callId: string): string {
  return `${step} ${callId}`;
}
