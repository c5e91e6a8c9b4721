import { Readable } from 'node:stream';
import { RunId } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { sendAttachment } from '../http/attachment.ts';
import { blobStore } from '../server/parts.ts';
import { EventStore } from '../store/event-store.ts';

const Name = z.string().min(1).max(300);
const plainMediaType = /^[a-z]+\/[a-z0-9.+-]+$/;

@ApiTags('exports')
@Controller('api/runs/:id/exports')
export class ExportsController {
  constructor(
    @Inject(EventStore) private readonly events: EventStore,
    @Inject(blobStore) private readonly blobs: BlobStore,
  ) {}

  @Get(':exportId/files/:name')
  @Allow('person')
  @ApiOperation({ summary: 'A delivered file.' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async file(
    @Param('id', { schema: RunId }) id: string,
    @Param('exportId', { schema: Name }) exportId: string,
    @Param('name', { schema: Name }) name: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const state = await this.events.state(id);
    const file = state.exports.find((item) => item.id === exportId)?.files.find((item) => item.name === name);
    if (!file || !(await this.blobs.has(file.digest))) {
      throw new DomainError('export_file_missing', 'not-found', {
        message: `Run ${id} has delivered no file of that name with that export.`,
      });
    }
    const mediaType = plainMediaType.test(file.mediaType) ? file.mediaType : 'application/octet-stream';
    await sendAttachment(
      reply,
      { name, mediaType, bytes: file.bytes },
      Readable.from(this.blobs.getStream(file.digest)),
    );
  }
}
