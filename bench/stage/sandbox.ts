import { defaultLimits } from '@devfactory/engine';
import type { Workspace } from '@devfactory/kit';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import type { Bench } from './bench.ts';

/** An open workspace in a real sandbox. Throws with what mends it when this machine cannot make one. */
export async function openSandbox(bench: Bench, dataDir: string): Promise<Workspace> {
  const driver = createBwrapDriver({ dataDir });
  const probe = await driver.probe();
  if (!probe.usable) throw new Error(`no sandbox on this machine: ${probe.found} ${probe.fix}`);
  const workspace = await driver.open({ id: 'bench', limits: defaultLimits.workspace, egress: [] });
  bench.after(async () => {
    await workspace.close();
    await driver.remove(workspace.id);
  });
  return workspace;
}
