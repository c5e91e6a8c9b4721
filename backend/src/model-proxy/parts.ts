import type { ModelMessage, ModelRequest } from '@devfactory/kit';
import { z } from 'zod';

export type UserPart = Extract<ModelMessage, { role: 'user' }>['content'][number];
export type AssistantPart = Extract<ModelMessage, { role: 'assistant' }>['content'][number];
type ToolPart = Extract<ModelMessage, { role: 'tool' }>['content'][number];
type ToolOutput = Extract<ToolPart, { type: 'tool-result' }>['output'];
type FunctionTool = Extract<NonNullable<ModelRequest['tools']>[number], { type: 'function' }>;
type Options = NonNullable<ModelRequest['providerOptions']>;

export const JsonObject = z.record(z.string(), z.json());

export function text(
  value: string,
  providerOptions?: Options,
): { type: 'text'; text: string; providerOptions?: Options } {
  return { type: 'text', text: value, ...(providerOptions ? { providerOptions } : {}) };
}

/** A picture or document that came as a data URL. The factory fetches nothing for an agent, so others are only named. */
export function fileOf(url: string): UserPart {
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  if (!data) return text(`[A file at ${url.slice(0, 200)} was not sent: only data URLs are.]`);
  return { type: 'file', mediaType: data[1] ?? '', data: { type: 'data', data: data[2] ?? '' } };
}

export function functionTool(name: string, description: string | undefined, schema: unknown): FunctionTool {
  const inputSchema = JsonObject.safeParse(schema);
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: inputSchema.success ? inputSchema.data : { type: 'object', properties: {} },
  };
}

/** The field in which the model is shown the input of a tool that takes text. */
export const textField = 'input';

export function textTool(name: string, description = ''): FunctionTool {
  return functionTool(name, description, {
    type: 'object',
    properties: { [textField]: { type: 'string', description: 'The whole input, as it is.' } },
    required: [textField],
    additionalProperties: false,
  });
}

/** The text that a model wrote for such a tool. */
export function textInput(json: string): string {
  try {
    const found = z.object({ [textField]: z.string() }).safeParse(JSON.parse(json));
    return found.success ? found.data[textField] : json;
  } catch {
    return json;
  }
}

/** Arguments as the model wrote them; they need not be JSON, and the next model is shown them all the same. */
export function parsedInput(json: string): unknown {
  try {
    return JSON.parse(json === '' ? '{}' : json) as unknown;
  } catch {
    return { unparsed: json };
  }
}

/** Puts a conversation together from a list of things said, and remembers which call is of which tool. */
export class PromptBuilder {
  readonly messages: ModelMessage[] = [];
  readonly #toolOf = new Map<string, string>();

  system(content: string, providerOptions?: Options): void {
    if (content !== '')
      this.messages.push({ role: 'system', content, ...(providerOptions ? { providerOptions } : {}) });
  }

  user(content: readonly UserPart[]): void {
    if (content.length > 0) this.messages.push({ role: 'user', content: [...content] });
  }

  assistant(content: readonly AssistantPart[]): void {
    if (content.length === 0) return;
    for (const part of content) if (part.type === 'tool-call') this.#toolOf.set(part.toolCallId, part.toolName);
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') last.content.push(...content);
    else this.messages.push({ role: 'assistant', content: [...content] });
  }

  result(toolCallId: string, output: ToolOutput, providerOptions?: Options): void {
    const part: ToolPart = {
      type: 'tool-result',
      toolCallId,
      toolName: this.#toolOf.get(toolCallId) ?? 'unknown',
      output,
      ...(providerOptions ? { providerOptions } : {}),
    };
    const last = this.messages.at(-1);
    if (last?.role === 'tool') last.content.push(part);
    else this.messages.push({ role: 'tool', content: [part] });
  }
}

/** A result's parts: plain text where there is only text. */
export function resultOf(parts: readonly UserPart[]): ToolOutput {
  if (parts.every((part) => part.type === 'text'))
    return { type: 'text', value: parts.map((part) => part.text).join('\n') };
  return { type: 'content', value: parts.map((part) => (part.type === 'text' ? text(part.text) : part)) };
}

/** Settings without those that were not given. */
export function given(settings: {
  readonly [
    K in 'maxOutputTokens' | 'temperature' | 'topP' | 'stopSequences' | 'reasoning' | 'responseFormat' | 'toolChoice'
  ]?: ModelRequest[K] | null | undefined;
}): Partial<ModelRequest> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== null));
}
