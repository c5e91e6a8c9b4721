import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AllowSigned } from '../auth/policy.ts';
import { Hooks } from './hooks.ts';

const Taken = z.strictObject({ taken: z.boolean() }).meta({ id: 'HookTaken' });

@ApiTags('exports')
@Controller('api/hooks')
export class HooksController {
  constructor(@Inject(Hooks) private readonly hooks: Hooks) {}

  @Post('github')
  @AllowSigned()
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Takes a webhook of GitHub, signed with the secret that the server was started with. Stored before it is answered, each once.',
  })
  @ApiBody({ schema: { type: 'object' } })
  @ApiOkResponse({ standardSchema: Taken })
  async github(
    @Body() body: unknown,
    @Headers('x-hub-signature-256') signature = '',
    @Headers('x-github-delivery') delivery = '',
    @Headers('x-github-event') event = '',
  ): Promise<z.infer<typeof Taken>> {
    return { taken: await this.hooks.take(typeof body === 'string' ? body : '', { signature, delivery, event }) };
  }
}
