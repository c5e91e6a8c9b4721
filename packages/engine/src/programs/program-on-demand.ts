import type { AgentProgram, WorkspaceDriver, WorkspaceMount } from '@devfactory/kit';
import { defaultLimits } from '../deps.ts';
import { installProgram, programMounts } from './install-program.ts';

/**
 * A program that no run asked for: installed when it is first called, and what a sandbox needs to see of it. Throws DomainError
 * agent_not_installed; may be called again then.
 */
export function programOnDemand(
  program: AgentProgram,
  { driver, egress }: { readonly driver: WorkspaceDriver; readonly egress: readonly string[] },
): (signal: AbortSignal) => Promise<readonly WorkspaceMount[]> {
  const limits = defaultLimits.workspace;
  return async (signal) => {
    await installProgram(program, { driver, limits, egress, signal, tell: () => Promise.resolve() });
    return programMounts(driver, program);
  };
}
