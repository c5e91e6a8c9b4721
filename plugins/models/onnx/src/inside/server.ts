import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Refusal, type LocalModel, type Question } from './local-model.ts';
import type { OfferedTool } from './tool-format.ts';

const mostBody = 32_000_000;
const mostWaiting = 16;

/** What of a model is asked over HTTP. */
type Asked = Pick<LocalModel, 'answer' | 'toolFormat'>;

/** Chat Completions for one model, one answer at a time. */
export function serve(model: Asked, name: string): Server {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** Since when nobody listens to the answer that is being made. */
  let left: number | null = null;
  return createServer((request, response) => {
    const respond = async (): Promise<void> => {
      if (request.url === '/health') {
        const leftMs = left === null ? 0 : Math.round(performance.now() - left);
        return json(response, 200, { waiting, leftMs, toolFormat: model.toolFormat });
      }
      if (request.url === '/v1/models')
        return json(response, 200, { object: 'list', data: [{ id: name, object: 'model' }] });
      if (request.url !== '/v1/chat/completions' || request.method !== 'POST')
        throw new Refusal(404, `There is nothing at ${request.url ?? ''}.`);
      const body = await bodyOf(request);
      if (waiting >= mostWaiting) throw new Refusal(429, `${waiting} questions wait for this model already.`);
      waiting += 1;
      const leaving = new AbortController();
      const { signal } = leaving;
      response.on('close', () => leaving.abort());
      const turn = last.then(async () => {
        if (signal.aborted) return;
        let over = false;
        signal.addEventListener('abort', () => {
          if (!over) left = performance.now();
        });
        await answer({ model, name, body, response, signal }).finally(() => {
          over = true;
        });
      });
      last = turn.catch(() => undefined);
      await turn.finally(() => {
        waiting -= 1;
        left = null;
      });
    };
    respond().catch((error: unknown) => fail(response, error));
  });
}

interface Answering {
  readonly model: Asked;
  readonly name: string;
  readonly body: Record<string, unknown>;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

async function answer({ model, name, body, response, signal }: Answering): Promise<void> {
  const question = questionOf(body);
  const streams = body['stream'] === true;
  const head = {
    id: `chatcmpl-${randomBytes(6).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model: name,
  };
  const calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  let text = '';
  let thought = '';
  const open = (): void => {
    if (streams && !response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  };
  const chunk = (delta: object, finish: string | null = null): void => {
    if (!streams) return;
    open();
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`);
  };
  const answered = await model.answer(
    question,
    (part) => {
      if (part.is === 'text') {
        text += part.text;
        chunk({ content: part.text });
      } else if (part.is === 'thought') {
        thought += part.text;
        chunk({ reasoning_content: part.text });
      } else if (part.is === 'call') {
        const id = randomBytes(5).toString('hex').slice(0, 9);
        calls.push({ id, type: 'function', function: { name: part.name, arguments: '' } });
        const call = { index: calls.length - 1, id, type: 'function', function: { name: part.name, arguments: '' } };
        chunk({ tool_calls: [call] });
      } else {
        const call = calls.at(-1);
        if (call) call.function.arguments += part.text;
        chunk({ tool_calls: [{ index: calls.length - 1, function: { arguments: part.text } }] });
      }
    },
    signal,
  );
  const { promptTokens, answerTokens, finish } = answered;
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: answerTokens,
    total_tokens: promptTokens + answerTokens,
  };
  if (!streams) {
    const message = {
      role: 'assistant',
      content: text,
      ...(thought === '' ? {} : { reasoning_content: thought }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
    const choices = [{ index: 0, message, finish_reason: finish }];
    return json(response, 200, { ...head, object: 'chat.completion', choices, usage });
  }
  chunk({}, finish);
  const last = { ...head, object: 'chat.completion.chunk', choices: [], usage };
  response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
}

/** Throws Refusal for what is no question. Only functions are offered: nothing else could be called here. */
function questionOf(body: Record<string, unknown>): Question {
  const { messages, tools, tool_choice: wish, response_format: shape } = body;
  if (!Array.isArray(messages) || messages.length === 0) throw new Refusal(400, 'messages: at least one is needed.');
  for (const message of messages as unknown[])
    if (typeof message !== 'object' || message === null || typeof (message as { role?: unknown }).role !== 'string')
      throw new Refusal(400, 'messages: each is an object with a role.');
  const offered = wish === 'none' ? [] : offeredTools(tools);
  const named = (wish as { function?: { name?: unknown } } | undefined)?.function?.name;
  const chosen = typeof named === 'string' ? offered.filter((tool) => tool.name === named) : offered;
  const format = shape as { type?: unknown; json_schema?: { schema?: unknown } } | undefined;
  const answerSchema =
    format?.type === 'json_schema'
      ? (format.json_schema?.schema ?? {})
      : format?.type === 'json_object'
        ? { type: 'object' }
        : undefined;
  return {
    messages: messages as Question['messages'],
    tools: answerSchema === undefined ? chosen : [],
    mustCall: wish === 'required' || typeof named === 'string',
    answerSchema,
    maxTokens: numberIn(body, 'max_completion_tokens') ?? numberIn(body, 'max_tokens'),
    temperature: numberIn(body, 'temperature') ?? 0,
    topP: numberIn(body, 'top_p') ?? 1,
  };
}

function offeredTools(tools: unknown): OfferedTool[] {
  if (!Array.isArray(tools)) return [];
  return (tools as { function?: { name?: unknown; description?: unknown; parameters?: unknown } }[]).flatMap(
    ({ function: offer }) => {
      if (typeof offer?.name !== 'string' || offer.name === '') return [];
      const description = typeof offer.description === 'string' ? { description: offer.description } : {};
      return [{ name: offer.name, ...description, parameters: offer.parameters ?? { type: 'object' } }];
    },
  );
}

function numberIn(body: Record<string, unknown>, name: string): number | null {
  const value = body[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBody) throw new Refusal(413, `A question has at most ${mostBody} bytes.`);
    parts.push(part);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Said below, as for what is JSON and no object.
  }
  throw new Refusal(400, 'The body is no JSON object.');
}

function json(response: ServerResponse, status: number, body: object): void {
  const headers = { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '5' } : {}) };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (response.headersSent) {
    response.end(`data: ${JSON.stringify({ error: { message } })}\n\n`);
    return;
  }
  json(response, error instanceof Refusal ? error.status : 500, { error: { message } });
}
