import { ForeignPath, ForeignTicket, PageScreenshot, PreviewState, RunId } from '@devfactory/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../auth/identity.ts';
import { Allow } from '../auth/policy.ts';
import { EventStreams } from '../events/event-streams.ts';
import { SseStream } from '../events/sse-stream.ts';
import { ForeignTickets } from '../gateway/tickets.ts';
import { EventStore } from '../store/event-store.ts';
import { Previews } from './previews.ts';
import { Screenshots } from './screenshots.ts';

const StateShape = PreviewState.meta({ id: 'PreviewState' });
const TicketShape = ForeignTicket.meta({ id: 'ForeignTicket' });
const ScreenshotShape = PageScreenshot.meta({ id: 'PageScreenshot' });
const pixels = z.int().min(200).max(2560);
const ScreenshotWish = z.strictObject({
  port: z.int().min(1).max(65_535),
  path: ForeignPath.default('/'),
  width: pixels.default(1280),
  height: pixels.default(800),
});
const TicketOrder = z.strictObject({ port: z.int().min(1).max(65_535), path: ForeignPath.default('/') });

@ApiTags('previews')
@Controller('api/runs/:id/preview')
export class PreviewsController {
  constructor(
    @Inject(Previews) private readonly previews: Previews,
    @Inject(ForeignTickets) private readonly tickets: ForeignTickets,
    @Inject(EventStore) private readonly events: EventStore,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Screenshots) private readonly screenshots: Screenshots,
  ) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'What the run’s workspace serves now, as far as somebody looks at it.' })
  @ApiOkResponse({ standardSchema: StateShape })
  async state(@Param('id', { schema: RunId }) id: string): Promise<PreviewState> {
    await this.events.state(id);
    return this.previews.stateOf(id);
  }

  @Get('events')
  @Allow('person')
  @ApiOperation({ summary: 'The same whenever it changes (SSE): event is "preview". Keeps what was started running.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ standardSchema: StateShape })
  async follow(
    @Param('id', { schema: RunId }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.events.state(id);
    const stream = new SseStream(reply);
    await this.streams.keep(stream, request.identity?.session ?? null, async () => {
      for await (const state of this.previews.of(id).watch(stream.closed))
        await stream.send([{ event: 'preview', data: state }]);
    });
  }

  @Post('start')
  @Allow('person')
  @HttpCode(202)
  @ApiOperation({ summary: 'Starts the project’s own server in the workspace, anew when it runs.' })
  @ApiAcceptedResponse({ standardSchema: StateShape })
  async start(@Param('id', { schema: RunId }) id: string): Promise<PreviewState> {
    await this.previews.of(id).start();
    return this.previews.stateOf(id);
  }

  @Post('stop')
  @Allow('person')
  @HttpCode(202)
  @ApiOperation({ summary: 'Stops it.' })
  @ApiAcceptedResponse({ standardSchema: StateShape })
  async stop(@Param('id', { schema: RunId }) id: string): Promise<PreviewState> {
    await this.events.state(id);
    await this.previews.of(id).stop();
    return this.previews.stateOf(id);
  }

  @Post('screenshots')
  @Allow('person')
  @ApiOperation({ summary: 'Takes a picture of a page of the workspace, which feedback can be given with.' })
  @ApiCreatedResponse({ standardSchema: ScreenshotShape })
  async screenshot(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: ScreenshotWish }) wish: z.infer<typeof ScreenshotWish>,
    @Req() request: FastifyRequest,
  ): Promise<PageScreenshot> {
    await this.events.state(id);
    return this.screenshots.take(id, wish, actorOf(request));
  }

  @Post('tickets')
  @Allow('person')
  @ApiOperation({ summary: 'Lets a browser in to one port of the workspace, on an origin of its own.' })
  @ApiCreatedResponse({ standardSchema: TicketShape })
  async ticket(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: TicketOrder }) order: z.infer<typeof TicketOrder>,
    @Req() request: FastifyRequest,
  ): Promise<ForeignTicket> {
    await this.events.state(id);
    return this.tickets.issue(request, { runId: id, service: order.port }, order.path);
  }
}
