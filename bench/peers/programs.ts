/** Another coding agent: a package of npm that is told to work on a prompt without a person. */
export interface Peer {
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** What completes it after an installation that runs no scripts. */
  readonly setup?: readonly string[];
  /** Files of its home that lead it to the model at this address (without a path). */
  readonly files: (url: string) => Readonly<Record<string, string>>;
  readonly env?: (url: string) => Readonly<Record<string, string>>;
  /** Commands run one after the other; the last one is the work, and gets the prompt as its last word. */
  readonly commands: (url: string) => readonly (readonly string[])[];
}

/** Of loopback, where nobody looks at it. */
const key = 'none-needed';
const context = 200_000;
const output = 8192;

const json = (value: object): string => JSON.stringify(value, null, 2);

/** Those that the goals are measured against. Versions are the newest that could be installed whole when this was written. */
export const peers: readonly Peer[] = [
  {
    name: 'pi',
    package: '@earendil-works/pi-coding-agent',
    version: '0.87.1',
    files: (url) => ({
      '.pi/agent/models.json': json({
        providers: {
          bench: {
            baseUrl: `${url}/v1`,
            api: 'openai-completions',
            apiKey: key,
            models: [{ id: 'scripted', contextWindow: context, maxTokens: output }],
          },
        },
      }),
    }),
    env: () => ({ PI_OFFLINE: '1' }),
    commands: () => [['pi', '--offline', '--provider', 'bench', '--model', 'scripted', '-p']],
  },
  {
    name: 'codex',
    package: '@openai/codex',
    version: '0.169.0',
    files: (url) => ({
      '.codex/config.toml': [
        'model = "scripted"',
        'model_provider = "bench"',
        `model_context_window = ${context}`,
        '[analytics]',
        'enabled = false',
        '[model_providers.bench]',
        'name = "bench"',
        `base_url = "${url}/v1"`,
        'wire_api = "responses"',
        'env_key = "BENCH_KEY"',
        '',
      ].join('\n'),
    }),
    env: () => ({ BENCH_KEY: key }),
    commands: () => [['codex', 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox']],
  },
  {
    name: 'opencode',
    package: 'opencode-ai',
    version: '1.18.33',
    setup: ['node', 'node_modules/opencode-ai/postinstall.mjs'],
    files: (url) => ({
      '.config/opencode/opencode.json': json({
        autoupdate: false,
        share: 'disabled',
        model: 'bench/scripted',
        small_model: 'bench/scripted',
        provider: {
          bench: {
            name: 'bench',
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${url}/v1`, apiKey: key },
            models: { scripted: { name: 'scripted', tool_call: true, limit: { context, output } } },
          },
        },
      }),
    }),
    env: () => ({ OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' }),
    commands: () => [['opencode', 'run', '--auto']],
  },
  {
    name: 'gemini',
    package: '@google/gemini-cli',
    version: '0.61.0',
    files: () => ({
      '.gemini/settings.json': json({
        security: { auth: { selectedType: 'gemini-api-key' } },
        general: { disableAutoUpdate: true },
        privacy: { usageStatisticsEnabled: false },
      }),
    }),
    env: (url) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
    commands: () => [['gemini', '--yolo', '--skip-trust', '-m', 'gemini-2.5-pro', '-p']],
  },
  {
    name: 'cline',
    package: 'cline',
    version: '3.0.65',
    files: () => ({}),
    env: () => ({ CLINE_TELEMETRY_DISABLED: '1' }),
    commands: (url) => [
      ['cline', 'auth', '--provider', 'openai', '--apikey', key, '--modelid', 'scripted', '--baseurl', `${url}/v1`],
      ['cline', '--auto-approve', 'true'],
    ],
  },
];
