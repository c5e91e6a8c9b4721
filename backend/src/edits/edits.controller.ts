import { RunId, type FileWritten, type WorkspaceFile, type WorkspaceFolder } from '@devfactory/contracts';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { actorOf } from '../auth/identity.ts';
import { Allow, AllowFile } from '../auth/policy.ts';
import { sendAttachment } from '../http/attachment.ts';
import { HttpProblem } from '../http/problem.ts';
import { PersonEdits } from './person-edits.ts';
import {
  FileMove,
  FileWrittenShape,
  FolderQuery,
  LiveFileQuery,
  RemoveQuery,
  SharedDocumentShape,
  SharedWish,
  WorkspaceFileShape,
  WorkspaceFolderShape,
  WriteQuery,
} from './shapes.ts';
import { SharedFiles } from './shared-files.ts';
import { WorkspaceLooking } from './workspace-files.ts';

@ApiTags('workspace')
@Controller('api/runs/:id/workspace')
export class EditsController {
  constructor(
    @Inject(PersonEdits) private readonly edits: PersonEdits,
    @Inject(WorkspaceLooking) private readonly looking: WorkspaceLooking,
    @Inject(SharedFiles) private readonly shared: SharedFiles,
  ) {}

  @Get('tree')
  @Allow('person')
  @ApiOperation({ summary: 'One folder of the workspace as it is now.' })
  @ApiOkResponse({ standardSchema: WorkspaceFolderShape })
  folder(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: FolderQuery }) query: z.infer<typeof FolderQuery>,
  ): Promise<WorkspaceFolder> {
    return this.looking.folder(id, query.path);
  }

  @Get('file')
  @Allow('person')
  @ApiOperation({ summary: 'A file of the workspace as it is now, with the hash that a write expects.' })
  @ApiOkResponse({ standardSchema: WorkspaceFileShape })
  file(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: LiveFileQuery }) query: z.infer<typeof LiveFileQuery>,
  ): Promise<WorkspaceFile> {
    return this.looking.file(id, query.path);
  }

  @Get('raw')
  @Allow('person')
  @ApiOperation({ summary: 'The bytes of a file of the workspace, to be saved.' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async raw(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: LiveFileQuery }) query: z.infer<typeof LiveFileQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const bytes = Buffer.from(await this.looking.bytes(id, query.path));
    const name = query.path.split('/').at(-1) ?? 'file';
    await sendAttachment(reply, { name, mediaType: 'application/octet-stream', bytes: bytes.length }, bytes);
  }

  @Put('file')
  @AllowFile()
  @ApiOperation({
    summary: 'Writes a file whole. 409 file_changed, with what is there now, when it is not what you expected.',
  })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ standardSchema: FileWrittenShape })
  write(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: WriteQuery }) query: z.infer<typeof WriteQuery>,
    @Req() request: FastifyRequest,
  ): Promise<FileWritten> {
    if (!(request.body instanceof Uint8Array) && request.body !== undefined)
      throw new HttpProblem(415, 'content_type', {
        detail: 'A file is sent as it is, with content-type application/octet-stream.',
      });
    return this.edits.write(id, { ...query, actor: actorOf(request) }, request.body ?? new Uint8Array());
  }

  @Delete('file')
  @Allow('person')
  @ApiOperation({ summary: 'Removes a file, or a folder with all that is in it.' })
  @ApiOkResponse({ standardSchema: FileWrittenShape })
  remove(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: RemoveQuery }) query: z.infer<typeof RemoveQuery>,
    @Req() request: FastifyRequest,
  ): Promise<FileWritten> {
    return this.edits.remove(id, { ...query, via: 'editor', actor: actorOf(request) });
  }

  @Post('shared')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Opens a text to be typed into by several at a time: the name of its Yjs document, for the WebSocket at this address.',
  })
  @ApiOkResponse({ standardSchema: SharedDocumentShape })
  async share(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: SharedWish }) wish: z.infer<typeof SharedWish>,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof SharedDocumentShape>> {
    return { name: await this.shared.open({ runId: id, actor: actorOf(request) }, wish.path) };
  }

  @Post('moves')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Moves a file or a folder to a path where nothing is.' })
  @ApiOkResponse({ standardSchema: FileWrittenShape })
  move(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: FileMove }) move: z.infer<typeof FileMove>,
    @Req() request: FastifyRequest,
  ): Promise<FileWritten> {
    return this.edits.move(id, { ...move, actor: actorOf(request) });
  }
}
