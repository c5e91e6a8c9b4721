import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from './server.ts';

/** Answers to questions, begun one after another and ended by the test. */
class SlowModel {
  readonly toolFormat = 'hermes';
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];

  async answer(
    { messages }: { readonly messages: readonly { readonly content?: unknown }[] },
    said: (part: { readonly is: 'text'; readonly text: string }) => void,
  ): Promise<{ promptTokens: number; answerTokens: number; finish: 'stop' }> {
    this.begun.push(String(messages[0]?.content));
    await new Promise<void>((end) => this.#ends.push(end));
    said({ is: 'text', text: `to ${this.begun.at(-1)}` });
    return { promptTokens: 1, answerTokens: 1, finish: 'stop' };
  }

  async end(): Promise<void> {
    const end = await vi.waitUntil(() => this.#ends.shift());
    end();
  }
}

let server: Server;
let address: string;
afterEach(() => server.close());

async function started(): Promise<SlowModel> {
  const model = new SlowModel();
  server = serve(model, 'slow').listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return model;
}

function ask(content: string, signal?: AbortSignal): Promise<Response> {
  const body = JSON.stringify({ model: 'slow', messages: [{ role: 'user', content }] });
  return fetch(`${address}/v1/chat/completions`, { method: 'POST', body, ...(signal ? { signal } : {}) });
}

async function waitingAre(count: number): Promise<void> {
  const waiting = async (): Promise<number> =>
    ((await (await fetch(`${address}/health`)).json()) as { waiting: number }).waiting;
  await vi.waitFor(async () => expect(await waiting()).toBe(count));
}

const wordsOf = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content;

test('questions wait for each other, and come in their order', async () => {
  const model = await started();
  const first = ask('one');
  await waitingAre(1);
  const second = ask('two');
  await waitingAre(2);
  expect(model.begun).toEqual(['one']);
  await model.end();
  expect(await wordsOf(await first)).toBe('to one');
  await model.end();
  expect(await wordsOf(await second)).toBe('to two');
});

test('the seventeenth question is told to come back', async () => {
  const model = await started();
  const asked = [];
  for (let index = 0; index < 16; index += 1) asked.push(ask(`${index}`));
  await waitingAre(16);
  const refused = await ask('too many');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  for (const one of asked) {
    await model.end();
    expect((await one).status).toBe(200);
  }
  expect(model.begun).toHaveLength(16);
});

test('a question whose asker left while it waited is not answered', async () => {
  const model = await started();
  const first = ask('one');
  await waitingAre(1);
  const leaving = new AbortController();
  const left = ask('left', leaving.signal).catch(() => 'left');
  await waitingAre(2);
  leaving.abort();
  await left;
  const third = ask('three');
  await waitingAre(3);
  await model.end();
  await first;
  await model.end();
  expect(await wordsOf(await third)).toBe('to three');
  expect(model.begun).toEqual(['one', 'three']);
});
