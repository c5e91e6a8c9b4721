import type { OwnAgent } from '@devfactory/contracts';
import type { Agent } from '@devfactory/kit';
import { createAcpAgent } from './acp-agent.ts';
import { programs } from './programs/list.ts';
import { ownProgram } from './programs/own-program.ts';

/** Every agent in the list of programs. */
export function createAcpAgents(): Agent[] {
  return programs.map((program) => createAcpAgent(program));
}

/** An agent that a person described. */
export function createOwnAgent(own: OwnAgent): Agent {
  return createAcpAgent(ownProgram(own));
}

export { createAcpAgent } from './acp-agent.ts';
export type { AcpProgram } from './programs/program.ts';
