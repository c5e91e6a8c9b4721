import { CheckpointId, RunId, type CheckpointPage, type Comparison, type RestorePreview } from '@devfactory/contracts';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/policy.ts';
import { HistoryReading } from './history-reading.ts';
import {
  CheckpointPageShape,
  CompareQuery,
  ComparisonShape,
  PageQuery,
  PreviewQuery,
  RestorePreviewShape,
} from './shapes.ts';

@ApiTags('checkpoints')
@Controller('api/runs/:id')
export class HistoryController {
  constructor(@Inject(HistoryReading) private readonly reading: HistoryReading) {}

  @Get('checkpoints')
  @Allow('person')
  @ApiOperation({ summary: 'A run’s checkpoints with their names and pins, oldest first.' })
  @ApiOkResponse({ standardSchema: CheckpointPageShape })
  list(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<CheckpointPage> {
    return this.reading.list(id, query);
  }

  @Get('compare')
  @Allow('person')
  @ApiOperation({
    summary:
      'What differs between two checkpoints, page by page, with renames. Without from the base, without to the head.',
  })
  @ApiOkResponse({ standardSchema: ComparisonShape })
  compare(
    @Param('id', { schema: RunId }) id: string,
    @Query({ schema: CompareQuery }) query: CompareQuery,
  ): Promise<Comparison> {
    return this.reading.compare(id, query);
  }

  @Get('checkpoints/:checkpointId/restore-preview')
  @Allow('person')
  @ApiOperation({ summary: 'What restoring a checkpoint, or the files and folders named by `path`, would change.' })
  @ApiOkResponse({ standardSchema: RestorePreviewShape })
  preview(
    @Param('id', { schema: RunId }) id: string,
    @Param('checkpointId', { schema: CheckpointId }) checkpointId: string,
    @Query({ schema: PreviewQuery }) query: PreviewQuery,
  ): Promise<RestorePreview> {
    return this.reading.preview(id, checkpointId, query);
  }
}
