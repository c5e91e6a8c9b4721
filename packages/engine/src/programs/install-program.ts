import { createHash } from 'node:crypto';
import type { Fact } from '@devfactory/contracts';
import {
  DomainError,
  type AgentProgram,
  type Workspace,
  type WorkspaceDriver,
  type WorkspaceLimits,
  type WorkspaceMount,
} from '@devfactory/kit';

export interface Installing {
  readonly driver: WorkspaceDriver;
  readonly limits: WorkspaceLimits;
  /** Hosts of the npm registry. */
  readonly egress: readonly string[];
  readonly tell: (fact: Fact) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Written last, so that a folder without it is one whose installation was cut short. */
const doneMark = '.devfactory-installed';
const installMs = 15 * 60_000;

/** One installation at a time for each program of a driver; what is there is asked for once in a process. */
const known = new WeakMap<WorkspaceDriver, Map<string, Promise<void>>>();

/** An agent's program as its runs' sandboxes see it; nothing before it was installed or found in this process. */
export async function programMounts(
  driver: WorkspaceDriver,
  program: AgentProgram | undefined,
): Promise<WorkspaceMount[]> {
  const workspace = program ? folderOf(program) : '';
  const installed = known.get(driver)?.get(workspace);
  if (!installed) return [];
  await installed;
  return [{ workspace, path: 'node_modules', at: '/mnt/agent/node_modules' }];
}

/**
 * Installs an agent's package from npm in a sandbox of its own, unless it is there: no script of any package runs, and nothing but this
 * ever writes there. Throws DomainError agent_not_installed with npm's own words.
 */
export async function installProgram(program: AgentProgram, installing: Installing): Promise<void> {
  const { driver } = installing;
  const ofDriver = known.get(driver) ?? new Map<string, Promise<void>>();
  known.set(driver, ofDriver);
  const id = folderOf(program);
  const begun = ofDriver.get(id) ?? install(program, installing);
  ofDriver.set(id, begun);
  try {
    await begun;
  } catch (error) {
    ofDriver.delete(id);
    throw error;
  }
}

async function install(program: AgentProgram, installing: Installing): Promise<void> {
  const { driver, limits, egress, tell } = installing;
  const id = folderOf(program);
  const spec = { id, limits, egress };
  if ((await driver.list()).includes(id)) {
    const before = await driver.open({ ...spec, egress: [] });
    const done = await isDone(before);
    await before.close();
    if (done) return;
    // What an installation left that was cut short is not built upon.
    await driver.remove(id);
  }
  const { package: name, version } = program;
  const began = performance.now();
  await tell({ type: 'agent.installing', data: { package: name, version } });
  const workspace = await driver.open(spec);
  try {
    await npmInstall(workspace, program, installing.signal);
    await workspace.files.write(doneMark, new Uint8Array());
  } finally {
    await workspace.close();
  }
  const durationMs = Math.round(performance.now() - began);
  await tell({ type: 'agent.installed', data: { package: name, version, durationMs } });
}

async function npmInstall(workspace: Workspace, program: AgentProgram, signal: AbortSignal): Promise<void> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const commands = [
    ['npm', 'install', ...options, '--', `${program.package}@${program.version}`],
    ...(program.setup ? [program.setup] : []),
    // Sandboxes have users of their own.
    ['chmod', '-R', 'a+rX', 'node_modules'],
  ];
  for (const argv of commands) {
    const result = await workspace.exec({ argv, timeoutMs: installMs, env: { NODE_OPTIONS: '' } }, signal);
    if (result.exitCode === 0) continue;
    throw new DomainError('agent_not_installed', 'unavailable', {
      message: `${program.package} ${program.version} could not be fetched from npm: ${(result.stderr || result.stdout).trim().slice(-1500) || 'it took too long'}`,
    });
  }
}

async function isDone(workspace: Workspace): Promise<boolean> {
  return workspace.files.read(doneMark).then(
    () => true,
    () => false,
  );
}

function folderOf({ package: name, version }: AgentProgram): string {
  const plain = name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const digest = createHash('sha256').update(`${name}@${version}`).digest('hex').slice(0, 12);
  return `agent-${plain.slice(0, 40)}-${digest}`;
}
