import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ModelContent, ModelRequest } from '@devfactory/kit';
import { faultOf } from './fault.ts';
import { defaultModelLimits } from './model-limits.ts';
import { AnswerReader, within, type WholeAnswer } from './read-answer.ts';

/** What a real question found out. */
export interface ModelProbe {
  /** Null: all went well. Else a stable code, as in `model.failed`, or no_tool_call. */
  readonly code: string | null;
  readonly reason: string;
  /** Whether the answer came in more than one part. */
  readonly streams: boolean;
  readonly callsTools: boolean;
}

const word = 'devfactory';
const patience = { ...defaultModelLimits, firstPartMs: 60_000, nextPartMs: 30_000, wholeAnswerMs: 90_000 };

/** Asks a model to call a tool, gives it the tool's answer, and reads what it says to that. Never throws for what the model does. */
export async function probeModel(language: LanguageModelV4, signal: AbortSignal): Promise<ModelProbe> {
  const question: ModelRequest = {
    prompt: [{ role: 'user', content: [{ type: 'text', text: `Call the tool echo with the text "${word}".` }] }],
    tools: [
      {
        type: 'function',
        name: 'echo',
        description: 'Gives the text back.',
        inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      },
    ],
    // Enough for a model that thinks first.
    maxOutputTokens: 2000,
    providerOptions: { openai: { store: false }, azure: { store: false } },
  };
  let streams = false;
  try {
    const first = await ask(language, question, signal);
    streams = first.parts > 1;
    const call = first.answer.content.find((part) => part.type === 'tool-call');
    if (!call)
      return {
        code: 'no_tool_call',
        reason: 'It answered, but did not call the tool it was asked to call. Agents need a model that calls tools.',
        streams,
        callsTools: false,
      };
    await ask(language, { ...question, prompt: [...question.prompt, ...leg(first.answer.content, call)] }, signal);
    return { code: null, reason: '', streams, callsTools: true };
  } catch (error) {
    const { code, reason } = faultOf(error);
    return { code, reason, streams, callsTools: false };
  }
}

async function ask(
  language: LanguageModelV4,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<{ readonly answer: WholeAnswer; readonly parts: number }> {
  const ending = new AbortController();
  try {
    const opened = language.doStream({ ...request, abortSignal: AbortSignal.any([signal, ending.signal]) });
    const { stream } = await within(opened, { deadline: performance.now() + patience.firstPartMs, signal });
    const reader = new AnswerReader(patience);
    return { answer: await reader.read(stream, { signal, take: null }), parts: reader.parts };
  } finally {
    ending.abort();
  }
}

type AssistantPart = Extract<ModelRequest['prompt'][number], { role: 'assistant' }>['content'][number];

function leg(
  content: readonly ModelContent[],
  { toolCallId, toolName }: Extract<ModelContent, { type: 'tool-call' }>,
): ModelRequest['prompt'] {
  return [
    { role: 'assistant', content: content.flatMap((part) => assistantPart(part) ?? []) },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output: { type: 'text', value: word } }] },
  ];
}

function assistantPart(part: ModelContent): AssistantPart | null {
  if (part.type !== 'text' && part.type !== 'reasoning' && part.type !== 'tool-call') return null;
  const options = part.providerMetadata === undefined ? {} : { providerOptions: part.providerMetadata };
  if (part.type !== 'tool-call') return { type: part.type, text: part.text, ...options };
  const { type, toolCallId, toolName, input } = part;
  return { type, toolCallId, toolName, input: JSON.parse(input === '' ? '{}' : input) as unknown, ...options };
}
