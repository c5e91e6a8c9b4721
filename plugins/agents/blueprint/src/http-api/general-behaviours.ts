import type { Blueprint } from '../blueprints/blueprint.ts';
import type { Model } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { plainId, testCheck } from '../requirements/test-check.ts';
import { errorBody, Probe } from './http.ts';
import { paperBehaviours, type Made } from './papers.ts';

/** What every generated project does, whatever it keeps. */
export function generalBehaviours(model: Model, { blueprint, papers }: Made): Behaviour[] {
  const probe = new Probe(model);
  const open = { authorization: null } as const;
  return [
    {
      key: 'health',
      statuses: [200],
      derived: true,
      text: 'When a client requests GET /health, the API shall answer 200 with status ok.',
      checks: [
        probe.check('GET /health answers 200 with status ok', [
          probe.ask('GET', '/health', { status: 200, answer: { status: 'ok' }, ...open }),
        ]),
      ],
    },
    {
      key: 'errors',
      statuses: [404, 405],
      derived: true,
      text: 'If a client requests a route that does not exist, then the API shall answer 404 with a JSON error.',
      checks: [
        probe.check('an unknown route and a wrong method are answered as JSON', [
          probe.ask('GET', '/health', { status: 200, ...open }),
          probe.ask('GET', '/no-such-route', { status: 404, answer: errorBody, ...open }),
          probe.ask('DELETE', '/health', { status: 405, answer: errorBody, ...open }),
        ]),
      ],
    },
    ...paperBehaviours(model, { blueprint, papers }),
    ...testBehaviours(model, blueprint),
  ];
}

function testBehaviours(model: Model, blueprint: Blueprint): Behaviour[] {
  const all = testCheck(blueprint, model, { title: 'the delivered tests pass', wanted: () => true });
  const stops = testCheck(blueprint, model, {
    title: 'SIGTERM ends the service with exit code 0',
    wanted: (id) => plainId(id).includes('endsbyitselfwhenitistoldtostop'),
  });
  return [
    ...(stops
      ? [
          {
            key: 'shutdown',
            statuses: [],
            derived: false,
            text: 'When the API gets SIGTERM, it shall end by itself.',
            checks: [stops],
          },
        ]
      : []),
    ...(all
      ? [
          {
            key: 'tests',
            statuses: [],
            derived: true,
            text: 'The project shall have tests of its own that pass.',
            checks: [all],
          },
        ]
      : []),
  ];
}
