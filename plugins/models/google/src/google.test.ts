import { describeModelProvider } from '@devfactory/kit/testing';
import { googleProvider } from './google.ts';

await describeModelProvider('google', {
  provider: googleProvider(),
  values: ({ url, key }) => ({ baseUrl: `${url}/v1beta`, key }),
  path: '/v1beta/models/scripted:streamGenerateContent?alt=sse',
});
