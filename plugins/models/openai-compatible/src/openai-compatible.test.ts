import { describeModelProvider, ModelServer } from '@devfactory/kit/testing';
import { describe, expect, it } from 'vitest';
import { localProviders, openAiCompatibleProvider } from './openai-compatible.ts';

await describeModelProvider('openai-compatible', {
  provider: openAiCompatibleProvider(),
  values: ({ url, key }) => ({ baseUrl: `${url}/v1`, key }),
  path: '/v1/chat/completions',
});

describe('a server on this machine', () => {
  it('is found on its port and costs nothing', async () => {
    const server = await ModelServer.start();
    const ollama = localProviders({ ollama: server.port }).find((provider) => provider.id === 'ollama');
    expect(await ollama?.list({}, AbortSignal.timeout(2000))).toEqual([{ name: 'scripted', contextTokens: null }]);
    expect(ollama?.figures['']).toMatchObject({ inputUsd: 0, outputUsd: 0 });
    server.models = [{ id: 'scripted', max_model_len: 4096 }];
    expect(await ollama?.list({}, AbortSignal.timeout(2000))).toMatchObject([{ contextTokens: 4096 }]);
    await server.close();
    await expect(ollama?.list({}, AbortSignal.timeout(2000))).rejects.toThrow('fetch failed');
  });
});
