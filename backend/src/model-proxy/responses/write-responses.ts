import type { ModelPart } from '@devfactory/kit';
import { chatRefusal } from '../chat-completions/write-chat.ts';
import { sse, type Answered, type AnswerFacts, type AnswerWriter, type Refusal } from '../dialect.ts';
import { callItem, itemsOf, messageItem, reasoningItem, type Item } from './items.ts';

interface OpenItem {
  readonly at: number;
  readonly itemId: string;
  readonly kind: 'text' | 'reasoning' | 'call';
  readonly name: string;
  said: string;
}

/** OpenAI's Responses, streamed: items, each begun, written and done. */
export class ResponsesWriter implements AnswerWriter {
  readonly #facts: AnswerFacts;
  readonly #response: object;
  readonly #open = new Map<string, OpenItem>();
  readonly #done: Item[] = [];
  readonly #calls = new Set<string>();
  #items = 0;
  #events = 0;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#response = responseOf(facts);
  }

  begin(): string {
    const response = { ...this.#response, status: 'in_progress', output: [], usage: null };
    return (
      this.#event({ type: 'response.created', response }) + this.#event({ type: 'response.in_progress', response })
    );
  }

  part(part: ModelPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.#beginText(part.id) + this.#write(part.id, part.delta);
      case 'reasoning-delta':
        return this.#beginReasoning(part.id) + this.#write(part.id, part.delta);
      case 'text-end':
        return this.#end(part.id);
      case 'reasoning-end':
        return this.#beginReasoning(part.id) + this.#end(part.id, part.providerMetadata);
      case 'tool-input-start':
        return this.#beginCall(part.id, part.toolName);
      case 'tool-input-delta':
        return this.#write(part.id, part.delta);
      case 'tool-call': {
        if (this.#open.has(part.toolCallId)) return this.#end(part.toolCallId);
        if (this.#calls.has(part.toolCallId)) return '';
        const { toolCallId: id, toolName, input } = part;
        return this.#beginCall(id, toolName) + this.#write(id, input) + this.#end(id);
      }
      default:
        return '';
    }
  }

  end(answer: Answered): string {
    const left = [...this.#open.keys()].map((id) => this.#end(id)).join('');
    const cut = answer.finish === 'length';
    const response = { ...finished(this.#facts, answer), output: this.#done };
    return left + this.#event({ type: cut ? 'response.incomplete' : 'response.completed', response });
  }

  broken(refusal: Refusal): string {
    const { error } = chatRefusal(refusal) as { error: { code: string; message: string } };
    const code = refusal.status >= 500 ? 'server_error' : error.code;
    const response = {
      ...this.#response,
      status: 'failed',
      error: { code, message: error.message },
      output: this.#done,
    };
    return this.#event({ type: 'response.failed', response });
  }

  #beginText(id: string): string {
    if (this.#open.has(id)) return '';
    const { at, itemId } = this.#begin(id, 'text');
    return (
      this.#event({ type: 'response.output_item.added', output_index: at, item: messageItem(itemId, null) }) +
      this.#event({
        type: 'response.content_part.added',
        item_id: itemId,
        output_index: at,
        content_index: 0,
        part: { type: 'output_text', text: '', annotations: [], logprobs: [] },
      })
    );
  }

  #beginReasoning(id: string): string {
    if (this.#open.has(id)) return '';
    const { at, itemId } = this.#begin(id, 'reasoning');
    return (
      this.#event({ type: 'response.output_item.added', output_index: at, item: reasoningItem(itemId, null) }) +
      this.#event({
        type: 'response.reasoning_summary_part.added',
        item_id: itemId,
        output_index: at,
        summary_index: 0,
        part: { type: 'summary_text', text: '' },
      })
    );
  }

  #beginCall(callId: string, name: string): string {
    this.#calls.add(callId);
    const { at, itemId } = this.#begin(callId, 'call', name);
    const item = callItem(itemId, { callId, name, input: null, isText: this.#isText(name) });
    return this.#event({ type: 'response.output_item.added', output_index: at, item });
  }

  #begin(id: string, kind: OpenItem['kind'], name = ''): OpenItem {
    const at = this.#items++;
    const prefix = { text: 'msg', reasoning: 'rs', call: 'fc' }[kind];
    const item = { at, itemId: `${prefix}_${this.#facts.id}_${at}`, kind, name, said: '' };
    this.#open.set(id, item);
    return item;
  }

  #write(id: string, delta: string): string {
    const item = this.#open.get(id);
    if (!item || delta === '') return '';
    item.said += delta;
    const about = { item_id: item.itemId, output_index: item.at, delta };
    if (item.kind === 'text')
      return this.#event({ type: 'response.output_text.delta', ...about, content_index: 0, logprobs: [] });
    if (item.kind === 'reasoning')
      return this.#event({ type: 'response.reasoning_summary_text.delta', ...about, summary_index: 0 });
    // A text's JSON is taken apart when it is whole.
    return this.#isText(item.name) ? '' : this.#event({ type: 'response.function_call_arguments.delta', ...about });
  }

  #end(id: string, metadata?: unknown): string {
    const open = this.#open.get(id);
    if (!open) return '';
    this.#open.delete(id);
    const item = this.#whole(id, open, metadata);
    this.#done.push(item);
    return this.#closing(open, item) + this.#event({ type: 'response.output_item.done', output_index: open.at, item });
  }

  #whole(id: string, { itemId, kind, name, said }: OpenItem, metadata: unknown): Item {
    if (kind === 'text') return messageItem(itemId, said);
    if (kind === 'reasoning') return reasoningItem(itemId, said, metadata);
    return callItem(itemId, { callId: id, name, input: said, isText: this.#isText(name) });
  }

  #closing({ kind, said, at, itemId }: OpenItem, item: Item): string {
    const about = { item_id: itemId, output_index: at };
    if (kind === 'text') {
      const part = { type: 'output_text', text: said, annotations: [], logprobs: [] };
      return (
        this.#event({ type: 'response.output_text.done', ...about, content_index: 0, text: said, logprobs: [] }) +
        this.#event({ type: 'response.content_part.done', ...about, content_index: 0, part })
      );
    }
    if (kind === 'reasoning') {
      return (
        this.#event({ type: 'response.reasoning_summary_text.done', ...about, summary_index: 0, text: said }) +
        this.#event({
          type: 'response.reasoning_summary_part.done',
          ...about,
          summary_index: 0,
          part: { type: 'summary_text', text: said },
        })
      );
    }
    if (item['type'] === 'function_call')
      return this.#event({ type: 'response.function_call_arguments.done', ...about, arguments: said });
    const input = item['input'];
    return (
      this.#event({ type: 'response.custom_tool_call_input.delta', ...about, delta: input }) +
      this.#event({ type: 'response.custom_tool_call_input.done', ...about, input })
    );
  }

  #isText(name: string): boolean {
    return this.#facts.textTools.has(name);
  }

  #event(event: { readonly type: string } & Record<string, unknown>): string {
    return sse({ ...event, sequence_number: this.#events++ }, event.type);
  }
}

export function wholeResponse(answer: Answered, facts: AnswerFacts): object {
  return { ...finished(facts, answer), output: itemsOf(answer.content, facts.textTools) };
}

function finished(facts: AnswerFacts, { finish, usage }: Answered): object {
  const cut = finish === 'length';
  return {
    ...responseOf(facts),
    status: cut ? 'incomplete' : 'completed',
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    usage: {
      input_tokens: usage.inputTokens,
      input_tokens_details: { cached_tokens: usage.cachedTokens },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  };
}

function responseOf({ id, model }: AnswerFacts): object {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    model,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    store: false,
    tool_choice: 'auto',
    tools: [],
  };
}
