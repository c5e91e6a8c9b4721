import { AgentCard } from '@devfactory/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import type { Plugins } from '../composition.ts';
import { plugins } from '../server/parts.ts';
import { agentCards } from './agent-cards.ts';

@ApiTags('agents')
@Controller('api/agents')
export class AgentsController {
  constructor(@Inject(plugins) private readonly plugins: Plugins) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'Agents that can do a run.' })
  @ApiOkResponse({ standardSchema: z.array(AgentCard) })
  list(): AgentCard[] {
    return agentCards(this.plugins.agents);
  }
}
