import type { Agent } from '@devfactory/kit';
import { createAcpAgent } from './acp-agent.ts';
import { programs } from './programs/list.ts';

/** Every agent in the list of programs. */
export function createAcpAgents(): Agent[] {
  return programs.map((program) => createAcpAgent(program));
}

export { createAcpAgent } from './acp-agent.ts';
export type { AcpProgram } from './programs/program.ts';
