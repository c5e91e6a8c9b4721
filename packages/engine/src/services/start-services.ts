import {
  type BackgroundProcess,
  DomainError,
  serviceAddresses,
  type ServiceName,
  type Workspace,
} from '@devfactory/kit';
import { findServices, missingServices, services } from './find-services.ts';

const startMs = 90_000;
/** A service outlives every command of its sandbox, and nothing else. */
const longestMs = 7 * 24 * 60 * 60 * 1000;
const saidBytes = 16 * 1024;

/** What every command of a sandbox with these services is given. */
export function serviceEnv(names: readonly ServiceName[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => Object.entries(serviceAddresses[name].env)));
}

/** Starts one and waits until it answers. It ends with its sandbox. Throws DomainError service_missing, service_failed. */
export async function startService(workspace: Workspace, name: ServiceName): Promise<BackgroundProcess> {
  const [missing] = missingServices(await findServices(workspace, [name]));
  if (missing !== undefined) throw new DomainError('service_missing', 'unavailable', { message: missing });
  const { run, ready } = services[name];
  const argv = ['/bin/bash', '-c', withData(name, run)];
  // The app that uses it may be a preview, which stays when the agent's work is over.
  const process = await workspace.start({ argv, timeoutMs: longestMs, outputBytes: saidBytes }, { lasting: true });
  const ended = new AbortController();
  void process.exited.then(
    () => ended.abort(),
    () => ended.abort(),
  );
  const wait = `until (${withData(name, ready)}) >/dev/null 2>&1; do sleep 0.05; done`;
  const waited = await workspace
    .exec({ argv: ['/bin/bash', '-c', wait], timeoutMs: startMs }, ended.signal)
    .catch((error: unknown) => {
      if (!ended.signal.aborted) throw error;
      return null;
    });
  if (waited?.exitCode === 0 && !ended.signal.aborted) return process;
  const said = process.output().trim().slice(-1500);
  await process.kill();
  throw new DomainError('service_failed', 'unavailable', {
    message: `${serviceAddresses[name].title} did not start in the sandbox: ${said === '' ? 'it said nothing.' : said}`,
  });
}

/** All of them, side by side. */
export async function startServices(workspace: Workspace, names: readonly ServiceName[]): Promise<void> {
  await Promise.all(names.map((name) => startService(workspace, name)));
}

function withData(name: ServiceName, script: string): string {
  return `data="$HOME/.devfactory/services/${name}"\n${script}`;
}
