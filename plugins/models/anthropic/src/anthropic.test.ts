import { describeModelProvider } from '@devfactory/kit/testing';
import { anthropicProvider } from './anthropic.ts';

await describeModelProvider('anthropic', {
  provider: anthropicProvider(),
  values: ({ url, key }) => ({ baseUrl: `${url}/v1`, key }),
  path: '/v1/messages',
});
