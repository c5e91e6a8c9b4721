import { AgentCard, AgentInGallery, AgentTrial, OwnAgent } from '@devfactory/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import type { Plugins } from '../composition.ts';
import { Models } from '../models/models.ts';
import { plugins } from '../server/parts.ts';
import { agentCards } from './agent-cards.ts';
import { AgentGallery } from './agent-gallery.ts';
import { Agents } from './agents.ts';

const OwnAgentBody = OwnAgent.meta({ id: 'OwnAgent' });
const AgentTrialBody = AgentTrial.meta({ id: 'AgentTrial' });

@ApiTags('agents')
@Controller('api/agents')
export class AgentsController {
  constructor(
    @Inject(plugins) private readonly plugins: Plugins,
    @Inject(Models) private readonly models: Models,
    @Inject(AgentGallery) private readonly agents: AgentGallery,
    @Inject(Agents) private readonly own: Agents,
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

  @Post(':id/fetch/cancel')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends the fetching that was asked for here, and takes away what came so far.' })
  @ApiOkResponse({ standardSchema: z.array(AgentInGallery) })
  async cancelFetch(@Param('id') id: string): Promise<AgentInGallery[]> {
    await this.agents.cancelFetch(id);
    return this.gallery();
  }

  @Post(':id/remove-program')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Takes an agent’s program off this machine; not while a run that has not ended works with it.',
  })
  @ApiOkResponse({ standardSchema: z.array(AgentInGallery) })
  async removeProgram(@Param('id') id: string): Promise<AgentInGallery[]> {
    await this.agents.removeProgram(id);
    return this.gallery();
  }

  @Post(':id/try')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Starts an agent in a sandbox of its own and greets it; fetches its program first. No model is asked.',
  })
  @ApiOkResponse({ standardSchema: AgentTrialBody })
  tryOut(@Param('id') id: string): Promise<AgentTrial> {
    return this.agents.tryOut(id);
  }

  @Post()
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary: 'An agent of your own: a command that speaks the Agent Client Protocol. In the place of one with its id.',
  })
  @ApiOkResponse({ standardSchema: z.array(AgentInGallery) })
  async save(@Body({ schema: OwnAgentBody }) own: OwnAgent): Promise<AgentInGallery[]> {
    await this.own.save(own);
    return this.gallery();
  }

  @Post(':id/forget')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes an agent of your own away; not while a run that has not ended works with it.' })
  @ApiOkResponse({ standardSchema: z.array(AgentInGallery) })
  async forget(@Param('id') id: string): Promise<AgentInGallery[]> {
    await this.own.forget(id);
    return this.gallery();
  }
}
