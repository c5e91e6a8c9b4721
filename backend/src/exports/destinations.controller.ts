import {
  DeliveryLink,
  DeliveryPreview,
  DestinationKind,
  DestinationWish,
  LinkOrder,
  RunId,
  type Trial,
} from '@devfactory/contracts';
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { TrialShape } from '../storage/shapes.ts';
import { Destinations } from './destinations.ts';

const Kinds = z.array(DestinationKind.meta({ id: 'DestinationKind' }));
const PreviewShape = DeliveryPreview.meta({ id: 'DeliveryPreview' });
const LinkShape = DeliveryLink.meta({ id: 'DeliveryLink' });
const ExportId = z.string().min(1).max(300);

@ApiTags('exports')
@Controller('api')
export class DestinationsController {
  constructor(@Inject(Destinations) private readonly destinations: Destinations) {}

  @Get('destinations')
  @Allow('person')
  @ApiOperation({ summary: 'Kinds of destinations, and which this server is set up for.' })
  @ApiOkResponse({ standardSchema: Kinds })
  kinds(): DestinationKind[] {
    return this.destinations.kinds();
  }

  @Post('destinations/test')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tries a destination as a delivery would, and leaves nothing behind.' })
  @ApiOkResponse({ standardSchema: TrialShape })
  test(@Body({ schema: DestinationWish }) { destination }: z.infer<typeof DestinationWish>): Promise<Trial> {
    return this.destinations.test(destination);
  }

  @Post('runs/:id/delivery-preview')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'What would be delivered, what stays behind, and what would stop it. Nothing is sent.' })
  @ApiOkResponse({ standardSchema: PreviewShape })
  preview(
    @Param('id', { schema: RunId }) id: string,
    @Body({ schema: DestinationWish }) { destination }: z.infer<typeof DestinationWish>,
  ): Promise<DeliveryPreview> {
    return this.destinations.preview(id, destination);
  }

  @Post('runs/:id/exports/:exportId/link')
  @Allow('person')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'An address that reads this delivery for some hours, for whoever has it. It is kept nowhere.',
  })
  @ApiOkResponse({ standardSchema: LinkShape })
  link(
    @Param('id', { schema: RunId }) id: string,
    @Param('exportId', { schema: ExportId }) exportId: string,
    @Body({ schema: LinkOrder }) { hours }: z.infer<typeof LinkOrder>,
  ): Promise<DeliveryLink> {
    return this.destinations.link(id, { exportId, hours });
  }
}
