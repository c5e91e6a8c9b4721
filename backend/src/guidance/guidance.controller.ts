import type { GuidanceList, GuidanceSetting } from '@devfactory/contracts';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { GuidanceSettings } from './guidance-settings.ts';
import { ForgetGuidance, ForgetTrust, GuidanceListBody, GuidanceSettingBody } from './shapes.ts';

@ApiTags('guidance')
@Controller('api/guidance')
export class GuidanceController {
  constructor(@Inject(GuidanceSettings) private readonly guidance: GuidanceSettings) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'What runs follow by people’s settings, and what people trust of projects’ files.' })
  @ApiOkResponse({ standardSchema: GuidanceListBody })
  list(): Promise<GuidanceList> {
    return this.guidance.list();
  }

  @Post()
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Declares what runs follow, from their next turn on; in the place of what had this name.' })
  @ApiOkResponse({ standardSchema: GuidanceListBody })
  save(@Body({ schema: GuidanceSettingBody }) setting: GuidanceSetting): Promise<GuidanceList> {
    return this.guidance.save(setting);
  }

  @Post('forget')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a setting away.' })
  @ApiOkResponse({ standardSchema: GuidanceListBody })
  forget(@Body({ schema: ForgetGuidance }) setting: z.infer<typeof ForgetGuidance>): Promise<GuidanceList> {
    return this.guidance.forget(setting);
  }

  @Post('trust/forget')
  @Allow('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Trust that was given in a project counts in no further run.' })
  @ApiOkResponse({ standardSchema: GuidanceListBody })
  forgetTrust(@Body({ schema: ForgetTrust }) mark: z.infer<typeof ForgetTrust>): Promise<GuidanceList> {
    return this.guidance.forgetTrust(mark);
  }
}
