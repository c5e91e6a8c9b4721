import type { Entity, Model } from '../model/model.ts';
import { namesOf } from '../model/names-of.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { one } from './entity-words.ts';
import { fieldBehaviours } from './field-behaviours.ts';
import { finding } from './finding-behaviours.ts';
import { Probe, restart } from './http.ts';
import { invalid, malformed, missing, required, unknownField } from './refusal-behaviours.ts';

/** What the API does with one kind of thing. */
export function entityBehaviours(entity: Entity, model: Model): Behaviour[] {
  const probe = new Probe(model);
  return [
    create(entity, probe),
    list(entity, probe),
    page(entity, probe),
    read(entity, probe),
    replace(entity, probe),
    change(entity, probe),
    update(entity, probe),
    remove(entity, probe),
    missing(entity, probe),
    invalid(entity, probe),
    malformed(entity, probe),
    unknownField(entity, probe),
    persist(entity, probe),
    ...required(entity, probe),
    ...entity.fields.flatMap((field) => fieldBehaviours(entity, field, probe)),
    ...finding(entity, probe),
  ];
}
function create(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.create`,
    statuses: [201],
    derived: true,
    text: `When a client posts ${withArticle(entity.label)} with ${namesOf(entity.fields)} to ${entity.path}, the API shall store it and answer 201 with it and its id.`,
    checks: [
      probe.check(`POST ${entity.path} stores ${withArticle(entity.label)} and answers 201 with all its fields`, [
        probe.create(entity, 1),
        probe.ask('GET', one(entity), { status: 200, answer: probe.body(entity, 1) }),
      ]),
    ],
  };
}

function list(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.list`,
    statuses: [200],
    derived: true,
    text: `When a client requests GET ${entity.path}, the API shall answer 200 with the stored ${entity.labels} and their total.`,
    checks: [
      probe.check(`GET ${entity.path} lists what was stored`, [
        probe.create(entity, 1),
        probe.create(entity, 2),
        probe.ask('GET', entity.path, {
          status: 200,
          answer: { items: { $includes: probe.body(entity, 1) }, total: { $gte: 2 } },
        }),
        probe.ask('GET', entity.path, { status: 200, answer: { items: { $includes: probe.body(entity, 2) } } }),
      ]),
    ],
  };
}

function page(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.page`,
    statuses: [200],
    derived: true,
    text: `Where a client gives limit and offset, the API shall answer GET ${entity.path} with that page of the ${entity.labels}.`,
    checks: [
      probe.check(`limit and offset page through ${entity.path}`, [
        probe.create(entity, 1, 'first'),
        probe.create(entity, 2, 'second'),
        probe.create(entity, 3, 'third'),
        probe.ask('GET', `${entity.path}?limit=2`, {
          status: 200,
          answer: { items: [{ id: '${first}' }, { id: '${second}' }], total: 3, limit: 2, offset: 0 },
        }),
        probe.ask('GET', `${entity.path}?limit=2&offset=2`, {
          status: 200,
          answer: { items: [{ id: '${third}' }], total: 3 },
        }),
      ]),
    ],
  };
}

function read(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.read`,
    statuses: [200],
    derived: true,
    text: `When a client requests GET ${entity.path}/<id>, the API shall answer 200 with that ${entity.label}.`,
    checks: [
      probe.check(`GET ${entity.path}/<id> answers with the one that is asked for`, [
        probe.create(entity, 1, 'first'),
        probe.create(entity, 2, 'second'),
        probe.ask('GET', one(entity, 'second'), { status: 200, answer: { id: '${second}', ...probe.body(entity, 2) } }),
      ]),
    ],
  };
}

function replacing(entity: Entity, probe: Probe): Behaviour['checks'][number] {
  return probe.check(`PUT ${entity.path}/<id> replaces every field`, [
    probe.create(entity, 1),
    probe.ask('PUT', one(entity), { json: probe.body(entity, 2), status: 200, answer: probe.body(entity, 2) }),
    probe.ask('GET', one(entity), { status: 200, answer: probe.body(entity, 2) }),
  ]);
}

function changing(entity: Entity, probe: Probe): Behaviour['checks'][number] {
  const field = entity.fields[0];
  const change = field ? { [field.key]: probe.body(entity, 2)[field.key] ?? null } : {};
  return probe.check(`PATCH ${entity.path}/<id> changes what is named and keeps the rest`, [
    probe.create(entity, 1),
    probe.ask('PATCH', one(entity), { json: change, status: 200, answer: { ...probe.body(entity, 1), ...change } }),
    probe.ask('GET', one(entity), { status: 200, answer: { ...probe.body(entity, 1), ...change } }),
  ]);
}

function replace(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.replace`,
    statuses: [200],
    derived: false,
    text: `When a client puts ${withArticle(entity.label)} to ${entity.path}/<id>, the API shall replace it and answer 200.`,
    checks: [replacing(entity, probe)],
  };
}

function change(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.change`,
    statuses: [200],
    derived: false,
    text: `When a client patches ${entity.path}/<id>, the API shall change the named fields and answer 200.`,
    checks: [changing(entity, probe)],
  };
}

function update(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.update`,
    statuses: [200],
    derived: true,
    text: `When a client sends PUT or PATCH to ${entity.path}/<id>, the API shall update that ${entity.label} and answer 200 with it.`,
    checks: [replacing(entity, probe), changing(entity, probe)],
  };
}

function remove(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.delete`,
    statuses: [204, 404],
    derived: true,
    text: `When a client deletes ${entity.path}/<id>, the API shall remove that ${entity.label} and answer 204.`,
    checks: [
      probe.check(`DELETE ${entity.path}/<id> removes it and keeps the others`, [
        probe.create(entity, 1, 'gone'),
        probe.create(entity, 2, 'kept'),
        probe.ask('DELETE', one(entity, 'gone'), { status: 204 }),
        probe.ask('GET', one(entity, 'gone'), { status: 404 }),
        probe.ask('GET', one(entity, 'kept'), { status: 200 }),
      ]),
    ],
  };
}

function persist(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.persist`,
    statuses: [200],
    derived: false,
    text: `When the API is restarted, it shall still have the ${entity.labels} that were stored.`,
    checks: [
      probe.check(`${entity.labels} survive a restart`, [
        probe.create(entity, 1),
        restart,
        probe.ask('GET', one(entity), { status: 200, answer: probe.body(entity, 1) }),
      ]),
    ],
  };
}
