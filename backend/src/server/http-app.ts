import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify';
import { standGuard } from '../auth/gate.ts';
import { takeBodies } from '../http/json-body.ts';
import { describeApi } from '../http/open-api.ts';
import { problemOf } from '../http/problem-of.ts';
import { ProblemFilter } from '../http/problem.filter.ts';
import { validationPipe } from '../http/validation.ts';
import { TerminalSockets } from '../terminals/terminal-sockets.ts';
import { serveConsole } from '../web/console.ts';
import { AppModule, type AppParts } from './app.module.ts';
import type { ServerOptions } from './options.ts';

const bodyLimit = 256 * 1024;

export interface HttpParts extends AppParts {
  readonly cliToken: string;
  readonly hosts: ReadonlySet<string>;
  readonly consoleDir: string;
}

/** A route and who may use it, as registered. */
export interface RouteFact {
  readonly method: string;
  readonly url: string;
  readonly policy: string | null;
}

/** Fastify, whose logger the whole server writes to. */
export function createAdapter(level: NonNullable<ServerOptions['logLevel']>): FastifyAdapter {
  return new FastifyAdapter<RawServerDefault>({
    logger: {
      level,
      stream: process.stderr,
      base: null,
      // Neither addresses, which may hold tokens, nor headers are logged.
      serializers: { req: ({ method, id }: FastifyRequest) => ({ method, id }) },
    },
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    bodyLimit,
    requestTimeout: 600_000,
    trustProxy: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const answer = problemOf(error);
      void reply
        .status(answer?.status ?? 400)
        .type('application/problem+json; charset=utf-8')
        .send(JSON.stringify(answer ?? {}));
    },
  });
}

/** The whole HTTP side on the adapter, ready to listen. */
export async function createHttpApp(
  adapter: FastifyAdapter,
  parts: HttpParts,
): Promise<{ app: NestFastifyApplication; routes: readonly RouteFact[] }> {
  const http: FastifyInstance = adapter.getInstance();
  const routes: RouteFact[] = [];
  http.addHook('onRoute', (route) => {
    const config = route.config;
    if (config?.bodyLimit !== undefined) route.bodyLimit = config.bodyLimit;
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, policy: config?.policy ?? null });
  });
  logRequests(http);
  const gate = {
    sessions: parts.core.sessions,
    cliToken: parts.cliToken,
    cookieName: parts.doors.cookieName,
    hosts: parts.hosts,
    foreignSources: parts.gateway.sources,
  };
  standGuard(http, gate);
  const sockets = new TerminalSockets({ ...parts.core, gate, log: http.log });
  http.server.on('upgrade', (request, socket, head) => sockets.take(request, socket, head));
  http.addHook('preClose', async () => sockets.close());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  takeBodies(http);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(http.log));
  await serveConsole(http, parts.consoleDir);
  await app.init();
  parts.openApi.text = JSON.stringify(describeApi(app, parts.about.version));
  return { app, routes };
}

/** One line per request: method, route (not the address), status, milliseconds. Reads are logged at debug only. */
function logRequests(http: FastifyInstance): void {
  http.addHook('onResponse', async (request, reply) => {
    const fields = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (request.method === 'GET' && reply.statusCode < 400) request.log.debug(fields, 'request');
    else request.log.info(fields, 'request');
  });
}
