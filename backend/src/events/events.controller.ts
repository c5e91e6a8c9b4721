import { LogSearchPage, RunId, RunSummary } from '@devfactory/contracts';
import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { EventStore } from '../store/event-store.ts';
import { EventPage, RunEventShape } from './event-shapes.ts';
import { EventStreams } from './event-streams.ts';
import { LogSearch } from './log-search.ts';
import { SseStream } from './sse-stream.ts';

const place = z.coerce.number().int().min(0).max(2_000_000_000);
const StreamQuery = z.strictObject({ after: place.optional() });
const LogQuery = z.strictObject({
  after: place.default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});

const step = z.coerce.number().int().min(0).max(1_000_000);
const SearchQuery = z.strictObject({
  q: z.string().trim().min(1).max(200),
  /** Event types or their nouns, with commas: 'tool,evidence.recorded'. */
  kinds: z
    .string()
    .max(2000)
    .regex(/^[a-z]+(\.[a-z]+)?(,[a-z]+(\.[a-z]+)?)*$/, 'event types or nouns with commas, like tool,evidence.recorded')
    .transform((text) => text.split(','))
    .optional(),
  fromStep: step.default(0),
  toStep: step.default(1_000_000),
  output: z.enum(['yes', 'no']).default('yes'),
  after: place.default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const LogSearchShape = LogSearchPage.meta({ id: 'LogSearchPage' });

@ApiTags('events')
@Controller('api')
export class EventsController {
  constructor(
    @Inject(EventStore) private readonly events: EventStore,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(LogSearch) private readonly logSearch: LogSearch,
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

  @Get('runs/:id/log/search')
  @Allow('person')
  @ApiOperation({
    summary: 'Events whose words, or whose whole output, hold a text; by kinds and steps, page by page.',
  })
  @ApiOkResponse({ standardSchema: LogSearchShape })
  search(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: SearchQuery }) { kinds, output, ...query }: z.infer<typeof SearchQuery>,
  ): Promise<LogSearchPage> {
    return this.logSearch.search(id, { ...query, kinds: kinds ?? null, output: output === 'yes' });
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
