import { boundFetch, endpointUrl, readEndpoint, type ModelProvider, type ProviderValues } from '@devfactory/kit';
import { figures } from './figures.ts';

const defaultBaseUrl = 'https://api.openai.com/v1';

/** OpenAI's models through the Responses API. */
export function openAiProvider(): ModelProvider {
  return {
    id: 'openai',
    title: 'OpenAI',
    note: 'GPT models through the Responses API. Keys: platform.openai.com, API keys.',
    defaultBaseUrl,
    figures,
    local: false,
    fields: [
      {
        name: 'key',
        label: 'API key',
        hint: 'sk-…',
        required: true,
        secret: true,
        environment: 'OPENAI_API_KEY',
      },
      {
        name: 'baseUrl',
        label: 'Base URL',
        hint: defaultBaseUrl,
        required: false,
        secret: false,
        environment: 'OPENAI_BASE_URL',
      },
    ],
    open: async (name, values) => {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const baseURL = urlOf(values);
      return createOpenAI({ baseURL, apiKey: values['key'] ?? '', fetch: boundFetch(baseURL) }).responses(name);
    },
    list: async (values, signal) => {
      const headers = { authorization: `Bearer ${values['key'] ?? ''}` };
      const answer = (await readEndpoint(`${urlOf(values)}/models`, { headers, signal })) as { data?: unknown };
      const rows = Array.isArray(answer.data) ? (answer.data as { id?: unknown }[]) : [];
      return rows
        .flatMap(({ id }) => (typeof id === 'string' && writesText(id) ? [id] : []))
        .toSorted()
        .map((name) => ({ name, contextTokens: null }));
    },
  };
}

function urlOf(values: ProviderValues): string {
  return endpointUrl(values['baseUrl'] ?? defaultBaseUrl);
}

/** The list names models for speech, pictures and vectors too. */
function writesText(id: string): boolean {
  return !/embedding|whisper|tts|dall-e|image|audio|realtime|transcribe|moderation|sora|davinci|babbage/.test(id);
}
