import { z } from 'zod';
import type { Asked } from '../dialect.ts';
import {
  fileOf,
  functionTool,
  given,
  JsonObject,
  PromptBuilder,
  text,
  type AssistantPart,
  type UserPart,
} from '../parts.ts';
import { unseal } from '../sealed.ts';

const Part = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  inlineData: z.looseObject({ mimeType: z.string(), data: z.string() }).optional(),
  functionCall: z.looseObject({ id: z.string().optional(), name: z.string(), args: JsonObject.optional() }).optional(),
  functionResponse: z
    .looseObject({ id: z.string().optional(), name: z.string(), response: z.json().optional() })
    .optional(),
});
type Part = z.infer<typeof Part>;
const Parts = z.looseObject({ role: z.string().optional(), parts: z.array(Part).default([]) });
const Body = z.looseObject({
  contents: z.array(Parts).min(1),
  systemInstruction: z.union([z.string(), Parts]).optional(),
  tools: z
    .array(
      z.looseObject({
        functionDeclarations: z
          .array(
            z.looseObject({
              name: z.string(),
              description: z.string().optional(),
              parameters: z.unknown().optional(),
              parametersJsonSchema: z.unknown().optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  toolConfig: z
    .looseObject({
      functionCallingConfig: z
        .looseObject({ mode: z.string().optional(), allowedFunctionNames: z.array(z.string()).optional() })
        .optional(),
    })
    .optional(),
  generationConfig: z
    .looseObject({
      maxOutputTokens: z.int().min(1).optional(),
      temperature: z.number().optional(),
      topP: z.number().optional(),
      stopSequences: z.array(z.string()).optional(),
      responseMimeType: z.string().optional(),
      responseSchema: z.unknown().optional(),
      responseJsonSchema: z.unknown().optional(),
    })
    .optional(),
});

/** Google's generateContent. Whether it is streamed stands in the path. */
export function readGenerateContent(body: unknown): Omit<Asked, 'stream'> {
  const asked = Body.parse(body);
  const prompt = new PromptBuilder();
  const { systemInstruction: system, generationConfig: config = {} } = asked;
  if (typeof system === 'string') prompt.system(system);
  else prompt.system((system?.parts ?? []).map((part) => part.text ?? '').join('\n'));
  const calls = new CallNames();
  for (const { role, parts } of asked.contents) {
    if (role === 'model') prompt.assistant(parts.flatMap((part) => saidOf(part, calls)));
    else readUser(prompt, parts, calls);
  }
  const tools = (asked.tools ?? []).flatMap(({ functionDeclarations = [] }) =>
    functionDeclarations.map(({ name, description, parameters, parametersJsonSchema }) =>
      functionTool(name, description, parametersJsonSchema ?? withJsonTypes(parameters)),
    ),
  );
  return {
    textTools: new Set(),
    request: {
      prompt: prompt.messages,
      ...(tools.length > 0 ? { tools } : {}),
      ...given({
        maxOutputTokens: config.maxOutputTokens,
        temperature: config.temperature,
        topP: config.topP,
        stopSequences: config.stopSequences,
        responseFormat: formatOf(config),
        toolChoice: choiceOf(asked.toolConfig?.functionCallingConfig),
      }),
    },
  };
}

/** Calls often come without ids here: an answer belongs to the oldest open call of its name. */
class CallNames {
  readonly #open: { readonly id: string; readonly name: string }[] = [];
  #count = 0;

  begin(name: string, id = `call_${(this.#count += 1)}`): string {
    this.#open.push({ id, name });
    return id;
  }

  end(name: string, id?: string): string {
    const at = this.#open.findIndex((call) => (id === undefined ? call.name === name : call.id === id));
    const [call] = at < 0 ? [] : this.#open.splice(at, 1);
    return call?.id ?? id ?? 'unknown';
  }
}

function readUser(prompt: PromptBuilder, parts: readonly Part[], calls: CallNames): void {
  for (const { functionResponse: answer } of parts) {
    if (answer) prompt.result(calls.end(answer.name, answer.id), { type: 'json', value: answer.response ?? null });
  }
  prompt.user(
    parts.flatMap((part): UserPart[] => {
      if (part.inlineData) return [fileOf(`data:${part.inlineData.mimeType};base64,${part.inlineData.data}`)];
      return part.text ? [text(part.text)] : [];
    }),
  );
}

function saidOf(part: Part, calls: CallNames): AssistantPart[] {
  const providerOptions = unseal(part.thoughtSignature);
  if (part.functionCall) {
    const { id, name, args = {} } = part.functionCall;
    const call = { toolCallId: calls.begin(name, id), toolName: name, input: args };
    return [{ type: 'tool-call', ...call, ...(providerOptions ? { providerOptions } : {}) }];
  }
  if (part.thought === true)
    return providerOptions ? [{ type: 'reasoning', text: part.text ?? '', providerOptions }] : [];
  return part.text ? [text(part.text, providerOptions)] : [];
}

/** Google writes the types of its schemas in capitals. */
function withJsonTypes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withJsonTypes);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : withJsonTypes(value),
    ]),
  );
}

function formatOf(config: NonNullable<z.infer<typeof Body>['generationConfig']>): Asked['request']['responseFormat'] {
  if (config.responseMimeType !== 'application/json') return undefined;
  const schema = JsonObject.safeParse(config.responseJsonSchema ?? withJsonTypes(config.responseSchema));
  return { type: 'json', ...(schema.success ? { schema: schema.data } : {}) };
}

function choiceOf(
  config: { readonly mode?: string | undefined; readonly allowedFunctionNames?: string[] | undefined } | undefined,
): Asked['request']['toolChoice'] {
  if (config?.mode === undefined) return undefined;
  const [only, ...others] = config.allowedFunctionNames ?? [];
  if (config.mode === 'ANY')
    return only !== undefined && others.length === 0 ? { type: 'tool', toolName: only } : { type: 'required' };
  return { type: config.mode === 'NONE' ? 'none' : 'auto' };
}
