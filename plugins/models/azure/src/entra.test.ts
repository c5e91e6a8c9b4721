import { ModelServer, startManagedIdentity } from '@devfactory/kit/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { azureProvider } from './azure.ts';

const provider = azureProvider();
const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];

/** Never tried with a tenant: the endpoint and the machine's identity are local servers that speak their wire formats. */
describe('azure without a key', async () => {
  const server = await ModelServer.start();
  const identity = await startManagedIdentity();
  const before = { ...process.env };
  const forget = (): void => {
    for (const name of Object.keys(identity.environment)) delete process.env[name];
  };
  afterAll(async () => {
    forget();
    process.env['AZURE_TOKEN_CREDENTIALS'] = before['AZURE_TOKEN_CREDENTIALS'] ?? '';
    identity.stop();
    await server.close();
  });
  beforeEach(() => {
    // Of all ways to sign in this one alone: the others look for programs and addresses of other machines.
    process.env['AZURE_TOKEN_CREDENTIALS'] = 'ManagedIdentityCredential';
    Object.assign(process.env, identity.environment);
    server.requests.length = 0;
  });

  it.each([
    ['v1 paths', {}, '/openai/v1/responses'],
    [
      'deployment paths',
      { apiVersion: '2025-04-01-preview' },
      '/openai/deployments/scripted/chat/completions?api-version=2025-04-01-preview',
    ],
  ])('signs in as the machine does and asks with that token, on %s', async (_, more, path) => {
    server.script = () => ({ text: 'Hello to you' });
    const model = await provider.open('scripted', { baseUrl: server.url, ...more });
    const { stream } = await model.doStream({ prompt });
    let text = '';
    for await (const part of stream) if (part.type === 'text-delta') text += part.delta;
    expect(text).toBe('Hello to you');
    expect(identity.resources.at(-1)).toBe('https://cognitiveservices.azure.com');
    expect(server.requests).toMatchObject([
      { path, headers: { authorization: `Bearer ${identity.tokens.at(-1) ?? ''}` } },
    ]);
    expect(server.requests[0]?.headers['api-key']).toBeUndefined();
  });

  it('lists deployments with the token', async () => {
    expect(await provider.list({ baseUrl: server.url }, AbortSignal.timeout(5000))).toMatchObject([
      { name: 'scripted' },
    ]);
    server.key = 'another';
    await expect(provider.list({ baseUrl: server.url }, AbortSignal.timeout(5000))).rejects.toMatchObject({
      status: 401,
    });
    server.key = null;
  });
});
