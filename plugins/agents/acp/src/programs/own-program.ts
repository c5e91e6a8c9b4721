import { wireEnvironments, type OwnAgent } from '@devfactory/contracts';
import type { SandboxModels } from '@devfactory/kit';
import type { AcpProgram } from './program.ts';

/** An agent that a person described, as one of ours are described. */
export function ownProgram(own: OwnAgent): AcpProgram {
  const [command = '', ...words] = own.command;
  const env = own.env ?? wireEnvironments[own.wire];
  return {
    id: own.id,
    title: own.title,
    note: own.note === '' ? 'An agent of your own.' : own.note,
    program: own.package ? { package: own.package.name, version: own.package.version } : null,
    wire: own.wire,
    command: [command, ...words],
    settings: (models) => ({
      env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, filled(text, models)])),
      files: Object.fromEntries(own.files.map(({ path, text }) => [path, filled(text, models)])),
    }),
    ...(own.mode === null ? {} : { mode: own.mode }),
  };
}

/** The text with what only a run knows in its places. */
function filled(text: string, { url, token, ref, contextTokens, outputTokens }: SandboxModels): string {
  const known: Readonly<Record<string, string>> = {
    url,
    token,
    model: ref,
    context: String(contextTokens),
    output: String(outputTokens),
  };
  return text.replaceAll(/\{([a-z]+)\}/g, (place, name: string) => known[name] ?? place);
}
