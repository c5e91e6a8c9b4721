import { describeModelProvider } from '@devfactory/kit/testing';
import { azureProvider } from './azure.ts';

await describeModelProvider('azure', {
  provider: azureProvider(),
  values: ({ url, key }) => ({ baseUrl: url, key }),
  path: '/openai/v1/responses',
});

await describeModelProvider('azure with a dated version', {
  provider: azureProvider(),
  values: ({ url, key }) => ({ baseUrl: `${url}/openai/v1`, key, apiVersion: '2025-04-01-preview' }),
  path: '/openai/deployments/scripted/chat/completions?api-version=2025-04-01-preview',
});
