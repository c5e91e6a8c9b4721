import type { CheckProposal } from '@devfactory/contracts';
import type { Blueprint } from '../blueprints/blueprint.ts';
import type { Auth, Entity, Model } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { plainId, testCheck } from '../requirements/test-check.ts';
import { errorBody, Probe } from './http.ts';

/** Registering, logging in, and what needs a token. */
export function authBehaviours(model: Model, blueprint: Blueprint): Behaviour[] {
  if (!model.auth) return [];
  return [...accountBehaviours(model, model.auth), ...tokenBehaviours(model, model.auth), ...hashed(model, blueprint)];
}

function accountBehaviours(model: Model, auth: Auth): Behaviour[] {
  const probe = new Probe(model);
  const register = `${auth.path}/register`;
  const login = `${auth.path}/login`;
  const name = auth.login === 'email' ? 'e-mail address' : 'user name';
  const { password: _password, ...nameless } = probe.credentials();
  // Case of an e-mail address is the server's own matter.
  const shown = auth.login === 'email' ? { email: { $includes: '@example.com' } } : nameless;
  const open = { authorization: null } as const;
  return [
    {
      key: 'auth.register',
      statuses: [201],
      derived: true,
      text: `When a client posts ${name} and password to ${register}, the API shall create an account and answer 201 without the password.`,
      checks: [
        probe.check('an account can be registered; the answer does not show the password', [
          probe.ask('POST', register, {
            json: probe.credentials(),
            status: 201,
            answer: { id: { $type: 'integer' }, password: { $absent: true } },
            excludes: ['correct horse battery'],
            ...open,
          }),
        ]),
      ],
    },
    {
      key: 'auth.duplicate',
      statuses: [409],
      derived: true,
      text: `If a client registers with ${auth.login === 'email' ? 'an' : 'a'} ${name} that is taken, then the API shall answer 409.`,
      checks: [
        probe.check(`a taken ${name} is refused`, [
          probe.register(),
          probe.ask('POST', register, { json: probe.credentials(), status: 409, answer: errorBody, ...open }),
        ]),
      ],
    },
    {
      key: 'auth.password',
      statuses: [model.invalidStatus],
      derived: true,
      text: `If a client registers without a password or with one of fewer than 8 characters, then the API shall answer ${model.invalidStatus}.`,
      checks: [
        probe.check('a missing or short password is refused', [
          probe.register(),
          probe.ask('POST', register, {
            json: { ...probe.credentials('bob'), password: 'seven77' },
            status: model.invalidStatus,
            answer: errorBody,
            ...open,
          }),
          probe.ask('POST', register, {
            json: { ...probe.credentials('bob'), password: 'eight888' },
            status: 201,
            ...open,
          }),
          probe.ask('POST', register, { json: nameless, status: model.invalidStatus, answer: errorBody, ...open }),
        ]),
      ],
    },
    {
      key: 'auth.login',
      statuses: [200],
      derived: true,
      text: `When a client posts the right ${name} and password to ${login}, the API shall answer 200 with a JSON Web Token that is accepted.`,
      checks: [
        probe.check('a login gives a token that is accepted', [
          probe.register(),
          probe.ask('POST', login, {
            json: probe.credentials(),
            status: 200,
            answer: { access_token: { $includes: '.' }, token_type: 'Bearer' },
            save: { issued: '/access_token' },
            ...open,
          }),
          probe.ask('GET', `${auth.path}/me`, { status: 200, authorization: 'Bearer ${issued}', answer: shown }),
        ]),
      ],
    },
    {
      key: 'auth.wrong',
      statuses: [401],
      derived: true,
      text: 'If a client logs in with a wrong password or an unknown account, then the API shall answer 401.',
      checks: [
        probe.check('a wrong password and an unknown account are refused', [
          ...probe.logIn(),
          probe.ask('POST', login, {
            json: { ...probe.credentials(), password: 'wrong horse battery' },
            status: 401,
            answer: errorBody,
            ...open,
          }),
          probe.ask('POST', login, { json: probe.credentials('nobody'), status: 401, answer: errorBody, ...open }),
        ]),
      ],
    },
    {
      key: 'auth.me',
      statuses: [200, 401],
      derived: model.entities.length === 0,
      text: `When a client with a token requests GET ${auth.path}/me, the API shall answer 200 with its account, and 401 without a token.`,
      checks: [
        probe.check('the account of a token is shown, and nothing without one', [
          probe.ask('GET', `${auth.path}/me`, { status: 200, answer: shown }),
          probe.ask('GET', `${auth.path}/me`, { status: 401, answer: errorBody, ...open }),
        ]),
      ],
    },
  ];
}

function tokenBehaviours(model: Model, auth: Auth): Behaviour[] {
  const probe = new Probe(model);
  const paths = model.entities.length > 0 ? model.entities.map((entity) => entity.path) : [`${auth.path}/me`];
  const guarded = paths.length > 1 ? `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}` : (paths[0] ?? '');
  const refused = paths.map((path) => probe.ask('GET', path, { status: 401, answer: errorBody }));
  const expired = probe.check('a token that has expired is refused', refused);
  const issues = probe.check(`a token is issued for ${auth.tokenSeconds} seconds`, [
    probe.register(),
    probe.ask('POST', `${auth.path}/login`, {
      json: probe.credentials(),
      status: 200,
      answer: { expires_in: auth.tokenSeconds },
      authorization: null,
    }),
  ]);
  return [
    {
      key: 'auth.protected',
      statuses: [401],
      derived: true,
      text: `If a request to ${guarded} carries no valid token, then the API shall answer 401.`,
      checks:
        model.entities.length > 0
          ? model.entities.map((entity) => guardedThing(entity, probe))
          : [probe.check(`${guarded} needs a valid token`, refusals(`${auth.path}/me`, probe))],
    },
    {
      key: 'auth.expiry',
      statuses: [401],
      derived: false,
      text: `The API shall refuse a token ${auth.tokenSeconds} seconds after it was issued.`,
      checks: [
        issues,
        expired.spec.kind === 'http'
          ? { ...expired, spec: { ...expired.spec, env: { ...expired.spec.env, JWT_SECONDS: '0' } } }
          : expired,
      ],
    },
  ];
}

function refusals(path: string, probe: Probe): ReturnType<Probe['ask']>[] {
  const refused = [null, 'Bearer nonsense', 'Bearer ${token}x'].map((authorization) =>
    probe.ask('GET', path, { status: 401, answer: errorBody, authorization }),
  );
  return [probe.ask('GET', path, { status: 200 }), ...refused];
}

function guardedThing(entity: Entity, probe: Probe): CheckProposal {
  return probe.check(`every route of ${entity.path} needs a valid token`, [
    ...refusals(entity.path, probe),
    probe.ask('POST', entity.path, { json: probe.body(entity, 1), status: 401, authorization: null }),
    ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map((method) =>
      probe.ask(method, `${entity.path}/1`, { status: 401, authorization: null }),
    ),
  ]);
}

function hashed(model: Model, blueprint: Blueprint): Behaviour[] {
  const check = testCheck(blueprint, model, {
    title: 'what is stored is a salted hash',
    wanted: (id) => /storedasa(?:salted)?hash/.test(plainId(id)),
  });
  if (!check) return [];
  return [
    {
      key: 'auth.hashed',
      statuses: [],
      derived: true,
      text: 'The API shall store passwords only as salted hashes.',
      checks: [check],
    },
  ];
}
