import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';
import { parseJson } from '../http/json-body.ts';
import type { HookStore } from './hook.store.ts';
import type { Listening } from './listening.ts';

const Told = z.object({ repository: z.object({ full_name: z.string().max(200) }).optional() });
const shortestSecret = 16;

export interface HookHeaders {
  readonly signature: string;
  readonly delivery: string;
  readonly event: string;
}

/** Takes GitHub's webhooks: signed ones, each once. A hook only says where to look, and nothing that it says is told to an agent. */
export class Hooks {
  readonly #parts: {
    readonly store: HookStore;
    readonly listening: Pick<Listening, 'poke'>;
    readonly secret: string | undefined;
  };

  constructor(parts: {
    readonly store: HookStore;
    readonly listening: Pick<Listening, 'poke'>;
    readonly secret: string | undefined;
  }) {
    this.#parts = parts;
  }

  /** False for one that was taken before. Throws hooks_off, hook_forged, hook_replayed, and what reading the body throws. */
  async take(body: string, { signature, delivery, event }: HookHeaders): Promise<boolean> {
    const { store, listening, secret = '' } = this.#parts;
    if (secret.length < shortestSecret)
      throw new DomainError('hooks_off', 'not-found', {
        message: `No webhooks are taken here: start the server with DEVFACTORY_GITHUB_WEBHOOK_SECRET, at least ${shortestSecret} characters.`,
      });
    const right = createHmac('sha256', secret).update(body).digest();
    const given = Buffer.from(/^sha256=([0-9a-f]{64})$/.exec(signature)?.[1] ?? '', 'hex');
    if (given.length !== right.length || !timingSafeEqual(given, right))
      throw new DomainError('hook_forged', 'forbidden', { message: 'The signature of this webhook is not right.' });
    if (!/^[\w-]{1,100}$/.test(delivery) || !/^\w{1,100}$/.test(event))
      throw new DomainError('hook_invalid', 'invalid', {
        message: 'A webhook has X-GitHub-Delivery and X-GitHub-Event.',
      });
    const repository = Told.safeParse(parseJson(body)).data?.repository?.full_name;
    if (repository === undefined) return true;
    const digest = createHash('sha256').update(`${event}\n`).update(body).digest('hex');
    const taken = await store.take({ id: delivery, digest, event, repository });
    if (taken === 'replayed')
      throw new DomainError('hook_replayed', 'conflict', {
        message: 'This webhook was taken before, under another id.',
      });
    if (taken === 'stored') listening.poke();
    return taken === 'stored';
  }
}
