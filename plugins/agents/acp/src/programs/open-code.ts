import type { SandboxModels } from '@devfactory/kit';

/** The configuration that opencode and its descendant Kilo share. */
export function openCodeConfig(models: SandboxModels): string {
  return JSON.stringify({
    autoupdate: false,
    share: 'disabled',
    model: 'factory/model',
    small_model: 'factory/model',
    permission: { edit: 'ask', bash: 'ask' },
    provider: {
      factory: {
        name: 'AI DevFactory',
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${models.url}/v1`, apiKey: models.token },
        models: {
          model: {
            name: models.ref,
            tool_call: true,
            limit: { context: models.contextTokens, output: models.outputTokens },
          },
        },
      },
    },
  });
}
