import type { ModelFigures } from '@devfactory/contracts';
import { boundFetch, endpointUrl, readEndpoint, type ListedModel, type ModelProvider } from '@devfactory/kit';

const free: ModelFigures = { contextTokens: null, outputTokens: null, inputUsd: 0, cachedUsd: 0, outputUsd: 0 };

/** Servers that people run on their own machine, on the ports they take when nothing else is said. */
const servers = [
  { id: 'ollama', title: 'Ollama', port: 11_434 },
  { id: 'lm-studio', title: 'LM Studio', port: 1234 },
  { id: 'llama-cpp', title: 'llama.cpp', port: 8080 },
  { id: 'vllm', title: 'vLLM', port: 8000 },
] as const;

type Settings = Pick<ModelProvider, 'id' | 'title' | 'note' | 'fields' | 'defaultBaseUrl' | 'figures' | 'local'>;

/** Any endpoint that speaks Chat Completions; its key is optional, for many have none. */
export function openAiCompatibleProvider(): ModelProvider {
  return chatCompletions({
    id: 'openai-compatible',
    title: 'OpenAI-compatible',
    note: 'Any endpoint that speaks Chat Completions: a gateway, a private server, another vendor.',
    defaultBaseUrl: null,
    figures: {},
    local: false,
    fields: [
      {
        name: 'baseUrl',
        label: 'Base URL',
        hint: 'https://models.example/v1',
        required: true,
        secret: false,
        environment: 'OPENAI_COMPATIBLE_BASE_URL',
      },
      {
        name: 'key',
        label: 'API key',
        hint: 'leave empty when it has none',
        required: false,
        secret: true,
        environment: 'OPENAI_COMPATIBLE_API_KEY',
      },
    ],
  });
}

/** Servers on this machine's loopback, found without being set up. */
export function localProviders(ports: Partial<Record<(typeof servers)[number]['id'], number>> = {}): ModelProvider[] {
  return servers.map(({ id, title, port }) =>
    chatCompletions({
      id,
      title,
      note: `${title} on this machine, port ${ports[id] ?? port}. Nothing leaves it, and it costs nothing.`,
      defaultBaseUrl: `http://127.0.0.1:${ports[id] ?? port}/v1`,
      figures: { '': free },
      local: true,
      fields: [],
    }),
  );
}

function chatCompletions(settings: Settings): ModelProvider {
  const urlOf = (values: Readonly<Record<string, string>>): string =>
    endpointUrl(values['baseUrl'] ?? settings.defaultBaseUrl ?? '');
  return {
    ...settings,
    open: async (name, values) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const baseURL = urlOf(values);
      const apiKey = values['key'];
      return createOpenAICompatible({
        name: settings.id,
        baseURL,
        includeUsage: true,
        fetch: boundFetch(baseURL),
        ...(apiKey === undefined ? {} : { apiKey }),
      }).chatModel(name);
    },
    list: async (values, signal) => {
      const key = values['key'];
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
      return rowsOf(await readEndpoint(`${urlOf(values)}/models`, { headers, signal }));
    },
  };
}

/** vLLM, llama.cpp and some gateways name the context's length, each in its own word. */
function rowsOf(answer: unknown): ListedModel[] {
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : null;
  if (!Array.isArray(data)) throw new Error('What came back is no list of models.');
  return data.flatMap((row: unknown) => {
    if (typeof row !== 'object' || row === null || !('id' in row) || typeof row.id !== 'string') return [];
    const said = row as { max_model_len?: unknown; context_length?: unknown; meta?: { n_ctx?: unknown } | null };
    const length = [said.max_model_len, said.context_length, said.meta?.n_ctx].find(
      (value) => typeof value === 'number' && Number.isInteger(value) && value > 0,
    );
    return [{ name: row.id, contextTokens: (length as number | undefined) ?? null }];
  });
}
