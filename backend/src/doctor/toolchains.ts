import { randomBytes } from 'node:crypto';
import type { DoctorCheck } from '@devfactory/contracts';
import { DomainError, type Toolchain, type WorkspaceDriver, type WorkspaceSpec } from '@devfactory/kit';
import { check } from './check.ts';

const mebibyte = 1024 * 1024;
const limits: WorkspaceSpec['limits'] = {
  memoryBytes: 512 * mebibyte,
  processes: 64,
  cpus: 1,
  diskBytes: 64 * mebibyte,
  files: 1000,
  tmpBytes: 16 * mebibyte,
};
const script = 'for tool; do command -v "$tool" >/dev/null 2>&1 && printf "%s\\n" "$tool"; done; :';

/** Which languages can be built and checked here, as a sandbox sees it: what lies where its user cannot go does not count. */
export async function toolchainTools(
  driver: WorkspaceDriver,
  toolchains: readonly Toolchain[],
): Promise<DoctorCheck[]> {
  const commands = [...new Set(toolchains.flatMap(({ needs }) => needs.map(({ command }) => command)))];
  const id = `doctor-${randomBytes(6).toString('hex')}`;
  try {
    const workspace = await driver.open({ id, limits, egress: [] });
    try {
      const { stdout } = await workspace.exec({ argv: ['sh', '-c', script, 'tools', ...commands], timeoutMs: 15_000 });
      const there = new Set(stdout.split('\n'));
      return toolchains.map((toolchain) => line(toolchain, there));
    } finally {
      await workspace.close();
      await driver.remove(id);
    }
  } catch (error) {
    // The sandbox's own line in the report says what is wrong with it.
    if (error instanceof DomainError) return [];
    throw error;
  }
}

function line({ title, needs }: Toolchain, there: ReadonlySet<string>): DoctorCheck {
  const name = `${title} projects`;
  const missing = needs.filter(({ command }) => !there.has(command));
  if (missing.length === 0)
    return check(name, 'ok', { found: `sandboxes have ${needs.map(({ command }) => command).join(', ')}` });
  return check(name, 'warning', {
    found: `no ${missing.map(({ command }) => command).join(', ')}; ${title} projects cannot be built or checked here`,
    fix: `sudo apt-get install -y ${[...new Set(missing.map(({ debianPackage }) => debianPackage))].join(' ')}`,
  });
}
