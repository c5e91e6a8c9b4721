import { Readable } from 'node:stream';
import { RunId } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { sendAttachment } from '../http/attachment.ts';
import { rangeOf, type ByteRange } from '../http/byte-range.ts';
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
  @ApiOperation({ summary: 'A delivered file, or the part of it that a Range header asks for.' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async file(
    @Param('id', { schema: RunId }) id: string,
    @Param('exportId', { schema: Name }) exportId: string,
    @Param('name', { schema: Name }) name: string,
    @Req() request: FastifyRequest,
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
    const { digest, bytes } = file;
    const etag = `"${digest}"`;
    // What is named by its digest never becomes something else, so a download that was cut off goes on where it was.
    void reply.headers({ etag, 'accept-ranges': 'bytes' });
    const range = rangeOf(request.headers, { bytes, etag });
    if (range === 'unsatisfiable')
      return void (await reply.status(416).header('content-range', `bytes */${bytes}`).send());
    if (range === null)
      return sendAttachment(reply, { name, mediaType, bytes }, Readable.from(this.blobs.getStream(digest)));
    const { offset, length } = range;
    void reply.status(206).header('content-range', `bytes ${offset}-${offset + length - 1}/${bytes}`);
    await sendAttachment(reply, { name, mediaType, bytes: length }, Readable.from(partOf(this.blobs, digest, range)));
  }
}

const atOnce = 1024 * 1024;

async function* partOf(blobs: BlobStore, digest: string, { offset, length }: ByteRange): AsyncIterable<Uint8Array> {
  for (let at = 0; at < length; at += atOnce)
    yield await blobs.getRange(digest, { offset: offset + at, length: Math.min(atOnce, length - at) });
}
