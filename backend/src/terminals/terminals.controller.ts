import { RunId, TerminalCard, TerminalSize } from '@devfactory/contracts';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../auth/identity.ts';
import { Allow } from '../auth/policy.ts';
import { EventStore } from '../store/event-store.ts';
import { TerminalId } from './terminal-id.ts';
import { Terminals } from './terminals.ts';

@ApiTags('terminals')
@Controller('api/runs/:id/terminals')
export class TerminalsController {
  constructor(
    @Inject(Terminals) private readonly terminals: Terminals,
    @Inject(EventStore) private readonly events: EventStore,
  ) {}

  @Get()
  @Allow('person')
  @ApiOperation({
    summary:
      'People’s terminals in the run’s workspace, in the order they were opened. The screen is a WebSocket: …/terminals/{terminalId}/socket.',
  })
  @ApiOkResponse({ standardSchema: z.array(TerminalCard) })
  async list(@Param('id', { schema: RunId }) id: string): Promise<TerminalCard[]> {
    await this.events.state(id);
    return this.terminals.list(id);
  }

  @Post()
  @Allow('person')
  @ApiOperation({ summary: 'Opens a shell in the run’s workspace, whose sandbox is opened when it is not.' })
  @ApiCreatedResponse({ standardSchema: TerminalCard })
  open(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: TerminalSize }) size: TerminalSize,
    @Req() request: FastifyRequest,
  ): Promise<TerminalCard> {
    return this.terminals.open(id, size, actorOf(request));
  }

  @Delete(':terminalId')
  @Allow('person')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends a terminal with everything that runs in it, and forgets what it showed.' })
  @ApiNoContentResponse()
  close(
    @Param('id', { schema: RunId }) id: string,
    @Param('terminalId', { schema: TerminalId }) terminalId: string,
  ): Promise<void> {
    return this.terminals.close(id, terminalId);
  }
}
