import type { DoctorCheck } from '@devfactory/contracts';
import { inProbe, toolsThere } from '@devfactory/engine';
import { DomainError, type Toolchain, type WorkspaceDriver } from '@devfactory/kit';
import { check } from './check.ts';

/** Which languages can be built and checked here, as a sandbox sees it: what lies where its user cannot go does not count. */
export async function toolchainTools(
  driver: WorkspaceDriver,
  toolchains: readonly Toolchain[],
): Promise<DoctorCheck[]> {
  try {
    const there = await inProbe(driver, (workspace) => toolsThere(workspace, toolchains));
    return toolchains.map((toolchain) => line(toolchain, there));
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
