import type { BrowserCheck, HttpCheck } from '@devfactory/contracts';
import { type Command, serviceAddresses } from '@devfactory/kit';
import { failed, type Outcome } from '../outcome.ts';
import { openCheckSandbox } from '../sandbox/check-sandbox.ts';
import { inProject } from '../sandbox/verifying.ts';
import { App } from './app.ts';
import type { Clock, Execution } from './execution.ts';

/** Fixed: each sandbox has a network of its own. */
export const appPort = 8000;

/** The project's app in the execution's own sandbox, not started yet; null where no way to start it is known. */
export async function appUnder(execution: Execution<HttpCheck | BrowserCheck>): Promise<App | null> {
  const { verifying, prepared, spec, sandbox } = execution;
  const command = serveCommand(execution);
  if (!command) return null;
  const workspace = await openCheckSandbox(verifying, { id: sandbox, prepared, files: [] });
  const { timeoutMs: _, env, ...start } = inProject(command, prepared.binPaths);
  return new App(workspace, {
    command: { ...start, env: { ...env, ...spec.env, HOST: '127.0.0.1', PORT: String(appPort) } },
    port: appPort,
    takenPorts: prepared.services.map((name) => serviceAddresses[name].port),
  });
}

export function noApp(): Outcome {
  const excerpt =
    'No way to start this app is known: there is no start script, no known entry file and no "serve" in devfactory.json.';
  return failed('absent', { command: 'start the app', excerpt });
}

/** Null when it accepts connections; else what comes of a check whose app does not. */
export async function startApp(
  app: App,
  { clock, lines }: { readonly clock: Clock; readonly lines: readonly string[] },
  signal: AbortSignal,
): Promise<Outcome | null> {
  const trouble = await app.start(clock, signal);
  if (!trouble) return null;
  const words = {
    command: [...lines, 'start the app'].join('; '),
    exitCode: trouble.exitCode,
    excerpt: `${trouble.sentence}\n${app.output().slice(-1500)}`,
  };
  return failed(trouble.timedOut ? 'timeout' : 'absent', words);
}

function serveCommand({ prepared }: Execution): Command | null {
  for (const { project } of prepared.recognised) {
    const command = project.serve(appPort);
    if (command) return command;
  }
  return null;
}
