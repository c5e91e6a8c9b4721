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

interface Known {
  /** Whoever began it may end it for everybody who waits for it. */
  readonly signal: AbortSignal | null;
  readonly whole: Promise<void>;
  state: 'fetching' | 'ready';
}

interface OfDriver {
  /** One installation at a time for each program; what is there is asked for once in a process. */
  readonly known: Map<string, Known>;
  /** Looks that go on: a folder is opened by one at a time. */
  readonly looks: Map<string, Promise<boolean>>;
}

const drivers = new WeakMap<WorkspaceDriver, OfDriver>();

function ofDriver(driver: WorkspaceDriver): OfDriver {
  const found = drivers.get(driver) ?? { known: new Map<string, Known>(), looks: new Map<string, Promise<boolean>>() };
  drivers.set(driver, found);
  return found;
}

/**
 * Whether an agent's program is here, and the bytes it takes now: they grow while it is fetched. Null bytes: none, or the driver does not
 * measure. Throws what opening a workspace throws.
 */
export async function programState(
  program: AgentProgram,
  { driver, limits }: Pick<Installing, 'driver' | 'limits'>,
): Promise<{ readonly state: 'absent' | 'fetching' | 'ready'; readonly bytes: number | null }> {
  const id = folderOf(program);
  const { known } = ofDriver(driver);
  if (!known.has(id) && (await driver.list()).includes(id) && (await isWhole(id, { driver, limits })) && !known.has(id))
    known.set(id, { signal: null, whole: Promise.resolve(), state: 'ready' });
  const state = known.get(id)?.state ?? 'absent';
  return { state, bytes: state === 'absent' ? null : ((await driver.usage?.(id))?.bytes ?? null) };
}

/** An agent's program as its runs' sandboxes see it; nothing before it was installed or found in this process. */
export async function programMounts(
  driver: WorkspaceDriver,
  program: AgentProgram | undefined,
): Promise<WorkspaceMount[]> {
  const workspace = program ? folderOf(program) : '';
  const installed = drivers.get(driver)?.known.get(workspace);
  if (!installed) return [];
  await installed.whole;
  return [{ workspace, path: 'node_modules', at: '/mnt/agent/node_modules' }];
}

/**
 * Installs an agent's package from npm in a sandbox of its own, unless it is there: no script of any package runs, and nothing but this
 * ever writes there. Throws DomainError agent_not_installed with npm's own words.
 */
export async function installProgram(program: AgentProgram, installing: Installing): Promise<void> {
  const { known } = ofDriver(installing.driver);
  const id = folderOf(program);
  const { signal } = installing;
  for (;;) {
    const begun: Known = known.get(id) ?? { signal, whole: install(program, installing), state: 'fetching' };
    known.set(id, begun);
    try {
      await begun.whole;
      begun.state = 'ready';
      return;
    } catch (error) {
      // Whoever waited longer may find that the next one has begun.
      if (known.get(id) === begun) known.delete(id);
      // What somebody else called off is still wanted here.
      if (begun.signal === signal || begun.signal?.aborted !== true || signal.aborted) throw error;
    }
  }
}

/** Takes an agent's program off this machine; it is fetched anew at its next use. Nothing may run that has it in sight. Throws program_fetching. */
export async function removeProgram(program: AgentProgram, { driver }: Pick<Installing, 'driver'>): Promise<void> {
  const id = folderOf(program);
  const { known, looks } = ofDriver(driver);
  if (known.get(id)?.state === 'fetching')
    throw new DomainError('program_fetching', 'conflict', {
      message: `${program.package} ${program.version} is being fetched; end that first.`,
    });
  known.delete(id);
  await looks.get(id);
  known.delete(id);
  if ((await driver.list()).includes(id)) await driver.remove(id);
}

async function install(program: AgentProgram, installing: Installing): Promise<void> {
  const { driver, limits, egress, tell } = installing;
  const id = folderOf(program);
  const spec = { id, limits, egress };
  if ((await driver.list()).includes(id)) {
    if (await isWhole(id, { driver, limits })) return;
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
  } catch (error) {
    await workspace.close();
    // What was called off is of no use to anybody; what failed is looked at by people.
    if (installing.signal.aborted) await driver.remove(id);
    throw error;
  }
  await workspace.close();
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

function isWhole(id: string, { driver, limits }: Pick<Installing, 'driver' | 'limits'>): Promise<boolean> {
  const { looks } = ofDriver(driver);
  const look = looks.get(id) ?? lookAt(id, { driver, limits }).finally(() => looks.delete(id));
  looks.set(id, look);
  return look;
}

async function lookAt(id: string, { driver, limits }: Pick<Installing, 'driver' | 'limits'>): Promise<boolean> {
  const workspace = await driver.open({ id, limits, egress: [] });
  try {
    return await workspace.files.read(doneMark).then(
      () => true,
      () => false,
    );
  } finally {
    await workspace.close();
  }
}

function folderOf({ package: name, version }: AgentProgram): string {
  const plain = name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const digest = createHash('sha256').update(`${name}@${version}`).digest('hex').slice(0, 12);
  return `agent-${plain.slice(0, 40)}-${digest}`;
}
