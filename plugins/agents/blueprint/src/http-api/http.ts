import type { CheckProposal, HttpExchange } from '@devfactory/contracts';
import { textual, type Entity, type Model } from '../model/model.ts';
import { sampleBody, textOf, type Json, type JsonObject } from '../model/samples.ts';

type Step = HttpExchange | { readonly do: 'restart' };

export const restart: Step = { do: 'restart' };
export const unknownId = 987_654_321;
export const errorBody = { error: { code: { $type: 'string' }, message: { $type: 'string' } } } as const;

interface Ask {
  readonly json?: Json;
  readonly body?: string;
  readonly status: number;
  readonly answer?: Json;
  readonly save?: Readonly<Record<string, string>>;
  readonly excludes?: readonly string[];
  /** Authorization header; null sends none, left out sends the token where the model has accounts. */
  readonly authorization?: string | null;
}

/** Writes the exchanges of one check; logs in first where the model has accounts. */
export class Probe {
  readonly model: Model;

  constructor(model: Model) {
    this.model = model;
  }

  check(title: string, steps: readonly Step[]): CheckProposal {
    const uses = JSON.stringify(steps).includes('${token}');
    const env = this.model.auth ? { env: { JWT_SECRET: 'only-for-checks-0123456789abcdef0123456789abcdef' } } : {};
    return {
      title,
      intent: 'change',
      timeoutMs: 60_000,
      spec: { kind: 'http', ...env, exchanges: [...(uses ? this.logIn() : []), ...steps] },
    };
  }

  ask(method: HttpExchange['method'], path: string, ask: Ask): HttpExchange {
    const authorization =
      ask.authorization === undefined ? (this.model.auth ? 'Bearer ${token}' : null) : ask.authorization;
    const bodyExcludes = ask.excludes ? { bodyExcludes: [...ask.excludes] } : {};
    return {
      do: 'request',
      name: `${method} ${path} answers ${ask.status}`,
      method,
      path,
      ...(authorization === null && ask.body === undefined
        ? {}
        : {
            headers: {
              ...(authorization === null ? {} : { Authorization: authorization }),
              ...(ask.body === undefined ? {} : { 'Content-Type': 'application/json' }),
            },
          }),
      ...(ask.json === undefined ? {} : { json: ask.json as HttpExchange['json'] }),
      ...(ask.body === undefined ? {} : { body: ask.body }),
      expect: {
        status: ask.status,
        ...(ask.answer === undefined ? {} : { json: ask.answer as HttpExchange['json'] }),
        ...bodyExcludes,
      },
      ...(ask.save ? { save: { ...ask.save } } : {}),
    };
  }

  /** Stores the n-th sample and saves its id under `as`. */
  create(entity: Entity, n: number, as = 'id'): HttpExchange {
    const body = this.body(entity, n);
    return this.ask('POST', entity.path, {
      json: body,
      status: 201,
      answer: { id: { $type: 'integer' }, ...body },
      save: { [as]: '/id' },
    });
  }

  /** A valid body; values that must be unique differ from execution to execution. */
  body(entity: Entity, n: number, tag = ''): JsonObject {
    const fresh = entity.fields.filter(
      (field) => field.unique && textual.includes(field.type) && (field.max ?? 200) >= 80,
    );
    const samples = sampleBody(entity, n);
    return {
      ...samples,
      ...Object.fromEntries(
        fresh.map((field) => [field.key, textOf(samples[field.key] ?? '').replace(/(@|$)/, `-\${unique}${tag}$1`)]),
      ),
    };
  }

  credentials(name = 'ada'): JsonObject {
    const { auth } = this.model;
    return {
      [auth?.login ?? 'email']: auth?.login === 'username' ? `${name}-\${unique}` : `${name}-\${unique}@example.com`,
      password: 'correct horse battery',
    };
  }

  register(): HttpExchange {
    return this.ask('POST', `${this.model.auth?.path}/register`, {
      json: this.credentials(),
      status: 201,
      authorization: null,
    });
  }

  logIn(): HttpExchange[] {
    const login = this.ask('POST', `${this.model.auth?.path}/login`, {
      json: this.credentials(),
      status: 200,
      answer: { access_token: { $type: 'string' } },
      save: { token: '/access_token' },
      authorization: null,
    });
    return [this.register(), login];
  }
}
