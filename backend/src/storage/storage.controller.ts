import {
  RunId,
  type CleanUp,
  type RemovalPreview,
  type RunStoragePage,
  type StoragePlace,
  type StorageUse,
  type TombstonePage,
  type Trial,
} from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { actorOf } from '../auth/identity.ts';
import { Allow } from '../auth/policy.ts';
import { PageQuery } from '../checkpoints/shapes.ts';
import { blobStore } from '../server/parts.ts';
import { Cleaning } from './clean-up.ts';
import { RunRemoval } from './run-removal.ts';
import {
  CleanUpOrder,
  CleanUpShape,
  OrderQuery,
  RemovalPreviewShape,
  RemovalQuery,
  Removed,
  RunStoragePageShape,
  StoragePlaceShape,
  StorageUseShape,
  TombstonePageShape,
  TrialShape,
} from './shapes.ts';
import { StorageMeter } from './storage-use.ts';
import { TombstoneStore } from './tombstone.store.ts';
import { tryBlobs } from './try-blobs.ts';

@ApiTags('storage')
@Controller('api')
export class StorageController {
  constructor(
    @Inject(StorageMeter) private readonly meter: StorageMeter,
    @Inject(Cleaning) private readonly cleaning: Cleaning,
    @Inject(RunRemoval) private readonly removal: RunRemoval,
    @Inject(TombstoneStore) private readonly tombstones: TombstoneStore,
    @Inject(blobStore) private readonly blobs: BlobStore,
  ) {}

  @Get('storage')
  @Allow('person')
  @ApiOperation({ summary: 'What the installation keeps, and its quota.' })
  @ApiOkResponse({ standardSchema: StorageUseShape })
  use(): Promise<StorageUse> {
    return this.meter.use();
  }

  @Get('storage/place')
  @Allow('person')
  @ApiOperation({ summary: 'Where checkpoints, evidence and delivered files are kept.' })
  @ApiOkResponse({ standardSchema: StoragePlaceShape })
  place(): StoragePlace {
    return { kind: this.blobs.id, place: this.blobs.place };
  }

  @Post('storage/test')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Writes a few bytes there, reads and removes them.' })
  @ApiOkResponse({ standardSchema: TrialShape })
  test(): Promise<Trial> {
    return tryBlobs(this.blobs);
  }

  @Get('storage/runs')
  @Allow('person')
  @ApiOperation({ summary: 'What each run keeps, the largest first.' })
  @ApiOkResponse({ standardSchema: RunStoragePageShape })
  runs(@Query({ schema: PageQuery }) query: PageQuery): Promise<RunStoragePage> {
    return this.meter.runs(query);
  }

  @Post('storage/clean-up')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Frees what nothing needs; with dryRun, which is the default, only tells what that would be.',
  })
  @ApiOkResponse({ standardSchema: CleanUpShape })
  async cleanUp(@Body({ schema: CleanUpOrder }) { dryRun }: z.infer<typeof CleanUpOrder>): Promise<CleanUp> {
    if (dryRun) return this.cleaning.preview();
    const done = await this.cleaning.run();
    this.meter.forget();
    return done;
  }

  @Get('runs/:id/removal')
  @Allow('person')
  @ApiOperation({ summary: 'What archiving or deleting the run would take away, and what stays.' })
  @ApiOkResponse({ standardSchema: RemovalPreviewShape })
  preview(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: RemovalQuery }) query: z.infer<typeof RemovalQuery>,
  ): Promise<RemovalPreview> {
    return this.removal.preview(id, query.do);
  }

  @Post('runs/:id/archive')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Keeps log, proof and pinned checkpoints; the workspace and the other checkpoints go.' })
  @ApiOkResponse({ standardSchema: Removed })
  async archive(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: OrderQuery }) { seq }: z.infer<typeof OrderQuery>,
    @Req() http: FastifyRequest,
  ): Promise<z.infer<typeof Removed>> {
    await this.removal.archive(id, { actor: actorOf(http), seq: seq ?? null });
    this.meter.forget();
    return { id, done: 'archive' };
  }

  @Delete('runs/:id')
  @Allow('person')
  @ApiOperation({ summary: 'Removes the run with its workspace, blobs and log. Again is no error.' })
  @ApiOkResponse({ standardSchema: Removed })
  async delete(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: OrderQuery }) { seq }: z.infer<typeof OrderQuery>,
    @Req() http: FastifyRequest,
  ): Promise<z.infer<typeof Removed>> {
    await this.removal.delete(id, { actor: actorOf(http), seq: seq ?? null });
    this.meter.forget();
    return { id, done: 'delete' };
  }

  @Get('deleted-runs')
  @Allow('person')
  @ApiOperation({ summary: 'What is left of deleted runs, the last first.' })
  @ApiOkResponse({ standardSchema: TombstonePageShape })
  deleted(@Query({ schema: PageQuery }) query: PageQuery): Promise<TombstonePage> {
    return this.tombstones.list(query);
  }
}
