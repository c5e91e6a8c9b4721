import { z } from 'zod';
import type { Asked } from '../dialect.ts';
import {
  fileOf,
  functionTool,
  given,
  parsedInput,
  PromptBuilder,
  resultOf,
  text,
  textField,
  textTool,
  type UserPart,
} from '../parts.ts';
import { unseal } from '../sealed.ts';

const Content = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional(), image_url: z.string().optional() })),
]);
const Item = z.looseObject({
  type: z.string().default('message'),
  role: z.enum(['user', 'assistant', 'system', 'developer']).optional(),
  content: Content.nullish(),
  call_id: z.string().optional(),
  name: z.string().optional(),
  arguments: z.string().optional(),
  input: z.string().optional(),
  output: Content.optional(),
  encrypted_content: z.string().nullish(),
  summary: z.array(z.looseObject({ text: z.string().optional() })).optional(),
});
type Item = z.infer<typeof Item>;
const Tool = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  parameters: z.unknown().optional(),
});
const Body = z.looseObject({
  input: z.union([z.string(), z.array(Item).min(1)]),
  instructions: z.string().nullish(),
  // The conversation is the agent's: nothing is kept here that could be gone on from.
  previous_response_id: z.null().optional(),
  stream: z.boolean().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  reasoning: z
    .looseObject({ effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish().catch(null) })
    .nullish(),
  text: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: z.unknown().optional() }).nullish() })
    .nullish(),
  tools: z.array(Tool).nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string(), name: z.string().optional() })]).nullish(),
});

/** OpenAI's Responses: POST …/responses. */
export function readResponses(body: unknown): Asked {
  const asked = Body.parse(body);
  const prompt = new PromptBuilder();
  prompt.system(asked.instructions ?? '');
  if (typeof asked.input === 'string') prompt.user([text(asked.input)]);
  else for (const item of asked.input) readItem(prompt, item);
  // Others than these run at the vendor, or in the agent without a description that a model could be shown.
  const tools = (asked.tools ?? []).flatMap(({ type, name, description, parameters }) => {
    if (name === undefined) return [];
    if (type === 'custom') return [textTool(name, description)];
    return type === 'function' ? [functionTool(name, description, parameters)] : [];
  });
  const textTools = (asked.tools ?? []).flatMap(({ type, name }) =>
    type === 'custom' && name !== undefined ? [name] : [],
  );
  return {
    stream: asked.stream ?? false,
    textTools: new Set(textTools),
    request: {
      prompt: prompt.messages,
      ...(tools.length > 0 ? { tools } : {}),
      ...given({
        maxOutputTokens: asked.max_output_tokens,
        temperature: asked.temperature,
        topP: asked.top_p,
        reasoning: asked.reasoning?.effort,
        responseFormat: formatOf(asked.text?.format),
        toolChoice: choiceOf(asked.tool_choice),
      }),
    },
  };
}

function readItem(prompt: PromptBuilder, item: Item): void {
  switch (item.type) {
    case 'message': {
      const parts = partsOf(item.content);
      if (item.role === 'user') prompt.user(parts);
      else if (item.role === 'assistant') prompt.assistant(parts.filter((part) => part.type === 'text'));
      else prompt.system(parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n'));
      return;
    }
    case 'reasoning': {
      const providerOptions = unseal(item.encrypted_content);
      const said = (item.summary ?? []).map((part) => part.text ?? '').join('\n');
      if (providerOptions) prompt.assistant([{ type: 'reasoning', text: said, providerOptions }]);
      return;
    }
    case 'function_call':
    case 'custom_tool_call': {
      const input =
        item.type === 'function_call' ? parsedInput(item.arguments ?? '') : { [textField]: item.input ?? '' };
      const call = { toolCallId: item.call_id ?? 'unknown', toolName: item.name ?? 'unknown', input };
      prompt.assistant([{ type: 'tool-call', ...call }]);
      return;
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      prompt.result(item.call_id ?? 'unknown', resultOf(partsOf(item.output)));
  }
}

function partsOf(content: z.infer<typeof Content> | null | undefined): UserPart[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return content === '' ? [] : [text(content)];
  return content.flatMap((part) => {
    if (part.image_url !== undefined) return [fileOf(part.image_url)];
    return part.text === undefined || part.text === '' ? [] : [text(part.text)];
  });
}

function formatOf(
  format: { readonly type: string; readonly schema?: unknown } | null | undefined,
): Asked['request']['responseFormat'] {
  if (!format || format.type === 'text') return undefined;
  const schema = z.record(z.string(), z.json()).safeParse(format.schema);
  return { type: 'json', ...(schema.success ? { schema: schema.data } : {}) };
}

function choiceOf(choice: z.infer<typeof Body>['tool_choice']): Asked['request']['toolChoice'] {
  if (choice === null || choice === undefined) return undefined;
  if (typeof choice === 'object')
    return choice.name === undefined ? { type: 'auto' } : { type: 'tool', toolName: choice.name };
  return choice === 'none' || choice === 'required' ? { type: choice } : { type: 'auto' };
}
