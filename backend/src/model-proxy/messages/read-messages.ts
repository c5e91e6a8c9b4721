import { z } from 'zod';
import type { Asked } from '../dialect.ts';
import {
  fileOf,
  functionTool,
  given,
  PromptBuilder,
  resultOf,
  text,
  type AssistantPart,
  type UserPart,
} from '../parts.ts';
import { unseal } from '../sealed.ts';

const Cache = z.looseObject({ type: z.string() }).nullish();
const Source = z.looseObject({
  type: z.string(),
  media_type: z.string().optional(),
  data: z.string().optional(),
  url: z.string().optional(),
});
const Simple = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  source: Source.optional(),
  cache_control: Cache,
});
const Block = Simple.extend({
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
  data: z.string().optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().nullish(),
  content: z.union([z.string(), z.array(Simple)]).nullish(),
});
type Block = z.infer<typeof Block>;
const Body = z.looseObject({
  max_tokens: z.int().min(1).optional(),
  system: z.union([z.string(), z.array(Simple)]).nullish(),
  messages: z
    .array(
      z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: z.union([z.string(), z.array(Block)]) }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.int().optional() }).nullish(),
  output_config: z
    .looseObject({ effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish().catch(null) })
    .nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string().nullish(),
        name: z.string(),
        description: z.string().optional(),
        input_schema: z.unknown().optional(),
        cache_control: Cache,
      }),
    )
    .nullish(),
  tool_choice: z.looseObject({ type: z.string(), name: z.string().optional() }).nullish(),
});

/** Anthropic's Messages: POST …/messages. */
export function readMessages(body: unknown): Asked {
  const asked = Body.parse(body);
  const prompt = new PromptBuilder();
  if (typeof asked.system === 'string') prompt.system(asked.system);
  else for (const part of asked.system ?? []) prompt.system(part.text ?? '', cacheOf(part.cache_control));
  for (const { role, content } of asked.messages) {
    const blocks: readonly Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    if (role === 'assistant') prompt.assistant(blocks.flatMap(saidOf));
    else if (role === 'system') prompt.system(blocks.map((block) => block.text ?? '').join('\n'));
    else readUser(prompt, blocks);
  }
  // Tools without a schema of their own run at the vendor: nothing of a sandbox does.
  const tools = (asked.tools ?? []).flatMap((tool) =>
    tool.input_schema === undefined ? [] : [functionTool(tool.name, tool.description, tool.input_schema)],
  );
  return {
    stream: asked.stream ?? false,
    textTools: new Set(),
    request: {
      prompt: prompt.messages,
      ...(tools.length > 0 ? { tools } : {}),
      ...given({
        maxOutputTokens: asked.max_tokens,
        temperature: asked.temperature,
        topP: asked.top_p,
        stopSequences: asked.stop_sequences,
        reasoning: asked.output_config?.effort ?? effortOf(asked.thinking),
        toolChoice: choiceOf(asked.tool_choice),
      }),
    },
  };
}

/** Results first, then what the person says: so the conversation stays in order. */
function readUser(prompt: PromptBuilder, blocks: readonly Block[]): void {
  for (const block of blocks) {
    if (block.type !== 'tool_result') continue;
    const said = typeof block.content === 'string' ? [text(block.content)] : (block.content ?? []).flatMap(partOf);
    const output = resultOf(said);
    const failed = block.is_error === true && output.type === 'text';
    prompt.result(
      block.tool_use_id ?? 'unknown',
      failed ? { type: 'error-text', value: output.value } : output,
      cacheOf(block.cache_control),
    );
  }
  prompt.user(blocks.flatMap((block) => (block.type === 'tool_result' ? [] : partOf(block))));
}

function partOf(block: z.infer<typeof Simple>): UserPart[] {
  if (block.text !== undefined) return block.text === '' ? [] : [text(block.text, cacheOf(block.cache_control))];
  const { source } = block;
  if (!source) return [];
  if (source.type === 'base64') return [fileOf(`data:${source.media_type ?? ''};base64,${source.data ?? ''}`)];
  return source.type === 'text' ? [text(source.data ?? '')] : [fileOf(source.url ?? source.type)];
}

function saidOf(block: Block): AssistantPart[] {
  switch (block.type) {
    case 'text':
      return block.text ? [text(block.text, cacheOf(block.cache_control))] : [];
    case 'tool_use':
      return [
        {
          type: 'tool-call',
          toolCallId: block.id ?? 'unknown',
          toolName: block.name ?? 'unknown',
          input: block.input ?? {},
        },
      ];
    case 'thinking':
    case 'redacted_thinking': {
      const providerOptions = unseal(block.signature ?? block.data);
      return providerOptions ? [{ type: 'reasoning', text: block.thinking ?? '', providerOptions }] : [];
    }
    default:
      return [];
  }
}

function cacheOf(cache: z.infer<typeof Cache>): { anthropic: { cacheControl: { type: 'ephemeral' } } } | undefined {
  return cache ? { anthropic: { cacheControl: { type: 'ephemeral' } } } : undefined;
}

function effortOf(thinking: z.infer<typeof Body>['thinking']): Asked['request']['reasoning'] {
  if (!thinking || thinking.type === 'disabled') return undefined;
  const tokens = thinking.budget_tokens ?? 8_000;
  return tokens < 4_000 ? 'low' : tokens < 16_000 ? 'medium' : 'high';
}

function choiceOf(choice: z.infer<typeof Body>['tool_choice']): Asked['request']['toolChoice'] {
  if (!choice) return undefined;
  if (choice.type === 'tool') return { type: 'tool', toolName: choice.name ?? '' };
  return { type: choice.type === 'any' ? 'required' : choice.type === 'none' ? 'none' : 'auto' };
}
