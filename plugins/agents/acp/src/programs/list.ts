import { openCodeConfig } from './open-code.ts';
import type { AcpProgram } from './program.ts';

/** Agents that are known to speak ACP. One more is one entry here; docs/guides/add-an-agent.md says how. */
export const programs: readonly AcpProgram[] = [
  {
    id: 'opencode',
    title: 'opencode',
    note: 'The open-source agent of SST.',
    program: {
      package: 'opencode-ai',
      version: '1.18.33',
      setup: ['node', 'node_modules/opencode-ai/postinstall.mjs'],
    },
    wire: 'chat-completions',
    command: ['opencode', 'acp'],
    settings: (models) => ({
      env: { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' },
      files: { '.config/opencode/opencode.json': openCodeConfig(models) },
    }),
  },
  {
    id: 'gemini',
    title: 'Gemini CLI',
    note: "Google's open-source agent.",
    program: { package: '@google/gemini-cli', version: '0.61.0' },
    wire: 'generate-content',
    command: ['gemini', '--acp', '--skip-trust', '-m', 'gemini-2.5-pro'],
    settings: (models) => ({
      env: { GEMINI_API_KEY: models.token, GOOGLE_GEMINI_BASE_URL: models.url },
      files: {
        '.gemini/settings.json': JSON.stringify({
          security: { auth: { selectedType: 'gemini-api-key' } },
          general: { disableAutoUpdate: true },
          privacy: { usageStatisticsEnabled: false },
        }),
      },
    }),
  },
  {
    id: 'qwen',
    title: 'Qwen Code',
    note: "Alibaba's open-source agent, a descendant of Gemini CLI.",
    program: { package: '@qwen-code/qwen-code', version: '0.24.4' },
    wire: 'chat-completions',
    command: ['qwen', '--acp', '-m', 'model'],
    settings: (models) => ({
      env: { OPENAI_API_KEY: models.token, OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_MODEL: 'model' },
      files: {
        '.qwen/settings.json': JSON.stringify({
          security: { auth: { selectedType: 'openai' } },
          general: { disableAutoUpdate: true },
          privacy: { usageStatisticsEnabled: false },
        }),
      },
    }),
  },
  {
    id: 'codex',
    title: 'Codex',
    note: "OpenAI's open-source agent.",
    program: { package: '@agentclientprotocol/codex-acp', version: '2.6.0' },
    wire: 'responses',
    command: ['codex-acp'],
    settings: (models) => ({
      env: { FACTORY_KEY: models.token, OPENAI_API_KEY: models.token, CODEX_API_KEY: models.token },
      files: {
        '.codex/config.toml': [
          'model = "gpt-5.1-codex"',
          'model_provider = "factory"',
          '[model_providers.factory]',
          'name = "AI DevFactory"',
          `base_url = "${models.url}/v1"`,
          'wire_api = "responses"',
          'env_key = "FACTORY_KEY"',
          '',
        ].join('\n'),
      },
    }),
    // It would put a sandbox of its own around each command, which cannot be made inside another one; in this mode it does not ask.
    mode: 'agent-full-access',
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    note: "Anthropic's agent.",
    program: { package: '@agentclientprotocol/claude-agent-acp', version: '0.101.0' },
    wire: 'messages',
    command: ['claude-agent-acp'],
    settings: (models) => ({
      env: {
        ANTHROPIC_BASE_URL: models.url,
        ANTHROPIC_API_KEY: models.token,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_TELEMETRY: '1',
        DISABLE_AUTOUPDATER: '1',
      },
      files: {},
    }),
    mode: 'default',
  },
  {
    id: 'kilo',
    title: 'Kilo Code',
    note: 'An open-source agent, a descendant of opencode.',
    program: {
      package: '@kilocode/cli',
      version: '7.7.7',
      setup: ['node', 'node_modules/@kilocode/cli/postinstall.mjs'],
    },
    wire: 'chat-completions',
    command: ['kilo', 'acp'],
    settings: (models) => ({
      env: { KILO_DISABLE_MODELS_FETCH: '1' },
      files: { '.config/kilo/kilo.json': openCodeConfig(models) },
    }),
  },
];
