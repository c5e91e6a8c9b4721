import { Controller, Get, Inject, Res, type INestApplication } from '@nestjs/common';
import { ApiExcludeEndpoint, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../auth/policy.ts';
import { openApi, type OpenApiDocument } from '../server/parts.ts';

@Controller('api/openapi.json')
export class OpenApiController {
  constructor(@Inject(openApi) private readonly document: OpenApiDocument) {}

  @Get()
  @Allow('person')
  @ApiExcludeEndpoint()
  async read(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('application/json; charset=utf-8').send(this.document.text);
  }
}

/** The API's description out of its own routes and schemas. */
export function describeApi(app: INestApplication, version: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('AI DevFactory')
    .setDescription(
      'Turns a prompt and a list of requirements into code that is proven to meet them. Errors are application/problem+json (RFC 9457) with a stable `code`; 424 is what the server depends on and cannot reach, with `retryAfter` in seconds where waiting helps.',
    )
    .setVersion(version)
    .addBearerAuth()
    .addCookieAuth('devfactory')
    .build();
  return SwaggerModule.createDocument(app, builder);
}
