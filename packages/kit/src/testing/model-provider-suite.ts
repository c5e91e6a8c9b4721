import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelProvider, ProviderValues } from '../model.ts';
import { ModelServer } from './model-server/model-server.ts';

export interface ModelProviderSuite {
  readonly provider: ModelProvider;
  /** Values that reach the server at this address with this key. */
  readonly values: (at: { readonly url: string; readonly key: string }) => ProviderValues;
  /** Path and query that a question is asked on. */
  readonly path: string;
}

const key = 'DFCANARY_00112233445566778899';
const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];

/** What every provider promises, spoken to over its own wire format. A plugin's test calls it; it is done when this passes. */
export async function describeModelProvider(
  name: string,
  { provider, values, path }: ModelProviderSuite,
): Promise<void> {
  const server = await ModelServer.start();
  const stranger = await ModelServer.start();
  const reached = (): ProviderValues => values({ url: server.url, key });

  describe(`model provider ${name} keeps the port's contract`, () => {
    afterAll(() => Promise.all([server.close(), stranger.close()]));
    beforeEach(() => {
      server.key = key;
      server.requests.length = 0;
      server.script = () => ({ text: 'Hello to you', calls: [{ name: 'write', input: { path: 'a' } }] });
    });

    it('names itself and its fields', () => {
      expect(provider.id).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
      expect(provider.title).not.toBe('');
      expect(provider.note.length).toBeGreaterThan(10);
      for (const field of provider.fields) {
        expect(field.environment).toMatch(/^[A-Z][A-Z0-9_]+$/);
        expect(field.secret).toBe(field.name === 'key');
      }
    });

    it('gives a model that streams text and calls of tools', async () => {
      const model = await provider.open('scripted', reached());
      const { stream } = await model.doStream({
        prompt,
        tools: [{ type: 'function', name: 'write', inputSchema: { type: 'object', properties: {} } }],
      });
      const parts = [];
      for await (const part of stream) parts.push(part);
      const text = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : [])).join('');
      expect(text).toBe('Hello to you');
      expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({
        toolName: 'write',
        input: '{"path":"a"}',
      });
      expect(parts.find((part) => part.type === 'finish')).toMatchObject({
        finishReason: { unified: 'tool-calls' },
        usage: { inputTokens: { total: 100, cacheRead: 60 }, outputTokens: { total: 10 } },
      });
      expect(server.requests.map((request) => request.path)).toEqual([path]);
      expect(server.requests[0]?.body).not.toContain(key);
    });

    it('lists models, with the key out of the address', async () => {
      expect(await provider.list(reached(), AbortSignal.timeout(5000))).toEqual([
        expect.objectContaining({ name: 'scripted' }),
      ]);
    });

    it('follows no redirect, so that its key goes nowhere else', async () => {
      server.script = () => ({ fault: { kind: 'status', status: 307, headers: { location: `${stranger.url}/v1/x` } } });
      const model = await provider.open('scripted', reached());
      await expect(Promise.resolve(model.doStream({ prompt }))).rejects.toThrow(/API/);
      expect(stranger.requests).toHaveLength(0);
    });

    it('does not list for a key that is refused', async () => {
      server.key = 'another';
      await expect(provider.list(reached(), AbortSignal.timeout(5000))).rejects.toMatchObject({ status: 401 });
    });
  });
}
