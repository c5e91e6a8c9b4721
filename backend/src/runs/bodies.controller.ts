import { Readable } from 'node:stream';
import { CheckId, CreateRun, Digest, RunId } from '@devfactory/contracts';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { sendAttachment } from '../http/attachment.ts';
import { pictureBytes, sendPicture } from '../http/picture.ts';
import { HttpProblem } from '../http/problem.ts';
import { RunBodies } from './run-bodies.ts';
import { BlobQuery, CheckDetail } from './shapes.ts';

@ApiTags('runs')
@Controller('api/runs/:id')
export class BodiesController {
  constructor(@Inject(RunBodies) private readonly bodies: RunBodies) {}

  @Get('request')
  @Allow('person')
  @ApiOperation({ summary: 'The request as it was made, prompt and requirements included.' })
  @ApiOkResponse({ standardSchema: CreateRun })
  request(@Param('id', { schema: RunId }) id: string): Promise<CreateRun> {
    return this.bodies.request(id);
  }

  @Get('checks/:checkId')
  @Allow('person')
  @ApiOperation({ summary: 'A check with all it asks.' })
  @ApiOkResponse({ standardSchema: CheckDetail })
  check(
    @Param('id', { schema: RunId }) id: string,
    @Param('checkId', { schema: CheckId }) checkId: string,
  ): Promise<z.infer<typeof CheckDetail>> {
    return this.bodies.check(id, checkId);
  }

  @Get('blobs/:digest')
  @Allow('person')
  @ApiOperation({ summary: 'Bytes of a blob that the run’s events name, whole or `length` from `offset`.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async blob(
    @Param('id', { schema: RunId }) id: string,
    @Param('digest', { schema: Digest }) digest: string,
    @Query({ schema: BlobQuery }) query: BlobQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const size = await this.bodies.size(id, digest);
    const offset = query.offset ?? 0;
    if (offset > size)
      throw new HttpProblem(416, 'range_not_there', {
        detail: `Blob ${digest} has ${size} bytes; offset ${offset} lies behind its end.`,
      });
    const length = Math.min(query.length ?? size - offset, size - offset);
    const file = { name: `${digest}.txt`, mediaType: 'text/plain; charset=utf-8', bytes: length };
    const whole = offset === 0 && length === size;
    await sendAttachment(
      reply,
      file,
      whole
        ? Readable.from(this.bodies.stream(digest))
        : Buffer.from(await this.bodies.range(digest, { offset, length })),
    );
  }

  @Get('pictures/:digest')
  @Allow('person')
  @ApiOperation({ summary: 'A picture that the run’s events name, e.g. a screenshot of a check.' })
  @ApiProduces('image/png')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async picture(
    @Param('id', { schema: RunId }) id: string,
    @Param('digest', { schema: Digest }) digest: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const size = await this.bodies.size(id, digest);
    await sendPicture(reply, await this.bodies.range(digest, { offset: 0, length: Math.min(size, pictureBytes + 1) }));
  }
}
