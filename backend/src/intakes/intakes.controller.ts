import { GitHubRepository, Intake, IntakeList } from '@devfactory/contracts';
import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../auth/identity.ts';
import { Allow } from '../auth/policy.ts';
import { Intakes } from './intakes.ts';

const ListShape = IntakeList.meta({ id: 'IntakeList' });
const IntakeShape = Intake.meta({ id: 'Intake' });
const Repository = z.strictObject({ repository: GitHubRepository });

@ApiTags('exports')
@Controller('api/intakes')
export class IntakesController {
  constructor(@Inject(Intakes) private readonly intakes: Intakes) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'Repositories whose issues may begin runs, and what was asked for there.' })
  @ApiOkResponse({ standardSchema: ListShape })
  list(): Promise<IntakeList> {
    return this.intakes.list();
  }

  @Post()
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'From now on issues of this repository may begin runs, such as are described here.' })
  @ApiOkResponse({ standardSchema: ListShape })
  switchOn(@Body({ schema: IntakeShape }) intake: Intake, @Req() http: FastifyRequest): Promise<IntakeList> {
    return this.intakes.switchOn(intake, actorOf(http));
  }

  @Post('off')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Issues of this repository begin no more runs; those that were begun go on.' })
  @ApiOkResponse({ standardSchema: ListShape })
  switchOff(@Body({ schema: Repository }) { repository }: z.infer<typeof Repository>): Promise<IntakeList> {
    return this.intakes.switchOff(repository);
  }
}
