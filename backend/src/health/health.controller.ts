import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import { Readiness } from '../doctor/readiness.ts';
import { about, type AboutFacts } from '../server/parts.ts';

const Healthy = z.strictObject({ ok: z.literal(true) }).meta({ id: 'Healthy' });
const About = z
  .strictObject({
    version: z.string(),
    dataDir: z.string(),
    driver: z.string(),
    notEnforced: z.array(z.string()),
    signing: z.strictObject({ keyId: z.string(), publicKey: z.string() }),
  })
  .meta({ id: 'About' });

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    @Inject(about) private readonly facts: AboutFacts,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('healthz')
  @Allow('public')
  @ApiOperation({ summary: 'Whether the server answers.' })
  @ApiOkResponse({ standardSchema: Healthy })
  healthy(): z.infer<typeof Healthy> {
    return { ok: true };
  }

  @Get('api/about')
  @Allow('person')
  @ApiOperation({ summary: 'What this installation is, and which limits it cannot enforce.' })
  @ApiOkResponse({ standardSchema: About })
  async about(): Promise<z.infer<typeof About>> {
    const { notEnforced } = await this.readiness.probe();
    return { ...this.facts, notEnforced: [...notEnforced] };
  }
}
