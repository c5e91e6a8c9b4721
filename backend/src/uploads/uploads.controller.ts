import type { IncomingMessage } from 'node:http';
import { limits } from '@devfactory/contracts';
import { Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AllowUpload } from '../auth/policy.ts';
import { HttpProblem } from '../http/problem.ts';
import { UploadFiles, uploadTooLarge, type UploadReceipt } from './upload-files.ts';

const UploadReceiptShape = z
  .strictObject({ uploadId: z.string(), files: z.int(), bytes: z.int() })
  .meta({ id: 'UploadReceipt' });

@ApiTags('uploads')
@Controller('api/uploads')
export class UploadsController {
  constructor(@Inject(UploadFiles) private readonly uploads: UploadFiles) {}

  @Post()
  @AllowUpload()
  @ApiOperation({ summary: 'Takes a ZIP as the first files of a run to come.' })
  @ApiConsumes('application/zip')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ standardSchema: UploadReceiptShape })
  async take(@Req() request: FastifyRequest): Promise<UploadReceipt> {
    if (!request.headers['content-type']?.startsWith('application/zip')) {
      throw new HttpProblem(415, 'content_type', {
        detail: 'An upload is a ZIP: send it with content-type application/zip.',
      });
    }
    // Said before the first byte is read, where the sender tells the size.
    if (Number(request.headers['content-length'] ?? 0) > limits.uploadBytes) throw uploadTooLarge();
    // When it is refused half-way the connection must live long enough to say so.
    return this.uploads.take((request.body as IncomingMessage).iterator({ destroyOnReturn: false }));
  }
}
