import { describeModelProvider } from '@devfactory/kit/testing';
import { openAiProvider } from './openai.ts';

await describeModelProvider('openai', {
  provider: openAiProvider(),
  values: ({ url, key }) => ({ baseUrl: `${url}/v1`, key }),
  path: '/v1/responses',
});
