import { randomBytes } from 'node:crypto';
import {
  DomainError,
  type ExecResult,
  type SourceView,
  type Toolchain,
  type Workspace,
  type WorkspaceDriver,
  type WorkspaceLimits,
} from '@devfactory/kit';

const mebibyte = 1024 * 1024;
const limits: WorkspaceLimits = {
  memoryBytes: 512 * mebibyte,
  processes: 64,
  cpus: 1,
  diskBytes: 64 * mebibyte,
  files: 1000,
  tmpBytes: 16 * mebibyte,
};
const lookMs = 60_000;
const script = 'for tool; do command -v "$tool" >/dev/null 2>&1 && printf "%s\\n" "$tool"; done; :';

/** An empty sandbox without a way out, for a look at the machine as sandboxes see it. Throws what the driver's `open` throws. */
export async function inProbe<T>(driver: WorkspaceDriver, look: (workspace: Workspace) => Promise<T>): Promise<T> {
  const id = `probe-${randomBytes(6).toString('hex')}`;
  const workspace = await driver.open({ id, limits, egress: [] });
  try {
    return await look(workspace);
  } finally {
    await workspace.close();
    await driver.remove(id);
  }
}

/** Those of the toolchains' commands that are there: what lies where a sandbox's user cannot go does not count. */
export async function toolsThere(
  workspace: Pick<Workspace, 'exec'>,
  toolchains: readonly Toolchain[],
): Promise<ReadonlySet<string>> {
  const commands = [...new Set(toolchains.flatMap(({ needs }) => needs.map(({ command }) => command)))];
  const { stdout, exitCode } = await workspace.exec({
    argv: ['sh', '-c', script, 'tools', ...commands],
    timeoutMs: lookMs,
  });
  // Cut short it would say that all is missing.
  if (exitCode !== 0)
    throw new DomainError('tools_unseen', 'unavailable', {
      message: 'Which tools this machine has could not be seen: it is too busy to say so within a minute.',
    });
  return new Set(stdout.split('\n'));
}

/** Each sentence says what is missing or too old, and the one command that mends it. Nothing of the project is executed. */
export async function toolTroubles(
  workspace: Pick<Workspace, 'exec'>,
  kinds: readonly { readonly toolchain: Toolchain; readonly source: SourceView }[],
): Promise<readonly string[]> {
  const there = await toolsThere(
    workspace,
    kinds.map(({ toolchain }) => toolchain),
  );
  const missing = kinds.flatMap(({ toolchain }) => toolchain.needs).filter(({ command }) => !there.has(command));
  if (missing.length > 0) {
    const [commands, packages] = [
      missing.map(({ command }) => command),
      missing.map(({ debianPackage }) => debianPackage),
    ];
    return [
      `This machine lacks ${[...new Set(commands)].join(', ')}, which this project's checks need. Install with: sudo apt-get install -y ${[...new Set(packages)].join(' ')}`,
    ];
  }
  const old = await Promise.all(kinds.map((kind) => tooOld(workspace, kind)));
  return old.filter((sentence) => sentence !== null);
}

async function tooOld(
  workspace: Pick<Workspace, 'exec'>,
  { toolchain, source }: { readonly toolchain: Toolchain; readonly source: SourceView },
): Promise<string | null> {
  const wanted = (await toolchain.leastVersion?.(source)) ?? null;
  if (wanted === null) return null;
  const there = versionIn(await workspace.exec({ argv: wanted.argv, timeoutMs: 30_000 }));
  if (there === null || compareVersions(there, wanted.version) >= 0) return null;
  return `This machine's ${toolchain.title} tools are version ${there}, and the project asks for ${wanted.version}. ${wanted.fix}`;
}

/** The first version in what a tool says of itself; null when it says none, which is no reason to refuse anything. */
function versionIn({ stdout, stderr }: ExecResult): string | null {
  return /\d+(?:\.\d+)*/.exec(`${stdout}\n${stderr}`)?.[0] ?? null;
}

/** Below 0 when `a` is older. Parts that are not given count as 0. */
function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < Math.max(ours?.length ?? 0, theirs?.length ?? 0); part += 1) {
    const difference = (ours?.[part] ?? 0) - (theirs?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
