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
  type AssistantPart,
  type UserPart,
} from '../parts.ts';

const Part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.looseObject({ url: z.string() }).optional(),
});
const Content = z.union([z.string(), z.array(Part)]).nullish();
const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: Content,
  reasoning_content: z.string().nullish(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
    .nullish(),
});
const Body = z.looseObject({
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish().catch(null),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z.looseObject({ schema: z.unknown(), name: z.string().optional() }).optional(),
    })
    .nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string(),
        function: z
          .looseObject({ name: z.string(), description: z.string().optional(), parameters: z.unknown().optional() })
          .optional(),
      }),
    )
    .nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ function: z.looseObject({ name: z.string() }) })]).nullish(),
});

/** Chat Completions: POST …/chat/completions. */
export function readChat(body: unknown): Asked {
  const asked = Body.parse(body);
  const prompt = new PromptBuilder();
  for (const message of asked.messages) {
    if (message.role === 'system' || message.role === 'developer') prompt.system(plain(message.content));
    else if (message.role === 'user') prompt.user(partsOf(message.content));
    else if (message.role === 'assistant') prompt.assistant(saidOf(message));
    else prompt.result(message.tool_call_id ?? 'unknown', resultOf(partsOf(message.content)));
  }
  const tools = (asked.tools ?? []).flatMap(({ function: tool }) =>
    tool ? [functionTool(tool.name, tool.description, tool.parameters)] : [],
  );
  return {
    stream: asked.stream ?? false,
    textTools: new Set(),
    request: {
      prompt: prompt.messages,
      ...(tools.length > 0 ? { tools } : {}),
      ...given({
        maxOutputTokens: asked.max_completion_tokens ?? asked.max_tokens,
        temperature: asked.temperature,
        topP: asked.top_p,
        stopSequences: typeof asked.stop === 'string' ? [asked.stop] : asked.stop,
        reasoning: asked.reasoning_effort,
        responseFormat: formatOf(asked.response_format),
        toolChoice: choiceOf(asked.tool_choice),
      }),
    },
  };
}

function saidOf(message: z.infer<typeof Message>): AssistantPart[] {
  const said = plain(message.content);
  return [
    ...(said === '' ? [] : [text(said)]),
    ...(message.tool_calls ?? []).map((call): AssistantPart => ({
      type: 'tool-call',
      toolCallId: call.id,
      toolName: call.function.name,
      input: parsedInput(call.function.arguments),
    })),
  ];
}

function partsOf(content: z.infer<typeof Content>): UserPart[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return content === '' ? [] : [text(content)];
  return content.flatMap((part) => {
    if (part.image_url) return [fileOf(part.image_url.url)];
    return part.text === undefined || part.text === '' ? [] : [text(part.text)];
  });
}

function plain(content: z.infer<typeof Content>): string {
  return partsOf(content)
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n');
}

function formatOf(format: z.infer<typeof Body>['response_format']): Asked['request']['responseFormat'] {
  if (!format || format.type === 'text') return undefined;
  const schema = z.record(z.string(), z.json()).safeParse(format.json_schema?.schema);
  return {
    type: 'json',
    ...(schema.success ? { schema: schema.data, name: format.json_schema?.name ?? 'answer' } : {}),
  };
}

function choiceOf(choice: z.infer<typeof Body>['tool_choice']): Asked['request']['toolChoice'] {
  if (choice === null || choice === undefined) return undefined;
  if (typeof choice === 'object') return { type: 'tool', toolName: choice.function.name };
  return choice === 'none' || choice === 'required' ? { type: choice } : { type: 'auto' };
}
