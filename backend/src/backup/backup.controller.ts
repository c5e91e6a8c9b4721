import { Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../auth/policy.ts';
import { sendAttachment } from '../http/attachment.ts';
import { BackupSource } from './backup-source.ts';

@ApiTags('backup')
@Controller('api/backup')
export class BackupController {
  constructor(@Inject(BackupSource) private readonly source: BackupSource) {}

  @Post()
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The whole installation as one file; it goes on working meanwhile. Restore: devfactory restore FILE.',
  })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async download(@Res() reply: FastifyReply): Promise<void> {
    const name = `devfactory-${new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.backup`;
    await sendAttachment(reply, { name, mediaType: 'application/octet-stream', bytes: null }, this.source.stream());
  }
}
