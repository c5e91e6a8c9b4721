import { boundFetch, endpointUrl, readEndpoint, type ModelProvider, type ProviderValues } from '@devfactory/kit';
import { figures } from './figures.ts';

const defaultBaseUrl = 'https://api.anthropic.com/v1';
const version = '2023-06-01';

/** Anthropic's models through the Messages API. */
export function anthropicProvider(): ModelProvider {
  return {
    id: 'anthropic',
    title: 'Anthropic',
    note: 'Claude models. Keys: console.anthropic.com, API keys.',
    defaultBaseUrl,
    figures,
    local: false,
    fields: [
      {
        name: 'key',
        label: 'API key',
        hint: 'sk-ant-…',
        required: true,
        secret: true,
        environment: 'ANTHROPIC_API_KEY',
      },
      {
        name: 'baseUrl',
        label: 'Base URL',
        hint: defaultBaseUrl,
        required: false,
        secret: false,
        environment: 'ANTHROPIC_BASE_URL',
      },
    ],
    open: async (name, values) => {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      const baseURL = urlOf(values);
      return createAnthropic({ baseURL, apiKey: values['key'] ?? '', fetch: boundFetch(baseURL) })(name);
    },
    list: async (values, signal) => {
      const headers = { 'x-api-key': values['key'] ?? '', 'anthropic-version': version };
      const answer = (await readEndpoint(`${urlOf(values)}/models?limit=1000`, { headers, signal })) as {
        data?: unknown;
      };
      const rows = Array.isArray(answer.data) ? (answer.data as { id?: unknown }[]) : [];
      return rows.flatMap(({ id }) => (typeof id === 'string' ? [{ name: id, contextTokens: null }] : []));
    },
  };
}

/** The vendor's own variable names the host alone. */
function urlOf(values: ProviderValues): string {
  const url = endpointUrl(values['baseUrl'] ?? defaultBaseUrl);
  return new URL(url).pathname === '/' ? `${url}/v1` : url;
}
