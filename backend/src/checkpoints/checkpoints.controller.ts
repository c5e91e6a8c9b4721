import { CheckpointId, RunId } from '@devfactory/contracts';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { sendPicture } from '../http/picture.ts';
import { CheckpointReading } from './checkpoint-reading.ts';
import { ChangeList, FileList, FilePatchShape, FileQuery, FileSpanQuery, FileText, SpanQuery } from './shapes.ts';

@ApiTags('checkpoints')
@Controller('api/runs/:id')
export class CheckpointsController {
  constructor(@Inject(CheckpointReading) private readonly reading: CheckpointReading) {}

  @Get('checkpoints/:checkpointId/files')
  @Allow('person')
  @ApiOperation({ summary: 'Paths of a checkpoint’s source tree.' })
  @ApiOkResponse({ standardSchema: FileList })
  files(
    @Param('id', { schema: RunId }) id: string,
    @Param('checkpointId', { schema: CheckpointId }) checkpointId: string,
  ): Promise<FileList> {
    return this.reading.files(id, checkpointId);
  }

  @Get('checkpoints/:checkpointId/file')
  @Allow('person')
  @ApiOperation({ summary: 'One file of a checkpoint’s source tree.' })
  @ApiOkResponse({ standardSchema: FileText })
  file(
    @Param('id', { schema: RunId }) id: string,
    @Param('checkpointId', { schema: CheckpointId }) checkpointId: string,
    @Query({ schema: FileQuery }) query: z.infer<typeof FileQuery>,
  ): Promise<FileText> {
    return this.reading.file(id, checkpointId, query.path);
  }

  @Get('checkpoints/:checkpointId/picture')
  @Allow('person')
  @ApiOperation({ summary: 'One file of a checkpoint’s source tree that is a picture.' })
  @ApiProduces('image/png')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async picture(
    @Param('id', { schema: RunId }) id: string,
    @Param('checkpointId', { schema: CheckpointId }) checkpointId: string,
    @Query({ schema: FileQuery }) query: z.infer<typeof FileQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendPicture(reply, await this.reading.bytes(id, checkpointId, query.path));
  }

  @Get('changes')
  @Allow('person')
  @ApiOperation({ summary: 'Paths that differ between two checkpoints’ source trees.' })
  @ApiOkResponse({ standardSchema: ChangeList })
  async changes(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: SpanQuery }) query: z.infer<typeof SpanQuery>,
  ): Promise<z.infer<typeof ChangeList>> {
    return { changes: await this.reading.changes(id, query) };
  }

  @Get('changes/file')
  @Allow('person')
  @ApiOperation({ summary: 'The difference of one file as a unified diff; null when it is binary or too large.' })
  @ApiOkResponse({ standardSchema: FilePatchShape })
  change(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: FileSpanQuery }) query: z.infer<typeof FileSpanQuery>,
  ): Promise<z.infer<typeof FilePatchShape>> {
    return this.reading.change(id, query);
  }
}
