import { AgentCard, AgentInGallery } from '@devfactory/contracts';
import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import type { Plugins } from '../composition.ts';
import { Models } from '../models/models.ts';
import { plugins } from '../server/parts.ts';
import { agentCards } from './agent-cards.ts';
import { AgentGallery } from './agent-gallery.ts';

@ApiTags('agents')
@Controller('api/agents')
export class AgentsController {
  constructor(
    @Inject(plugins) private readonly plugins: Plugins,
    @Inject(Models) private readonly models: Models,
    @Inject(AgentGallery) private readonly agents: AgentGallery,
  ) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'Agents that can do a run.' })
  @ApiOkResponse({ standardSchema: z.array(AgentCard) })
  async list(): Promise<AgentCard[]> {
    return agentCards(this.plugins.agents, { anyModel: await this.models.anyUsable() });
  }

  @Get('gallery')
  @Allow('person')
  @ApiOperation({ summary: 'Agents with what is fetched of them, and how the last run of each went.' })
  @ApiOkResponse({ standardSchema: z.array(AgentInGallery) })
  async gallery(): Promise<AgentInGallery[]> {
    return this.agents.list({ anyModel: await this.models.anyUsable() });
  }

  @Post(':id/fetch')
  @Allow('person')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Begins to fetch an agent’s program from npm, before a run does; the gallery tells how far it is.',
  })
  @ApiAcceptedResponse({ standardSchema: z.array(AgentInGallery) })
  async fetch(@Param('id') id: string): Promise<AgentInGallery[]> {
    await this.agents.fetch(id);
    return this.gallery();
  }
}
