import type { ModelPart } from '@devfactory/kit';
import { sse, type Answered, type AnswerFacts, type AnswerWriter, type Refusal } from '../dialect.ts';
import { parsedInput } from '../parts.ts';
import { seal } from '../sealed.ts';

/** Google's generateContent, streamed. Calls come whole. */
export class GenerateContentWriter implements AnswerWriter {
  readonly #facts: AnswerFacts;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  begin(): string {
    return '';
  }

  part(part: ModelPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.#chunk({ text: part.delta });
      case 'reasoning-delta':
        return this.#chunk({ text: part.delta, thought: true });
      case 'reasoning-end':
        return seal(part.providerMetadata) === null ? '' : this.#chunk(thoughtOf('', part.providerMetadata));
      case 'tool-call':
        return this.#chunk(callOf(part));
      default:
        return '';
    }
  }

  end(answer: Answered): string {
    return sse(closing(answer, this.#facts, [{ text: '' }]));
  }

  broken(refusal: Refusal): string {
    return sse(generateContentRefusal(refusal));
  }

  #chunk(part: object): string {
    return sse({
      candidates: [{ content: { role: 'model', parts: [part] }, index: 0 }],
      modelVersion: this.#facts.model,
    });
  }
}

export function wholeContent(answer: Answered, facts: AnswerFacts): object {
  const parts = answer.content.flatMap((part): object[] => {
    if (part.type === 'text') return [{ text: part.text }];
    if (part.type === 'reasoning') return [thoughtOf(part.text, part.providerMetadata)];
    return part.type === 'tool-call' ? [callOf(part)] : [];
  });
  return closing(answer, facts, parts);
}

export function generateContentRefusal({ status, code, message }: Refusal): object {
  const said =
    code === 'model_overflow'
      ? `The input token count exceeds the maximum number of tokens allowed. ${message}`
      : message;
  const word =
    status === 401 || status === 403
      ? 'PERMISSION_DENIED'
      : status === 404
        ? 'NOT_FOUND'
        : status >= 500
          ? 'UNAVAILABLE'
          : status === 402
            ? 'FAILED_PRECONDITION'
            : 'INVALID_ARGUMENT';
  return { error: { code: status, message: said, status: word } };
}

function thoughtOf(said: string, metadata: unknown): object {
  const thoughtSignature = seal(metadata);
  return { text: said, thought: true, ...(thoughtSignature === null ? {} : { thoughtSignature }) };
}

function callOf({ toolCallId, toolName, input, providerMetadata }: Extract<ModelPart, { type: 'tool-call' }>): object {
  const thoughtSignature = seal(providerMetadata);
  return {
    functionCall: { id: toolCallId, name: toolName, args: parsedInput(input) },
    ...(thoughtSignature === null ? {} : { thoughtSignature }),
  };
}

function closing({ finish, usage }: Answered, { model, id }: AnswerFacts, parts: readonly object[]): object {
  const reasoning = usage.reasoningTokens ?? 0;
  const finishReason = finish === 'length' ? 'MAX_TOKENS' : finish === 'content-filter' ? 'SAFETY' : 'STOP';
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
    usageMetadata: {
      promptTokenCount: usage.inputTokens,
      cachedContentTokenCount: usage.cachedTokens,
      candidatesTokenCount: usage.outputTokens - reasoning,
      thoughtsTokenCount: reasoning,
      totalTokenCount: usage.inputTokens + usage.outputTokens,
    },
    modelVersion: model,
    responseId: id,
  };
}
