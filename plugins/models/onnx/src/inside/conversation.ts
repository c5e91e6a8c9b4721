import { createHash } from 'node:crypto';
import type { OfferedTool, ToolFormat } from './tool-format.ts';

/** A message as Chat Completions have it; whatever else is in it is passed by. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly {
    readonly id?: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** A message as chat templates have it. */
export interface TemplateMessage {
  readonly role: string;
  readonly content: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: unknown };
  }[];
  readonly tool_call_id?: string;
  readonly name?: string;
}

/** Messages as a template wants them: texts in one piece, arguments as values, and everything in words where it knows no tools. */
export function templateMessages(
  messages: readonly ChatMessage[],
  {
    tools,
    format,
    knowsTools,
  }: { readonly tools: readonly OfferedTool[]; readonly format: ToolFormat; readonly knowsTools: boolean },
): TemplateMessage[] {
  const calls = new Map<string, string>();
  const plain = messages.map((message): TemplateMessage => {
    for (const call of message.tool_calls ?? []) calls.set(call.id ?? '', call.function.name);
    return knowsTools ? withTools(message, { format, calls }) : inWords(message);
  });
  return knowsTools || tools.length === 0 ? plain : [...introduction(plain, tools), ...plain.filter(isNoSystem)];
}

function withTools(
  message: ChatMessage,
  { format, calls }: { readonly format: ToolFormat; readonly calls: ReadonlyMap<string, string> },
): TemplateMessage {
  const idOf = (id: string): string => (format.id.startsWith('mistral') ? shortId(id) : id);
  const of = message.tool_call_id;
  return {
    role: message.role === 'developer' ? 'system' : message.role,
    content: textOf(message.content),
    ...(message.tool_calls && message.tool_calls.length > 0
      ? {
          tool_calls: message.tool_calls.map((call) => ({
            id: idOf(call.id ?? ''),
            type: 'function' as const,
            function: { name: call.function.name, arguments: valueOf(call.function.arguments) },
          })),
        }
      : {}),
    ...(of === undefined ? {} : { tool_call_id: idOf(of), name: calls.get(of) ?? '' }),
  };
}

function inWords(message: ChatMessage): TemplateMessage {
  const content = textOf(message.content);
  if (message.role === 'tool') return { role: 'user', content: `<tool_response>\n${content}\n</tool_response>` };
  const calls = (message.tool_calls ?? []).map(
    ({ function: { name, arguments: input } }) =>
      `<tool_call>\n${JSON.stringify({ name, arguments: valueOf(input) })}\n</tool_call>`,
  );
  const role = message.role === 'developer' ? 'system' : message.role;
  return { role, content: [content, ...calls].filter((part) => part !== '').join('\n') };
}

const isNoSystem = ({ role }: TemplateMessage): boolean => role !== 'system';

function introduction(messages: readonly TemplateMessage[], tools: readonly OfferedTool[]): TemplateMessage[] {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const list = tools.map((tool) => JSON.stringify({ type: 'function', function: tool })).join('\n');
  const words = `# Tools\n\nYou may call functions. They are:\n<tools>\n${list}\n</tools>\n\nFor each call write\n<tool_call>\n{"name": NAME, "arguments": OBJECT}\n</tool_call>`;
  return [{ role: 'system', content: [...system, words].join('\n\n') }];
}

/** Of several parts the texts; a model of words sees no pictures. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => {
      const text = typeof part === 'object' && part !== null && 'text' in part ? part.text : '';
      return typeof text === 'string' ? text : '';
    })
    .join('');
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Mistral's templates refuse ids that are not nine letters and digits. */
function shortId(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
}
