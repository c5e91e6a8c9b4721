import type { ModelPart } from '@devfactory/kit';
import { sse, type Answered, type AnswerFacts, type AnswerWriter, type Refusal } from '../dialect.ts';

/** Chat Completions, streamed. */
export class ChatWriter implements AnswerWriter {
  readonly #base: object;
  readonly #calls = new Map<string, number>();

  constructor({ id, model }: AnswerFacts) {
    this.#base = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: now(), model };
  }

  begin(): string {
    return this.#delta({ role: 'assistant', content: '' });
  }

  part(part: ModelPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.#delta({ content: part.delta });
      case 'reasoning-delta':
        return this.#delta({ reasoning_content: part.delta });
      case 'tool-input-start':
        return this.#call(part.id, { name: part.toolName, arguments: '' });
      case 'tool-input-delta':
        return this.#delta({
          tool_calls: [{ index: this.#calls.get(part.id) ?? 0, function: { arguments: part.delta } }],
        });
      case 'tool-call':
        return this.#calls.has(part.toolCallId)
          ? ''
          : this.#call(part.toolCallId, { name: part.toolName, arguments: part.input });
      default:
        return '';
    }
  }

  end(answer: Answered): string {
    const last = { ...this.#base, choices: [{ index: 0, delta: {}, finish_reason: finishOf(answer) }] };
    return `${sse(last)}${sse({ ...this.#base, choices: [], usage: usageOf(answer) })}data: [DONE]\n\n`;
  }

  broken(refusal: Refusal): string {
    return sse(chatRefusal(refusal));
  }

  #call(id: string, called: { readonly name: string; readonly arguments: string }): string {
    const index = this.#calls.size;
    this.#calls.set(id, index);
    return this.#delta({ tool_calls: [{ index, id, type: 'function', function: called }] });
  }

  #delta(delta: object): string {
    return sse({ ...this.#base, choices: [{ index: 0, delta, finish_reason: null }] });
  }
}

export function wholeChat(answer: Answered, { id, model }: AnswerFacts): object {
  const calls = answer.content.filter((part) => part.type === 'tool-call');
  const textOf = (type: 'text' | 'reasoning'): string =>
    answer.content.map((part) => (part.type === type ? part.text : '')).join('');
  const reasoning = textOf('reasoning');
  const message = {
    role: 'assistant',
    content: textOf('text'),
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            id: call.toolCallId,
            type: 'function',
            function: { name: call.toolName, arguments: call.input },
          })),
        }),
  };
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: now(),
    model,
    choices: [{ index: 0, message, finish_reason: finishOf(answer) }],
    usage: usageOf(answer),
  };
}

/** The shape of OpenAI's refusals, which Responses has too. */
export function chatRefusal({ status, code, message }: Refusal): object {
  const type = status >= 500 ? 'server_error' : status === 402 ? 'insufficient_quota' : 'invalid_request_error';
  return { error: { message, type, param: null, code: code === 'model_overflow' ? 'context_length_exceeded' : code } };
}

function finishOf({ finish }: Answered): string {
  if (finish === 'tool-calls') return 'tool_calls';
  if (finish === 'content-filter') return 'content_filter';
  return finish === 'length' ? 'length' : 'stop';
}

function usageOf({ usage }: Answered): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
