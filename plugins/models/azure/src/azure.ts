import {
  boundFetch,
  DomainError,
  endpointUrl,
  readEndpoint,
  type ModelProvider,
  type ProviderValues,
} from '@devfactory/kit';

const scope = 'https://cognitiveservices.azure.com/.default';

/** Models that a person deployed in Azure OpenAI or Foundry; a model's name is its deployment's. */
export function azureProvider(): ModelProvider {
  return {
    id: 'azure',
    title: 'Azure AI',
    note: 'Deployments in Azure OpenAI or Foundry. With a key, or without one as this machine signs in (Entra ID: az login, managed identity, AZURE_CLIENT_ID …).',
    defaultBaseUrl: null,
    figures: {},
    local: false,
    fields: [
      {
        name: 'baseUrl',
        label: 'Endpoint',
        hint: 'https://NAME.openai.azure.com',
        required: true,
        secret: false,
        environment: 'AZURE_OPENAI_ENDPOINT',
      },
      {
        name: 'key',
        label: 'API key',
        hint: 'leave empty for Entra ID',
        required: false,
        secret: true,
        environment: 'AZURE_OPENAI_API_KEY',
      },
      {
        name: 'apiVersion',
        label: 'API version',
        hint: 'v1; a date such as 2025-04-01-preview takes deployment paths',
        required: false,
        secret: false,
        environment: 'AZURE_OPENAI_API_VERSION',
      },
    ],
    open: async (name, values) => {
      const { createAzure } = await import('@ai-sdk/azure');
      const { baseUrl, dated } = placeOf(values);
      const azure = createAzure({
        baseURL: baseUrl,
        apiVersion: dated ?? 'v1',
        useDeploymentBasedUrls: dated !== null,
        fetch: boundFetch(baseUrl),
        ...(values['key'] === undefined ? { tokenProvider: await entraTokens() } : { apiKey: values['key'] }),
      });
      return dated === null ? azure.responses(name) : azure.chat(name);
    },
    list: async (values, signal) => {
      const { baseUrl, dated } = placeOf(values);
      const headers: Record<string, string> =
        values['key'] === undefined
          ? { authorization: `Bearer ${await (await entraTokens())()}` }
          : { 'api-key': values['key'] };
      const url = dated === null ? `${baseUrl}/models` : `${baseUrl}/deployments?api-version=${dated}`;
      const answer = (await readEndpoint(url, { headers, signal })) as { data?: unknown };
      const rows = Array.isArray(answer.data) ? (answer.data as { id?: unknown }[]) : [];
      return rows.flatMap(({ id }) => (typeof id === 'string' ? [{ name: id, contextTokens: null }] : []));
    },
  };
}

/** People paste the resource's address, with or without the path of its API behind it. */
function placeOf(values: ProviderValues): { readonly baseUrl: string; readonly dated: string | null } {
  const given = endpointUrl(values['baseUrl'] ?? '').replace(/\/openai(?:\/v1)?$/, '');
  const version = values['apiVersion'] ?? 'v1';
  if (version !== 'v1' && !/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(version)) {
    throw new DomainError('invalid_api_version', 'invalid', {
      message: `'${version}' is no API version; write v1 or a date such as 2025-04-01-preview.`,
    });
  }
  return version === 'v1'
    ? { baseUrl: `${given}/openai/v1`, dated: null }
    : { baseUrl: `${given}/openai`, dated: version };
}

async function entraTokens(): Promise<() => Promise<string>> {
  const { DefaultAzureCredential, getBearerTokenProvider } = await import('@azure/identity');
  const token = getBearerTokenProvider(new DefaultAzureCredential(), scope);
  return () =>
    token().catch((cause: unknown) => {
      const [said = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      throw new DomainError('sign_in_failed', 'unavailable', {
        message: `Signing in with Entra ID failed: ${said.slice(0, 300)} Sign this machine in (az login, a managed identity, AZURE_CLIENT_ID and the like), or enter a key.`,
        cause,
      });
    });
}
