import { DoctorCheck } from '@devfactory/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../auth/policy.ts';
import type { Plugins } from '../composition.ts';
import { about, plugins, type AboutFacts } from '../server/parts.ts';
import { StorageMeter } from '../storage/storage-use.ts';
import { Database } from '../store/database.ts';
import { examine } from './doctor.ts';
import { Readiness } from './readiness.ts';

@ApiTags('health')
@Controller('api/doctor')
export class DoctorController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(plugins) private readonly plugins: Plugins,
    @Inject(StorageMeter) private readonly meter: StorageMeter,
    @Inject(about) private readonly facts: AboutFacts,
  ) {}

  @Get()
  @Allow('person')
  @ApiOperation({ summary: 'What this machine has and lacks, with what mends it.' })
  @ApiOkResponse({ standardSchema: z.array(DoctorCheck) })
  examine(): Promise<DoctorCheck[]> {
    return examine({
      database: this.database,
      readiness: this.readiness,
      driver: this.plugins.driver,
      toolchains: this.plugins.toolchains,
      dataDir: this.facts.dataDir,
      blobs: this.plugins.blobs,
      exporters: this.plugins.exporters,
      storage: () => this.meter.use(),
    });
  }
}
