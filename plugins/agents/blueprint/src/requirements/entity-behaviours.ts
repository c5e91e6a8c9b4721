import { filterable } from '../model/filterable.ts';
import { textual, type Entity, type Field, type Model } from '../model/model.ts';
import { invalidSamples, sampleOf, type Json } from '../model/samples.ts';
import type { Behaviour } from './behaviour.ts';
import { errorBody, Probe, restart, unknownId } from './http.ts';

/** What the API does with one kind of thing. */
export function entityBehaviours(entity: Entity, model: Model): Behaviour[] {
  const probe = new Probe(model);
  return [
    create(entity, probe), list(entity, probe), page(entity, probe), read(entity, probe), replace(entity, probe), change(entity, probe), update(entity, probe), remove(entity, probe),
    missing(entity, probe), invalid(entity, probe), malformed(entity, probe), unknownField(entity, probe), persist(entity, probe),
    ...required(entity, probe),
    ...entity.fields.flatMap((field) => fieldBehaviours(entity, field, probe)),
    ...finding(entity, probe),
  ];
}

const one = (entity: Entity, name = 'id'): string => `${entity.path}/\${${name}}`;
const article = (label: string): string => `${/^[aeiou](?!ni)/.test(label) ? 'an' : 'a'} ${label}`;
const namesOf = (fields: readonly Field[], word = 'and'): string => {
  const names = fields.map((field) => field.label);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
};

function create(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.create`, statuses: [201], derived: true,
    text: `When a client posts ${article(entity.label)} with ${namesOf(entity.fields)} to ${entity.path}, the API shall store it and answer 201 with it and its id.`,
    checks: [probe.check(`POST ${entity.path} stores ${article(entity.label)} and answers 201 with all its fields`, [
      probe.create(entity, 1),
      probe.ask('GET', one(entity), { status: 200, answer: probe.body(entity, 1) }),
    ])],
  };
}

function list(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.list`, statuses: [200], derived: true,
    text: `When a client requests GET ${entity.path}, the API shall answer 200 with the stored ${entity.labels} and their total.`,
    checks: [probe.check(`GET ${entity.path} lists what was stored`, [
      probe.create(entity, 1), probe.create(entity, 2),
      probe.ask('GET', entity.path, { status: 200, answer: { items: { $includes: probe.body(entity, 1) }, total: { $gte: 2 } } }),
      probe.ask('GET', entity.path, { status: 200, answer: { items: { $includes: probe.body(entity, 2) } } }),
    ])],
  };
}

function page(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.page`, statuses: [200], derived: true,
    text: `Where a client gives limit and offset, the API shall answer GET ${entity.path} with that page of the ${entity.labels}.`,
    checks: [probe.check(`limit and offset page through ${entity.path}`, [
      probe.create(entity, 1, 'first'), probe.create(entity, 2, 'second'), probe.create(entity, 3, 'third'),
      probe.ask('GET', `${entity.path}?limit=2`, { status: 200, answer: { items: [{ id: '${first}' }, { id: '${second}' }], total: 3, limit: 2, offset: 0 } }),
      probe.ask('GET', `${entity.path}?limit=2&offset=2`, { status: 200, answer: { items: [{ id: '${third}' }], total: 3 } }),
    ])],
  };
}

function read(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.read`, statuses: [200], derived: true,
    text: `When a client requests GET ${entity.path}/<id>, the API shall answer 200 with that ${entity.label}.`,
    checks: [probe.check(`GET ${entity.path}/<id> answers with the one that is asked for`, [
      probe.create(entity, 1, 'first'), probe.create(entity, 2, 'second'),
      probe.ask('GET', one(entity, 'second'), { status: 200, answer: { id: '${second}', ...probe.body(entity, 2) } }),
    ])],
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
    key: `${entity.plural}.replace`, statuses: [200], derived: false,
    text: `When a client puts ${article(entity.label)} to ${entity.path}/<id>, the API shall replace it and answer 200.`,
    checks: [replacing(entity, probe)],
  };
}

function change(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.change`, statuses: [200], derived: false,
    text: `When a client patches ${entity.path}/<id>, the API shall change the named fields and answer 200.`,
    checks: [changing(entity, probe)],
  };
}

function update(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.update`, statuses: [200], derived: true,
    text: `When a client sends PUT or PATCH to ${entity.path}/<id>, the API shall update that ${entity.label} and answer 200 with it.`,
    checks: [replacing(entity, probe), changing(entity, probe)],
  };
}

function remove(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.delete`, statuses: [204, 404], derived: true,
    text: `When a client deletes ${entity.path}/<id>, the API shall remove that ${entity.label} and answer 204.`,
    checks: [probe.check(`DELETE ${entity.path}/<id> removes it and keeps the others`, [
      probe.create(entity, 1, 'gone'), probe.create(entity, 2, 'kept'),
      probe.ask('DELETE', one(entity, 'gone'), { status: 204 }),
      probe.ask('GET', one(entity, 'gone'), { status: 404 }),
      probe.ask('GET', one(entity, 'kept'), { status: 200 }),
    ])],
  };
}

function missing(entity: Entity, probe: Probe): Behaviour {
  const path = `${entity.path}/${unknownId}`;
  const answer = { ...errorBody, error: { ...errorBody.error, code: 'not_found' } };
  return {
    key: `${entity.plural}.missing`, statuses: [404], derived: true,
    text: `If a client asks for ${article(entity.label)} that does not exist, then the API shall answer 404.`,
    checks: [probe.check(`every method on an unknown ${entity.label} answers 404`, [
      // Something is stored first: an application that answers 404 to everything does not pass.
      probe.create(entity, 1),
      probe.ask('GET', path, { status: 404, answer }),
      probe.ask('PUT', path, { json: probe.body(entity, 2), status: 404, answer }),
      probe.ask('PATCH', path, { json: {}, status: 404, answer }),
      probe.ask('DELETE', path, { status: 404, answer }),
    ])],
  };
}

function refusal(entity: Entity, probe: Probe, field: Field, value: Json | undefined): ReturnType<Probe['ask']> {
  const { [field.key]: _left, ...rest } = probe.body(entity, 1);
  const json = value === undefined ? rest : { ...rest, [field.key]: value };
  return probe.ask('POST', entity.path, { json, status: probe.model.invalidStatus, answer: { error: { fields: { [field.key]: { $type: 'string' } } } } });
}

function invalid(entity: Entity, probe: Probe): Behaviour {
  const refusals = entity.fields.flatMap((field) => invalidSamples(field).map(({ value }) => refusal(entity, probe, field, value)));
  return {
    key: `${entity.plural}.invalid`, statuses: [probe.model.invalidStatus], derived: true,
    text: `If a client sends ${article(entity.label)} whose values are not valid, then the API shall answer ${probe.model.invalidStatus}, name the wrong field and store nothing.`,
    checks: [probe.check(`invalid values of ${article(entity.label)} are refused by name`, [
      probe.create(entity, 1),
      ...refusals.slice(0, 80),
      probe.ask('GET', entity.path, { status: 200, answer: { total: 1 } }),
    ])],
  };
}

function malformed(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.malformed`, statuses: [400], derived: false,
    text: `If a client sends a body that is no JSON object to ${entity.path}, then the API shall answer 400.`,
    checks: [probe.check(`a body that is no JSON object is refused at ${entity.path}`, [
      probe.create(entity, 1),
      ...['{', '[]', '"text"'].map((body) => probe.ask('POST', entity.path, { body, status: 400, answer: errorBody })),
    ])],
  };
}

function unknownField(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.unknown-field`, statuses: [probe.model.invalidStatus], derived: false,
    text: `If a client sends a field that ${article(entity.label)} does not have, then the API shall answer ${probe.model.invalidStatus}.`,
    checks: [probe.check(`an unknown field of ${article(entity.label)} is refused`, [
      probe.create(entity, 1),
      probe.ask('POST', entity.path, { json: { ...probe.body(entity, 2), no_such_field: 1 }, status: probe.model.invalidStatus, answer: errorBody }),
    ])],
  };
}

function persist(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.persist`, statuses: [200], derived: false,
    text: `When the API is restarted, it shall still have the ${entity.labels} that were stored.`,
    checks: [probe.check(`${entity.labels} survive a restart`, [
      probe.create(entity, 1), restart,
      probe.ask('GET', one(entity), { status: 200, answer: probe.body(entity, 1) }),
    ])],
  };
}

function required(entity: Entity, probe: Probe): Behaviour[] {
  const needed = entity.fields.filter((field) => field.required);
  if (needed.length === 0) return [];
  return [{
    key: `${entity.plural}.required`, statuses: [probe.model.invalidStatus], derived: true,
    text: `If a client sends ${article(entity.label)} without ${namesOf(needed, 'or')}, then the API shall answer ${probe.model.invalidStatus} and name what is missing.`,
    checks: [probe.check(`${article(entity.label)} without ${namesOf(needed, 'or')} is refused`, [probe.create(entity, 1), ...needed.map((field) => refusal(entity, probe, field, undefined))])],
  }];
}

function fieldBehaviours(entity: Entity, field: Field, probe: Probe): Behaviour[] {
  const { invalidStatus } = probe.model;
  const key = (what: string): string => `${entity.plural}.${what}.${field.name}`;
  const found: Behaviour[] = [{
    key: key('type'), statuses: [invalidStatus], derived: false,
    text: `If a client sends ${article(entity.label)} whose ${field.label} is of a wrong kind, then the API shall answer ${invalidStatus}.`,
    checks: [probe.check(`${field.label} of a wrong kind is refused`, [probe.create(entity, 1), ...invalidSamples(field).slice(0, 1).map(({ value }) => refusal(entity, probe, field, value))])],
  }];
  found.push(storing(entity, field, probe));
  if (field.required) {
    const blank = textual.includes(field.type) ? [refusal(entity, probe, field, ''), refusal(entity, probe, field, '   ')] : [];
    found.push({
      key: key('required'), statuses: [invalidStatus], derived: false,
      text: `If a client sends ${article(entity.label)} without ${field.label}, then the API shall answer ${invalidStatus}.`,
      checks: [probe.check(`${field.label} of ${article(entity.label)} is required`, [probe.create(entity, 1), refusal(entity, probe, field, undefined), refusal(entity, probe, field, null), ...blank])],
    });
  } else found.push(optional(entity, field, probe));
  if (field.unique) found.push(unique(entity, field, probe));
  if (field.min !== null || field.max !== null || field.type === 'choice') found.push(bounds(entity, field, probe));
  return found;
}

function storing(entity: Entity, field: Field, probe: Probe): Behaviour {
  const value = probe.body(entity, 1)[field.key] ?? null;
  return {
    key: `${entity.plural}.field.${field.name}`, statuses: [201], derived: false,
    text: `When a client posts ${article(entity.label)} with ${field.label}, the API shall store the ${field.label} and answer with it.`,
    checks: [probe.check(`${field.label} of ${article(entity.label)} is stored`, [
      probe.ask('POST', entity.path, { json: probe.body(entity, 1), status: 201, answer: { [field.key]: value }, save: { id: '/id' } }),
      probe.ask('GET', one(entity), { status: 200, answer: { [field.key]: value } }),
    ])],
  };
}

function optional(entity: Entity, field: Field, probe: Probe): Behaviour {
  const { [field.key]: _left, ...rest } = probe.body(entity, 1);
  return {
    key: `${entity.plural}.optional.${field.name}`, statuses: [201], derived: false,
    text: `When a client posts ${article(entity.label)} without ${field.label}, the API shall store it.`,
    checks: [probe.check(`${field.label} of ${article(entity.label)} may be left out`, [probe.ask('POST', entity.path, { json: rest, status: 201, answer: rest })])],
  };
}

function unique(entity: Entity, field: Field, probe: Probe): Behaviour {
  const taken = { ...probe.body(entity, 2), [field.key]: probe.body(entity, 1)[field.key] ?? null };
  return {
    key: `${entity.plural}.unique.${field.name}`, statuses: [409], derived: true,
    text: `If a client sends ${article(entity.label)} with a ${field.label} that is taken, then the API shall answer 409.`,
    checks: [probe.check(`${field.label} of ${article(entity.label)} is unique`, [
      probe.create(entity, 1),
      probe.ask('POST', entity.path, { json: taken, status: 409, answer: errorBody }),
      probe.create(entity, 2, 'second'),
      probe.ask('PUT', one(entity, 'second'), { json: taken, status: 409, answer: errorBody }),
    ])],
  };
}

function bounds(entity: Entity, field: Field, probe: Probe): Behaviour {
  const fits = edges(field).slice(0, 50).map((value, index) => probe.ask('POST', entity.path, { json: { ...probe.body(entity, (index % 9) + 1, `-${index}`), [field.key]: value }, status: 201, answer: { [field.key]: value } }));
  const breaks = invalidSamples(field).filter(({ rule }) => field.type === 'choice' || rule !== 'type').map(({ value }) => refusal(entity, probe, field, value));
  return {
    key: `${entity.plural}.bounds.${field.name}`, statuses: [probe.model.invalidStatus, 201], derived: true,
    text: `If a client sends ${article(entity.label)} whose ${field.label} is not ${boundText(field)}, then the API shall answer ${probe.model.invalidStatus}.`,
    checks: [probe.check(`${field.label} of ${article(entity.label)} is ${boundText(field)}`, [...fits, ...breaks])],
  };
}

/** The outermost values that are still right. A unique field gets each once. */
function edges(field: Field): Json[] {
  if (field.type === 'choice') return [...field.choices];
  if (textual.includes(field.type)) {
    const plain = field.type === 'string' || field.type === 'text';
    return plain ? [...(field.min === null ? [] : ['x'.repeat(Math.max(1, field.min))]), ...(field.max === null ? [] : ['y'.repeat(field.max)])] : [sampleOf(field, 1)];
  }
  const low = field.min === null ? [] : [field.minOpen ? sampleOf(field, 1) : field.min];
  return [...low, ...(field.max === null || field.max === field.min ? [] : [field.max])];
}

function boundText(field: Field): string {
  if (field.type === 'choice') return `one of ${field.choices.join(', ')}`;
  const unit = textual.includes(field.type) ? ' characters long' : '';
  const low = field.min === null ? '' : `${field.minOpen ? 'greater than' : 'at least'} ${field.min}`;
  const high = field.max === null ? '' : `at most ${field.max}`;
  return `${[low, high].filter((part) => part !== '').join(' and ')}${unit}`;
}

function finding(entity: Entity, probe: Probe): Behaviour[] {
  const { path, plural, labels } = entity;
  const first = probe.create(entity, 1, 'first');
  const second = probe.create(entity, 2, 'second');
  const found = entity.fields.filter((field) => filterable([field])).flatMap((field): Behaviour[] => {
    const value = probe.body(entity, 1)[field.key] ?? '';
    const [low, high] = String(sampleOf(field, 1)).localeCompare(String(sampleOf(field, 2)), 'en', { numeric: true }) < 0 ? ['first', 'second'] : ['second', 'first'];
    return [
      {
        key: `${plural}.filter.${field.name}`, statuses: [200], derived: false,
        text: `When a client requests GET ${path}?${field.key}=<value>, the API shall answer with the ${labels} that have that ${field.label}.`,
        checks: [probe.check(`${labels} can be filtered by ${field.label}`, [
          first, second,
          probe.ask('GET', `${path}?${field.key}=${inQuery(value)}`, { status: 200, answer: { items: [{ id: '${first}' }], total: 1 } }),
        ])],
      },
      {
        key: `${plural}.sort.${field.name}`, statuses: [200], derived: false,
        text: `When a client requests GET ${path}?sort=${field.key}, the API shall answer with the ${labels} in order of their ${field.label}, with -${field.key} in the other.`,
        checks: [probe.check(`${labels} can be sorted by ${field.label}`, [
          first, second,
          probe.ask('GET', `${path}?sort=${field.key}`, { status: 200, answer: { items: [{ id: `\${${low}}` }, { id: `\${${high}}` }] } }),
          probe.ask('GET', `${path}?sort=-${field.key}`, { status: 200, answer: { items: [{ id: `\${${high}}` }, { id: `\${${low}}` }] } }),
        ])],
      },
    ];
  });
  return [...found, ...entity.fields.filter((field) => field.type === 'string' || field.type === 'text').flatMap((field) => searching(entity, field, probe))];
}

function searching(entity: Entity, field: Field, probe: Probe): Behaviour[] {
  if (!filterable([field])) return [];
  const part = String(probe.body(entity, 1)[field.key]).slice(-40).toUpperCase().replaceAll('${UNIQUE}', '${unique}');
  return [{
    key: `${entity.plural}.search.${field.name}`, statuses: [200], derived: false,
    text: `When a client requests GET ${entity.path}?q=<text>, the API shall answer with the ${entity.labels} whose ${field.label} contains it.`,
    checks: [probe.check(`${entity.labels} can be searched by ${field.label}`, [
      probe.create(entity, 1, 'first'), probe.create(entity, 2, 'second'),
      probe.ask('GET', `${entity.path}?q=${inQuery(part)}`, { status: 200, answer: { items: [{ id: '${first}' }], total: 1 } }),
    ])],
  }];
}

/** Percent-encoded, but for holes that are filled when the check runs. */
function inQuery(value: Json): string {
  return encodeURIComponent(String(value)).replaceAll('%24%7Bunique%7D', '${unique}');
}
