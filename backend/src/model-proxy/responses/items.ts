import type { ModelContent } from '@devfactory/kit';
import { textInput } from '../parts.ts';
import { seal } from '../sealed.ts';

export type Item = { readonly id: string; readonly type: string } & Record<string, unknown>;

export function messageItem(id: string, said: string | null): Item {
  const content = said === null ? [] : [{ type: 'output_text', text: said, annotations: [], logprobs: [] }];
  return { id, type: 'message', role: 'assistant', status: said === null ? 'in_progress' : 'completed', content };
}

export function reasoningItem(id: string, said: string | null, metadata?: unknown): Item {
  const summary = said === null || said === '' ? [] : [{ type: 'summary_text', text: said }];
  return { id, type: 'reasoning', summary, encrypted_content: seal(metadata) };
}

export interface Call {
  readonly callId: string;
  readonly name: string;
  /** What the model wrote; null before it did. */
  readonly input: string | null;
  readonly isText: boolean;
}

export function callItem(id: string, { callId, name, input, isText }: Call): Item {
  const status = input === null ? 'in_progress' : 'completed';
  const about = { id, call_id: callId, name, status };
  return isText
    ? { ...about, type: 'custom_tool_call', input: textInput(input ?? '') }
    : { ...about, type: 'function_call', arguments: input ?? '' };
}

/** An answer that came whole. */
export function itemsOf(content: readonly ModelContent[], textTools: ReadonlySet<string>): Item[] {
  return content.flatMap((part, index): Item[] => {
    if (part.type === 'text') return [messageItem(`msg_${index}`, part.text)];
    if (part.type === 'reasoning') return [reasoningItem(`rs_${index}`, part.text, part.providerMetadata)];
    if (part.type !== 'tool-call') return [];
    const { toolCallId: callId, toolName: name, input } = part;
    return [callItem(`fc_${index}`, { callId, name, input, isText: textTools.has(name) })];
  });
}
