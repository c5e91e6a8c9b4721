import type { Entity, Field } from '../model/model.ts';
import { namesOf } from '../model/names-of.ts';
import { invalidSamples, type Json } from '../model/samples.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { errorBody, unknownId, type Probe } from './http.ts';

export function missing(entity: Entity, probe: Probe): Behaviour {
  const path = `${entity.path}/${unknownId}`;
  const answer = { ...errorBody, error: { ...errorBody.error, code: 'not_found' } };
  return {
    key: `${entity.plural}.missing`,
    statuses: [404],
    derived: true,
    text: `If a client asks for ${withArticle(entity.label)} that does not exist, then the API shall answer 404.`,
    checks: [
      probe.check(`every method on an unknown ${entity.label} answers 404`, [
        // Something is stored first: an application that answers 404 to everything does not pass.
        probe.create(entity, 1),
        probe.ask('GET', path, { status: 404, answer }),
        probe.ask('PUT', path, { json: probe.body(entity, 2), status: 404, answer }),
        probe.ask('PATCH', path, { json: {}, status: 404, answer }),
        probe.ask('DELETE', path, { status: 404, answer }),
      ]),
    ],
  };
}

/** A body that is wrong in one field: with this value, or without the field where the value is undefined. */
export function refusal(
  entity: Entity,
  field: Field,
  { probe, value }: { readonly probe: Probe; readonly value: Json | undefined },
): ReturnType<Probe['ask']> {
  const { [field.key]: _left, ...rest } = probe.body(entity, 1);
  const json = value === undefined ? rest : { ...rest, [field.key]: value };
  return probe.ask('POST', entity.path, {
    json,
    status: probe.model.invalidStatus,
    answer: { error: { fields: { [field.key]: { $type: 'string' } } } },
  });
}

export function invalid(entity: Entity, probe: Probe): Behaviour {
  const refusals = entity.fields.flatMap((field) =>
    invalidSamples(field).map(({ value }) => refusal(entity, field, { probe, value })),
  );
  return {
    key: `${entity.plural}.invalid`,
    statuses: [probe.model.invalidStatus],
    derived: true,
    text: `If a client sends ${withArticle(entity.label)} whose values are not valid, then the API shall answer ${probe.model.invalidStatus}, name the wrong field and store nothing.`,
    checks: [
      probe.check(`invalid values of ${withArticle(entity.label)} are refused by name`, [
        probe.create(entity, 1),
        ...refusals.slice(0, 80),
        probe.ask('GET', entity.path, { status: 200, answer: { total: 1 } }),
      ]),
    ],
  };
}

export function malformed(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.malformed`,
    statuses: [400],
    derived: false,
    text: `If a client sends a body that is no JSON object to ${entity.path}, then the API shall answer 400.`,
    checks: [
      probe.check(`a body that is no JSON object is refused at ${entity.path}`, [
        probe.create(entity, 1),
        ...['{', '[]', '"text"'].map((body) =>
          probe.ask('POST', entity.path, { body, status: 400, answer: errorBody }),
        ),
      ]),
    ],
  };
}

export function unknownField(entity: Entity, probe: Probe): Behaviour {
  return {
    key: `${entity.plural}.unknown-field`,
    statuses: [probe.model.invalidStatus],
    derived: false,
    text: `If a client sends a field that ${withArticle(entity.label)} does not have, then the API shall answer ${probe.model.invalidStatus}.`,
    checks: [
      probe.check(`an unknown field of ${withArticle(entity.label)} is refused`, [
        probe.create(entity, 1),
        probe.ask('POST', entity.path, {
          json: { ...probe.body(entity, 2), no_such_field: 1 },
          status: probe.model.invalidStatus,
          answer: errorBody,
        }),
      ]),
    ],
  };
}

export function required(entity: Entity, probe: Probe): Behaviour[] {
  const needed = entity.fields.filter((field) => field.required);
  if (needed.length === 0) return [];
  return [
    {
      key: `${entity.plural}.required`,
      statuses: [probe.model.invalidStatus],
      derived: true,
      text: `If a client sends ${withArticle(entity.label)} without ${namesOf(needed, 'or')}, then the API shall answer ${probe.model.invalidStatus} and name what is missing.`,
      checks: [
        probe.check(`${withArticle(entity.label)} without ${namesOf(needed, 'or')} is refused`, [
          probe.create(entity, 1),
          ...needed.map((field) => refusal(entity, field, { probe, value: undefined })),
        ]),
      ],
    },
  ];
}
