import { Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';
import { doors, type Doors } from '../server/parts.ts';
import { endedCookie, sessionCookie } from './cookie.ts';
import { Allow } from './policy.ts';
import { SessionStore } from './session.store.ts';

const LoginQuery = z.object({ token: z.string().max(200).optional() });
export const LoginLink = z.strictObject({ url: z.string() }).meta({ id: 'LoginLink' });

/** The way in for browsers: a link that works once, and out again. */
@ApiTags('auth')
@Controller()
export class AuthController {
  constructor(
    @Inject(SessionStore) private readonly sessions: SessionStore,
    @Inject(doors) private readonly doors: Doors,
  ) {}

  @Get('login')
  @Allow('public')
  @ApiOperation({ summary: 'Trades a one-time token for a session cookie and leads to the console.' })
  async login(
    @Query({ schema: LoginQuery }) query: z.infer<typeof LoginQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const secret = query.token === undefined ? null : await this.sessions.login(query.token);
    if (secret === null) {
      // A person gets a page that says it, a program the problem.
      if (request.headers.accept?.includes('text/html')) {
        return void (await reply.header('cache-control', 'no-store').redirect('/sign-in?link=used', 303));
      }
      throw new HttpProblem(401, 'login_link_used', {
        detail:
          'This login link was used before or is older than 15 minutes. Ask for a new one: devfactory up prints it.',
      });
    }
    await reply
      .header('set-cookie', sessionCookie(this.doors.cookieName, secret))
      .header('cache-control', 'no-store')
      .redirect('/', 303);
  }

  @Post('api/login-links')
  @Allow('person')
  @ApiOperation({ summary: 'A fresh link that logs a browser in, once, within 15 minutes.' })
  @ApiCreatedResponse({ standardSchema: LoginLink })
  async loginLink(): Promise<z.infer<typeof LoginLink>> {
    return { url: this.doors.loginUrl(await this.sessions.newLoginToken()) };
  }

  @Post('api/logout')
  @Allow('person')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends this browser’s session and the streams it holds open.' })
  @ApiNoContentResponse()
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = request.identity?.session;
    if (session) await this.sessions.end(session);
    await reply
      .header('set-cookie', endedCookie(this.doors.cookieName))
      .header('clear-site-data', '"cache", "storage"')
      .status(204)
      .send();
  }
}
