import { boundFetch, endpointUrl, readEndpoint, type ModelProvider, type ProviderValues } from '@devfactory/kit';
import { figures } from './figures.ts';

const defaultBaseUrl = 'https://generativelanguage.googleapis.com/v1beta';

/** Google's Gemini models. */
export function googleProvider(): ModelProvider {
  return {
    id: 'google',
    title: 'Google',
    note: 'Gemini models. Keys: aistudio.google.com, API keys.',
    defaultBaseUrl,
    figures,
    local: false,
    fields: [
      {
        name: 'key',
        label: 'API key',
        hint: 'AIza…',
        required: true,
        secret: true,
        environment: 'GOOGLE_GENERATIVE_AI_API_KEY',
      },
      {
        name: 'baseUrl',
        label: 'Base URL',
        hint: defaultBaseUrl,
        required: false,
        secret: false,
        environment: 'GOOGLE_BASE_URL',
      },
    ],
    open: async (name, values) => {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
      const baseURL = urlOf(values);
      return createGoogleGenerativeAI({ baseURL, apiKey: values['key'] ?? '', fetch: boundFetch(baseURL) })(name);
    },
    list: async (values, signal) => {
      // In a header, never in the address: addresses get into logs.
      const headers = { 'x-goog-api-key': values['key'] ?? '' };
      const answer = (await readEndpoint(`${urlOf(values)}/models?pageSize=1000`, { headers, signal })) as {
        models?: unknown;
      };
      const rows = Array.isArray(answer.models) ? (answer.models as Row[]) : [];
      return rows.flatMap(({ name, inputTokenLimit, supportedGenerationMethods }) =>
        typeof name === 'string' && (supportedGenerationMethods ?? ['generateContent']).includes('generateContent')
          ? [{ name: name.replace(/^models\//, ''), contextTokens: tokens(inputTokenLimit) }]
          : [],
      );
    },
  };
}

interface Row {
  readonly name?: unknown;
  readonly inputTokenLimit?: unknown;
  readonly supportedGenerationMethods?: readonly unknown[];
}

function tokens(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}

function urlOf(values: ProviderValues): string {
  return endpointUrl(values['baseUrl'] ?? defaultBaseUrl);
}
