import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, type ModelPart, type ModelRequest, type ProxiedModel } from '@devfactory/kit';
import { z } from 'zod';
import type { Answered, Dialect } from './dialect.ts';
import { refusalOf } from './refusal-of.ts';

/** How often somebody who waits for a first word is told that it is still awaited. */
const patienceMs = 15_000;
const Named = z.looseObject({ model: z.string().max(500).optional() });

export interface Answering {
  readonly model: ProxiedModel;
  readonly dialect: Dialect;
  readonly id: string;
  readonly body: unknown;
  /** The model's name where it stands in the path. */
  readonly named: string | null;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Asks the run's model, whatever model was named, and answers in the words it was asked in. */
export async function answer(asking: Answering): Promise<void> {
  const { model, dialect, id, body, response } = asking;
  const asked = dialect.read(body);
  const name = asking.named ?? Named.parse(body).model ?? model.card().ref;
  const facts = { id, model: name, textTools: asked.textTools };
  const left = new AbortController();
  response.once('close', () => left.abort(new Error('The agent hung up.')));
  const request = withOurs(asked.request, model.card().runId);
  if (!asked.stream) {
    const whole = requireAnswer(await model.ask(request, async () => {}, left.signal));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(dialect.whole(whole, facts)));
    return;
  }
  const writer = dialect.writer(facts);
  const stream = new Stream(response, writer.begin());
  try {
    const take = (part: ModelPart): Promise<void> => stream.write(writer.part(part));
    const whole = requireAnswer(await model.ask(request, take, left.signal));
    await stream.write(writer.end(whole));
    response.end();
  } catch (error) {
    // Before its first word a refusal has a status of its own.
    if (!response.headersSent) throw error;
    response.end(writer.broken(refusalOf(error)));
  } finally {
    stream.stop();
  }
}

/** Written to as parts come; begun with the first. Until then it is kept open. */
class Stream {
  readonly #response: ServerResponse;
  readonly #beginning: string;
  readonly #timer: NodeJS.Timeout;
  #begun = false;

  constructor(response: ServerResponse, beginning: string) {
    this.#response = response;
    this.#beginning = beginning;
    this.#timer = setInterval(() => {
      this.#open();
      response.write(': still waiting for the model\n\n');
    }, patienceMs);
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    clearInterval(this.#timer);
    this.#open();
    const whole = this.#begun ? text : this.#beginning + text;
    this.#begun = true;
    if (this.#response.destroyed || this.#response.write(whole)) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.#response.off('drain', settle).off('close', settle);
        resolve();
      };
      this.#response.once('drain', settle).once('close', settle);
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #open(): void {
    if (!this.#response.headersSent)
      this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  }
}

function requireAnswer(answered: Awaited<ReturnType<ProxiedModel['ask']>>): Answered {
  if (answered.status === 'answered') return answered;
  throw new DomainError('model_overflow', 'too-large', { message: answered.reason });
}

/** Nothing is kept at the vendor, and what stays the same from request to request is read from its cache. */
function withOurs(request: ModelRequest, runId: string): ModelRequest {
  const openai = { store: false, promptCacheKey: runId, include: ['reasoning.encrypted_content'] };
  return { ...request, prompt: cached(request.prompt), providerOptions: { openai, azure: openai } };
}

/** Anthropic caches up to where it is told to; an agent that speaks another format says nothing about it. */
function cached(prompt: ModelRequest['prompt']): ModelRequest['prompt'] {
  const said = JSON.stringify(prompt).includes('"cacheControl"');
  if (said) return prompt;
  const mark = { anthropic: { cacheControl: { type: 'ephemeral' } } };
  const system = prompt.findLastIndex(({ role }) => role === 'system');
  return prompt.map((message, at) =>
    at === system || at === prompt.length - 1
      ? { ...message, providerOptions: { ...message.providerOptions, ...mark } }
      : message,
  );
}
