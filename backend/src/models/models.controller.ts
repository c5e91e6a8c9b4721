import { ConnectionTest, ProviderCard, ProviderSettings } from '@devfactory/contracts';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { DayBudgets } from './day-budgets.ts';
import { Models } from './models.ts';
import { DefaultModel, FiguresOrder, ModelList, ProviderId, TestOrder } from './shapes.ts';

@ApiTags('models')
@Controller('api')
export class ModelsController {
  constructor(@Inject(Models) private readonly models: Models) {}

  @Get('models')
  @Allow('person')
  @ApiOperation({ summary: 'Models of all providers that are set up.' })
  @ApiOkResponse({ standardSchema: ModelList })
  list(): Promise<z.infer<typeof ModelList>> {
    return this.models.list();
  }

  @Post('models/default')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'The model that runs take which name none.' })
  @ApiOkResponse({ standardSchema: ModelList })
  setDefault(
    @Body({ schema: DefaultModel }) { model }: z.infer<typeof DefaultModel>,
  ): Promise<z.infer<typeof ModelList>> {
    return this.models.setDefault(model);
  }

  @Post('models/figures')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a model costs and holds, in a person’s own words.' })
  @ApiOkResponse({ standardSchema: ModelList })
  setFigures(@Body({ schema: FiguresOrder }) order: z.infer<typeof FiguresOrder>): Promise<z.infer<typeof ModelList>> {
    return this.models.setFigures(order.model, order.figures);
  }

  @Get('models/budgets')
  @Allow('person')
  @ApiOperation({ summary: 'What a day and a person may cost.' })
  @ApiOkResponse({ standardSchema: DayBudgets })
  budgets(): Promise<DayBudgets> {
    return this.models.spending.budgets();
  }

  @Post('models/budgets')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sets what a day and a person may cost.' })
  @ApiOkResponse({ standardSchema: DayBudgets })
  async setBudgets(@Body({ schema: DayBudgets }) budgets: DayBudgets): Promise<DayBudgets> {
    await this.models.spending.setBudgets(budgets);
    return budgets;
  }

  @Get('model-providers')
  @Allow('person')
  @ApiOperation({ summary: 'Model providers and how they are set up; never a secret’s value.' })
  @ApiOkResponse({ standardSchema: z.array(ProviderCard) })
  providers(): Promise<ProviderCard[]> {
    return this.models.providers();
  }

  @Post('model-providers/:id')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sets a provider up. A secret that is left out stays as long as the address does.' })
  @ApiOkResponse({ standardSchema: ProviderCard })
  save(
    @Param('id', { schema: ProviderId }) id: string,
    @Body({ schema: ProviderSettings }) { values }: ProviderSettings,
  ): Promise<ProviderCard> {
    return this.models.save(id, values);
  }

  @Post('model-providers/:id/forget')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Forgets what a person set about a provider, its key included.' })
  @ApiOkResponse({ standardSchema: ProviderCard })
  forget(@Param('id', { schema: ProviderId }) id: string): Promise<ProviderCard> {
    return this.models.forget(id);
  }

  @Post('model-providers/:id/test')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'A real, streamed call of a tool and back; names the field that is wrong.' })
  @ApiOkResponse({ standardSchema: ConnectionTest })
  test(
    @Param('id', { schema: ProviderId }) id: string,
    @Body({ schema: TestOrder }) order: z.infer<typeof TestOrder>,
  ): Promise<ConnectionTest> {
    return this.models.test(id, order);
  }
}
