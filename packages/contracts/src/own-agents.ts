import { z } from 'zod';

/** What an agent's own program speaks with the run's model; the server translates for whichever model was chosen. */
export const WireFormat = z.enum(['chat-completions', 'responses', 'messages', 'generate-content']);
export type WireFormat = z.infer<typeof WireFormat>;

/** What stands in the settings of an agent for what only a run knows. */
export const agentPlaces = ['url', 'token', 'model', 'context', 'output'] as const;

/** Environment by which most programs of a format are led to another address. `{token}` stands in the place of a key. */
export const wireEnvironments: Readonly<Record<WireFormat, Readonly<Record<string, string>>>> = {
  'chat-completions': { OPENAI_BASE_URL: '{url}/v1', OPENAI_API_KEY: '{token}', OPENAI_MODEL: 'model' },
  responses: { OPENAI_BASE_URL: '{url}/v1', OPENAI_API_KEY: '{token}', OPENAI_MODEL: 'model' },
  messages: { ANTHROPIC_BASE_URL: '{url}', ANTHROPIC_API_KEY: '{token}', ANTHROPIC_MODEL: 'model' },
  'generate-content': { GOOGLE_GEMINI_BASE_URL: '{url}', GEMINI_API_KEY: '{token}', GEMINI_MODEL: 'model' },
};

/** Others would lead the sandbox's own programs astray; HOME is a folder of the agent's own. */
const kept = ['HOME', 'PATH', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !text.includes('\0'), 'must be text');

const template = plainText(4000).refine(
  (text) => unknownPlaces(text).length === 0,
  `names in braces are ${agentPlaces.map((name) => `{${name}}`).join(', ')}`,
);

export const OwnAgentId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'is small letters, digits and hyphens, begins with a letter, 40 at most');

/** Body of POST /api/agents: an agent of a person's own, a program that speaks the Agent Client Protocol on standard input and output. */
export const OwnAgent = z
  .strictObject({
    id: OwnAgentId,
    title: z.string().trim().min(1).max(60),
    note: z.string().trim().max(300).default(''),
    package: z
      .strictObject({
        name: z
          .string()
          .max(214)
          .regex(/^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/, 'is not the name of an npm package'),
        version: z
          .string()
          .max(100)
          .regex(
            /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/,
            'is one exact version, e.g. 1.4.0, and no range or tag',
          ),
      })
      .nullable()
      .default(null)
      .describe('fetched from npm at its first use, without scripts; null: a program that is in the sandbox'),
    command: z
      .array(plainText(500).min(1))
      .min(1)
      .max(40)
      .describe('the package’s command, or a program that is in the sandbox, and its arguments'),
    wire: WireFormat.describe('what it speaks with the model'),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is not the name of a variable'), template)
      .refine((env) => Object.keys(env).length <= 40, 'are 40 at most')
      .optional()
      .describe('its environment, with places as in {url}; left out: what is usual for its format'),
    files: z
      .array(
        z.strictObject({
          path: z
            .string()
            .max(200)
            .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'is a path below its home'),
          text: plainText(20_000),
        }),
      )
      .max(10)
      .default([])
      .describe('what lies in its home at its start; the same places are filled in, other braces stay'),
    mode: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('a session mode in which it asks before it acts'),
  })
  .superRefine(({ package: from, command, env = {}, files }, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (from && !/^[\w.-]+$/.test(command[0] ?? ''))
      refuse(['command', 0], 'is the name of a command that the package brings');
    for (const name of Object.keys(env))
      if (kept.includes(name.toUpperCase())) refuse(['env', name], 'is the sandbox’s own');
    if (files.some(({ path }) => path.split('/').some((part) => /^\.\.?$/.test(part))))
      refuse(['files'], 'lie below its home');
    if (new Set(files.map(({ path }) => path)).size < files.length) refuse(['files'], 'have different paths');
  });
export type OwnAgent = z.infer<typeof OwnAgent>;

/** What a template names that nobody fills in. */
function unknownPlaces(text: string): string[] {
  return [...text.matchAll(/\{([a-z]+)\}/g)].flatMap(([, name = '']) =>
    (agentPlaces as readonly string[]).includes(name) ? [] : [name],
  );
}

/** Answer to POST /api/agents/:id/try: an agent was started in a sandbox of its own and greeted; no model was asked. */
export const AgentTrial = z.object({
  ok: z.boolean(),
  sentence: z.string().describe('what was found, or why it does not work, in its own words where it said some'),
  name: z.string().describe('as it calls itself; empty when it does not say'),
  protocol: z.int().nullable().describe('version of the Agent Client Protocol that was agreed on'),
  offers: z.array(z.string()).describe('what it says it can do'),
  modes: z.array(z.string()).describe('the modes of its sessions'),
  startMs: z.int().nullable().describe('from its start until a session began'),
});
export type AgentTrial = z.infer<typeof AgentTrial>;
