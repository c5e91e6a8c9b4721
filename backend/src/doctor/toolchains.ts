import type { DoctorCheck } from '@devfactory/contracts';
import { findBrowser, findServices, inProbe, toolsThere } from '@devfactory/engine';
import { DomainError, ServiceName, type Toolchain, type WorkspaceDriver } from '@devfactory/kit';
import { check } from './check.ts';

/** Which languages can be built and checked here, and which test services a project may ask for, and whether there is a browser, as a sandbox sees it: what lies where its user cannot go does not count. */
export async function toolchainTools(
  driver: WorkspaceDriver,
  toolchains: readonly Toolchain[],
): Promise<DoctorCheck[]> {
  try {
    const { there, services, browser } = await inProbe(driver, async (workspace) => ({
      there: await toolsThere(workspace, toolchains),
      services: await findServices(workspace, ServiceName.options),
      browser: await findBrowser(workspace),
    }));
    return [
      ...toolchains.map((toolchain) => line(toolchain, there)),
      ...services.map(({ title, found, fix }) =>
        check(`${title} for tests`, found === null ? 'warning' : 'ok', {
          found: found ?? 'not found; projects that ask for it in devfactory.json cannot be checked here',
          fix: found === null ? fix : '',
        }),
      ),
      check('browser for checks', browser.found === null ? 'warning' : 'ok', {
        found:
          browser.found ?? 'not found; nothing can be proven with a browser here, and previews have no screenshots',
        fix: browser.found === null ? browser.fix : '',
      }),
    ];
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
