import { ForeignTicket, IdeBundleState, IdeWish, isInsideWorkspace, RunId } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../auth/identity.ts';
import { Allow } from '../auth/policy.ts';
import { ForeignTickets } from '../gateway/tickets.ts';
import { EventStore } from '../store/event-store.ts';
import { idePath } from './ide-path.ts';
import { Ides } from './ides.ts';

@ApiTags('ide')
@Controller('api')
export class IdeController {
  constructor(
    @Inject(Ides) private readonly ides: Ides,
    @Inject(ForeignTickets) private readonly tickets: ForeignTickets,
    @Inject(EventStore) private readonly events: EventStore,
  ) {}

  @Get('ide')
  @Allow('person')
  @ApiOperation({ summary: 'Whether VS Code is here, and how far it has been fetched.' })
  @ApiOkResponse({ standardSchema: IdeBundleState })
  bundle(): IdeBundleState {
    return this.ides.bundle.state;
  }

  @Post('ide/fetch')
  @Allow('person')
  @HttpCode(202)
  @ApiOperation({ summary: 'Begins to fetch VS Code, unless it is here or on its way.' })
  @ApiAcceptedResponse({ standardSchema: IdeBundleState })
  fetch(): IdeBundleState {
    this.ides.bundle.fetch();
    return this.ides.bundle.state;
  }

  @Post('runs/:id/ide')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Starts VS Code in the run’s sandbox when it does not run, and gives the ticket that opens it, at a file and line when one is named.',
  })
  @ApiOkResponse({ standardSchema: ForeignTicket })
  async open(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: IdeWish }) wish: IdeWish,
    @Req() http: FastifyRequest,
  ): Promise<ForeignTicket> {
    if (wish.file !== undefined && !isInsideWorkspace(wish.file))
      throw new DomainError('path_invalid', 'invalid', { message: 'file is no path inside of the workspace.' });
    await this.events.state(id);
    await this.ides.start(id, { actor: actorOf(http), page: `${consoleOf(http)}/runs/${id}` });
    const place = { runId: id, service: 'ide' } as const;
    return this.tickets.issue(http, place, (origin) => idePath(origin, wish));
  }
}

/** The console as this browser has it; the gate let no other origin or host in. */
function consoleOf(http: FastifyRequest): string {
  return http.headers.origin ?? `${http.protocol}://${http.headers.host ?? ''}`;
}
