import { randomUUID } from 'node:crypto';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Log } from '../server/log.ts';
import { problemOf } from './problem-of.ts';
import { problem } from './problem.ts';

/** The one exit for errors: problem+json. What is our own fault gets an id, under which the log has the rest. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.raw.headersSent) {
      // Too late for an answer: the caller must see that the stream broke off.
      reply.raw.destroy();
      return;
    }
    const answer = problemOf(error) ?? this.#ownFault(error);
    if (answer.retryAfter !== undefined) void reply.header('retry-after', answer.retryAfter);
    if (answer.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(answer.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(answer));
  }

  #ownFault(error: unknown): ReturnType<typeof problem> {
    const id = randomUUID();
    this.#log.error({ err: error, id }, 'a request broke');
    return problem(500, 'internal', {
      detail: `Something broke on our side; the server's log has the reason under ${id}.`,
    });
  }
}
