import type { WorkspaceSpec } from '@devfactory/kit';
import { defaultLimits, type EngineDeps } from '../deps.ts';

export function runWorkspaceId(runId: string): string {
  return runId.replace('_', '-');
}

/** A run's workspace as its agent has it, and whoever works in it beside the agent. */
export function runWorkspace(deps: Pick<EngineDeps, 'toolchains' | 'limits'>, runId: string): WorkspaceSpec {
  const limits = { ...defaultLimits, ...deps.limits };
  return {
    id: runWorkspaceId(runId),
    limits: limits.workspace,
    egress: [...deps.toolchains.flatMap((toolchain) => toolchain.registryHosts), ...limits.egress, ...limits.docsHosts],
  };
}
