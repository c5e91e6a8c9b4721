interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface Declared {
  readonly name?: string;
  readonly parameters?: Schema;
  readonly parametersJsonSchema?: Schema;
  readonly input_schema?: Schema;
}

/** What Chat Completions, Responses, Messages and generateContent have of this. */
interface Body {
  readonly tools?: readonly (Declared & {
    readonly function?: Declared;
    readonly functionDeclarations?: readonly Declared[];
  })[];
  readonly messages?: readonly unknown[];
  readonly input?: readonly unknown[];
  readonly contents?: readonly unknown[];
  readonly generationConfig?: { readonly responseJsonSchema?: Schema; readonly responseSchema?: Schema };
}

/** What all wire formats say, as far as the script needs it. */
export interface Said {
  readonly tools: readonly { readonly name: string; readonly fields: readonly string[] }[];
  /** The conversation, as the format keeps it. */
  readonly messages: readonly unknown[];
  /** Answers of tools that it holds. */
  readonly results: number;
  /** Fields of the object that is asked for in place of words; null: words are. */
  readonly object: Readonly<Record<string, unknown>> | null;
}

const result = /^\{"role":"tool"|"type":"(?:function_call_output|tool_result)"|"functionResponse":/;

/** Reads a request, whatever its format. Throws when it is no JSON: that is a bug of whoever sent it. */
export function readWire(text: string): Said {
  const body = JSON.parse(text) as Body;
  const tools = (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? [tool.function ?? tool]);
  const messages = body.messages ?? body.input ?? body.contents ?? [];
  const asked = body.generationConfig?.responseJsonSchema ?? body.generationConfig?.responseSchema;
  return {
    tools: tools.map(({ name = '', parameters, parametersJsonSchema, input_schema: input }) => ({
      name,
      fields: Object.keys((parameters ?? parametersJsonSchema ?? input)?.properties ?? {}),
    })),
    messages,
    results: messages.filter((message) => result.test(JSON.stringify(message))).length,
    object: asked?.properties ?? null,
  };
}

/** Whether the later request holds all that the earlier one did, to the byte, and only goes on. */
export function extendsWire(before: string, after: string): boolean {
  const [one, two] = [JSON.parse(before) as Body, JSON.parse(after) as Body];
  const [first, next] = [readWire(before).messages, readWire(after).messages];
  return (
    JSON.stringify(one.tools) === JSON.stringify(two.tools) &&
    JSON.stringify(next).startsWith(JSON.stringify(first).slice(0, -1))
  );
}
