import type { ModelMessage, PastStep } from '@devfactory/kit';
import { readMemo, type Memo, type Part } from './memo.ts';

/** A past step with what was kept of it. */
export interface Told {
  readonly past: PastStep;
  readonly memo: Memo;
}

/** The conversation that the run is in: its first message and the steps that belong to it. */
export interface Conversation {
  readonly phase: Memo['phase'];
  readonly head: string;
  readonly steps: readonly Told[];
}

/** Every step that this agent made, oldest first. */
export function toldSteps(history: readonly PastStep[]): Told[] {
  return history.flatMap((past) => {
    const memo = readMemo(past.memo);
    return memo ? [{ past, memo }] : [];
  });
}

/** The last conversation; null before the first step. */
export function conversationOf(steps: readonly Told[]): Conversation | null {
  const start = steps.findLastIndex(({ memo }) => memo.head !== null);
  const memo = steps[start]?.memo;
  if (!memo || memo.head === null) return null;
  const from = memo.keptFrom === null ? start : steps.findIndex(({ past }) => past.step === memo.keptFrom);
  return { phase: memo.phase, head: memo.head, steps: steps.slice(from === -1 ? start : from) };
}

/** Messages of a conversation: always the same for the same steps, to the byte. */
export function messagesOf(head: string, steps: readonly Told[]): ModelMessage[] {
  return [userMessage(head), ...steps.flatMap(stepMessages)];
}

export function userMessage(text: string): ModelMessage {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function stepMessages({ past, memo }: Told): ModelMessage[] {
  const said = memo.parts.map(withoutOurs);
  const answers = resultMessages(past, memo.parts);
  return [
    ...memo.notes.map(userMessage),
    ...(said.length > 0 ? [{ role: 'assistant' as const, content: said }] : []),
    ...answers,
  ];
}

function withoutOurs(part: Part): Exclude<ModelMessage, { role: 'system' | 'user' | 'tool' }>['content'][number] {
  const { providerOptions, ...rest } = part;
  const options = providerOptions === undefined ? {} : { providerOptions };
  if (rest.type !== 'tool-call') return { ...rest, ...options };
  const { broken: _broken, ...call } = rest;
  return { ...call, ...options };
}

/** Every call gets an answer, also one that was not taken: vendors refuse a history with a call left open. */
function resultMessages(past: PastStep, parts: readonly Part[]): ModelMessage[] {
  const calls = parts.filter((part) => part.type === 'tool-call');
  if (calls.length === 0) return [];
  return [
    {
      role: 'tool',
      content: calls.map((part, index) => {
        const call = past.calls[index];
        const result = call ? past.results[call.id] : undefined;
        const text = part.broken ?? result?.text ?? 'not run';
        return {
          type: 'tool-result' as const,
          toolCallId: part.toolCallId,
          toolName: part.toolName,
          output: { type: result?.outcome === 'ok' ? ('text' as const) : ('error-text' as const), value: text },
        };
      }),
    },
  ];
}
