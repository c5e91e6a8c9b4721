import { RunId, RunSummary } from '@devfactory/contracts';
import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { EventStore } from '../store/event-store.ts';
import { EventPage, RunEventShape } from './event-shapes.ts';
import { EventStreams } from './event-streams.ts';
import { SseStream } from './sse-stream.ts';

const place = z.coerce.number().int().min(0).max(2_000_000_000);
const StreamQuery = z.strictObject({ after: place.optional() });
const LogQuery = z.strictObject({
  after: place.default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});

@ApiTags('events')
@Controller('api')
export class EventsController {
  constructor(
    @Inject(EventStore) private readonly events: EventStore,
    @Inject(EventStreams) private readonly streams: EventStreams,
  ) {}

  @Get('runs/:id/events')
  @Allow('person')
  @ApiOperation({
    summary:
      'The run’s events as they happen (SSE): id is the seq, event is "run". Resumes after Last-Event-ID, or after ?after=N.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ standardSchema: RunEventShape })
  async follow(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: StreamQuery }) query: z.infer<typeof StreamQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.events.state(id);
    const resumed = place.safeParse(lastEventId);
    const afterSeq = lastEventId !== undefined && resumed.success ? resumed.data : (query.after ?? 0);
    await this.streams.followRun(new SseStream(reply), {
      runId: id,
      afterSeq,
      session: request.identity?.session ?? null,
    });
  }

  @Get('runs/:id/log')
  @Allow('person')
  @ApiOperation({ summary: 'A page of the run’s events, oldest first.' })
  @ApiOkResponse({ standardSchema: EventPage })
  async log(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: LogQuery }) query: z.infer<typeof LogQuery>,
  ): Promise<z.input<typeof EventPage>> {
    await this.events.state(id);
    return { events: await this.events.read(id, query.after, query.limit) };
  }

  @Get('feed')
  @Allow('person')
  @ApiOperation({ summary: 'Summaries of runs whenever one changes (SSE): event is "summary".' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ standardSchema: RunSummary })
  async feed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.streams.followAll(new SseStream(reply), request.identity?.session ?? null);
  }
}
