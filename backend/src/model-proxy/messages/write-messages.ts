import type { ModelPart } from '@devfactory/kit';
import { sse, type Answered, type AnswerFacts, type AnswerWriter, type Refusal } from '../dialect.ts';
import { parsedInput } from '../parts.ts';
import { seal } from '../sealed.ts';

type Kind = 'text' | 'thinking' | 'tool_use';

/** Anthropic's Messages, streamed: blocks, one after the other. */
export class MessagesWriter implements AnswerWriter {
  readonly #facts: AnswerFacts;
  readonly #written = new Set<string>();
  #blocks = 0;
  #open: { readonly id: string; readonly kind: Kind } | null = null;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  begin(): string {
    const { id, model } = this.#facts;
    const message = {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
    };
    return named({ type: 'message_start', message });
  }

  part(part: ModelPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.#enter('text', part.id) + this.#delta({ type: 'text_delta', text: part.delta });
      case 'reasoning-delta':
        return this.#enter('thinking', part.id) + this.#delta({ type: 'thinking_delta', thinking: part.delta });
      case 'reasoning-end':
        return this.#sign(part);
      case 'tool-input-start':
        return this.#call(part.id, part.toolName);
      case 'tool-input-delta':
        return this.#delta({ type: 'input_json_delta', partial_json: part.delta });
      case 'tool-call':
        if (this.#written.has(part.toolCallId)) return '';
        return (
          this.#call(part.toolCallId, part.toolName) +
          this.#delta({ type: 'input_json_delta', partial_json: part.input })
        );
      default:
        return '';
    }
  }

  end(answer: Answered): string {
    const delta = { stop_reason: stopOf(answer), stop_sequence: null };
    return (
      this.#leave() + named({ type: 'message_delta', delta, usage: usageOf(answer) }) + named({ type: 'message_stop' })
    );
  }

  broken(refusal: Refusal): string {
    return named({ type: 'error', ...messagesRefusal(refusal) });
  }

  /** A thought's signature, without which its vendor does not take it back. */
  #sign(part: Extract<ModelPart, { type: 'reasoning-end' }>): string {
    const signature = seal(part.providerMetadata);
    if (signature === null) return '';
    return this.#enter('thinking', part.id) + this.#delta({ type: 'signature_delta', signature }) + this.#leave();
  }

  #call(id: string, name: string): string {
    this.#written.add(id);
    return this.#enter('tool_use', id, { type: 'tool_use', id, name, input: {} });
  }

  #enter(kind: Kind, id: string, block?: object): string {
    if (this.#open?.id === id && this.#open.kind === kind) return '';
    const left = this.#leave();
    this.#open = { id, kind };
    const fresh =
      block ?? (kind === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' });
    return left + named({ type: 'content_block_start', index: this.#blocks, content_block: fresh });
  }

  #leave(): string {
    if (!this.#open) return '';
    this.#open = null;
    return named({ type: 'content_block_stop', index: this.#blocks++ });
  }

  #delta(delta: object): string {
    return named({ type: 'content_block_delta', index: this.#blocks, delta });
  }
}

export function wholeMessage(answer: Answered, { id, model }: AnswerFacts): object {
  const content = answer.content.flatMap((part): object[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type === 'reasoning')
      return [{ type: 'thinking', thinking: part.text, signature: seal(part.providerMetadata) ?? '' }];
    return part.type === 'tool-call'
      ? [{ type: 'tool_use', id: part.toolCallId, name: part.toolName, input: parsedInput(part.input) }]
      : [];
  });
  const stop = { stop_reason: stopOf(answer), stop_sequence: null };
  return { id: `msg_${id}`, type: 'message', role: 'assistant', model, content, ...stop, usage: usageOf(answer) };
}

export function messagesRefusal({ status, code, message }: Refusal): object {
  const type =
    status === 401
      ? 'authentication_error'
      : status === 402 || status === 403
        ? 'permission_error'
        : status === 404
          ? 'not_found_error'
          : status >= 500
            ? 'overloaded_error'
            : 'invalid_request_error';
  const said = code === 'model_overflow' ? `prompt is too long: ${message}` : message;
  return { type: 'error', error: { type, message: said } };
}

function stopOf({ finish }: Answered): string {
  if (finish === 'tool-calls') return 'tool_use';
  if (finish === 'content-filter') return 'refusal';
  return finish === 'length' ? 'max_tokens' : 'end_turn';
}

function usageOf({ usage }: Answered): object {
  return {
    input_tokens: Math.max(0, usage.inputTokens - usage.cachedTokens),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedTokens,
    output_tokens: usage.outputTokens,
  };
}

function named(event: { readonly type: string } & Record<string, unknown>): string {
  return sse(event, event.type);
}
