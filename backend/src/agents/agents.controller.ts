import { AgentCard } from '@devfactory/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import type { Plugins } from '../composition.ts';
import { Models } from '../models/models.ts';
import { plugins } from '../server/parts.ts';
import { agentCards } from './agent-cards.ts';

@ApiTags('agents')
@Controller('api/agents')
export class AgentsController {
  constructor(
    @Inject(plugins) private readonly plugins: Plugins,
    @Inject(Models) private readonly models: Models,
  ) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'Agents that can do a run.' })
  @ApiOkResponse({ standardSchema: z.array(AgentCard) })
  async list(): Promise<AgentCard[]> {
    return agentCards(this.plugins.agents, { anyModel: await this.models.anyUsable() });
  }
}
