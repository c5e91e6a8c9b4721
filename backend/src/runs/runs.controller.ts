import { CreateRun, ForkRun, RunCommand, RunId, type RunState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { actorOf } from '../auth/identity.ts';
import { Allow, AllowLargeBody } from '../auth/policy.ts';
import { EventStore } from '../store/event-store.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import { RunCommands } from './run-commands.ts';
import { RunCreation } from './run-creation.ts';
import { RunForks } from './run-forks.ts';
import { RunStore } from './run.store.ts';
import { ListQuery, RunCreated, RunPage, RunStateShape, SeqAnswer } from './shapes.ts';

@ApiTags('runs')
@Controller('api/runs')
export class RunsController {
  constructor(
    @Inject(RunCreation) private readonly creation: RunCreation,
    @Inject(RunForks) private readonly forks: RunForks,
    @Inject(RunCommands) private readonly commands: RunCommands,
    @Inject(RunStore) private readonly runs: RunStore,
    @Inject(EventStore) private readonly events: EventStore,
  ) {}

  @Get()
  @Allow('person')
  @ApiOperation({
    summary: 'Runs, in the order of `sort`: newest, active (last event first), name, open (least proven first).',
  })
  @ApiOkResponse({ standardSchema: RunPage })
  async list(@Query({ schema: ListQuery }) query: ListQuery): Promise<z.infer<typeof RunPage>> {
    const before = query.before === undefined ? null : readCursor(query.before);
    if (query.before !== undefined && before?.sort !== query.sort) {
      throw new DomainError('invalid_cursor', 'invalid', {
        message: 'before is no cursor of this list; use the `next` of the page before, with the same `sort`.',
      });
    }
    const runs = await this.runs.list({
      limit: query.limit + 1,
      sort: query.sort,
      before,
      state: query.state ?? null,
      words: query.q ?? null,
      forkedFrom: query.forkedFrom ?? null,
      archived: query.archived,
    });
    const page = runs.slice(0, query.limit);
    const last = page.at(-1);
    return {
      runs: page.map(({ summary }) => summary),
      next:
        runs.length > page.length && last ? writeCursor({ sort: query.sort, at: last.at, id: last.summary.id }) : null,
    };
  }

  @Post()
  @AllowLargeBody()
  @ApiOperation({ summary: 'Begins a run.' })
  @ApiCreatedResponse({ standardSchema: RunCreated })
  create(
    @Body({ schema: CreateRun }) request: CreateRun,
    @Req() http: FastifyRequest,
  ): Promise<z.infer<typeof RunCreated>> {
    return this.creation.create(request, actorOf(http));
  }

  @Post(':id/forks')
  @AllowLargeBody()
  @ApiOperation({ summary: 'Begins a run with a checkpoint of this one; what is left out is as in this one.' })
  @ApiCreatedResponse({ standardSchema: RunCreated })
  fork(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: ForkRun }) wish: ForkRun,
    @Req() http: FastifyRequest,
  ): Promise<z.infer<typeof RunCreated>> {
    return this.forks.fork(id, wish, actorOf(http));
  }

  @Get(':id')
  @Allow('person')
  @ApiOperation({ summary: 'The run as its events up to `seq` fold; the stream goes on from there.' })
  @ApiOkResponse({ standardSchema: RunStateShape })
  state(@Param('id', { schema: RunId }) id: string): Promise<RunState> {
    return this.events.state(id);
  }

  @Post(':id/commands')
  @Allow('person')
  @HttpCode(202)
  @ApiOperation({ summary: 'What a person says to a run. 409 with the rule’s code when it cannot be taken now.' })
  @ApiAcceptedResponse({ standardSchema: SeqAnswer })
  command(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: RunCommand }) command: RunCommand,
    @Req() http: FastifyRequest,
  ): Promise<z.infer<typeof SeqAnswer>> {
    return this.commands.take(id, command, actorOf(http));
  }
}
