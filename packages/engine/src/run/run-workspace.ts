import type { RunState } from '@devfactory/contracts';
import type { WorkspaceSpec } from '@devfactory/kit';
import { defaultLimits, type EngineDeps } from '../deps.ts';
import { programMounts } from '../programs/index.ts';

export function runWorkspaceId(runId: string): string {
  return runId.replace('_', '-');
}

/** A run's workspace as its agent has it, and whoever works in it beside the agent. */
export async function runWorkspace(
  deps: Pick<EngineDeps, 'toolchains' | 'limits' | 'agents' | 'driver'>,
  { id, agent }: Pick<RunState, 'id' | 'agent'>,
): Promise<WorkspaceSpec> {
  const limits = { ...defaultLimits, ...deps.limits };
  const mounts = await programMounts(deps.driver, deps.agents.get(agent)?.program);
  return {
    id: runWorkspaceId(id),
    ...(mounts.length === 0 ? {} : { mounts }),
    limits: limits.workspace,
    egress: [...deps.toolchains.flatMap((toolchain) => toolchain.registryHosts), ...limits.egress, ...limits.docsHosts],
  };
}
