import { boundText, edgesOf } from '../model/bounds.ts';
import { textual, type Entity, type Field } from '../model/model.ts';
import { invalidSamples } from '../model/samples.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { one } from './entity-words.ts';
import { errorBody, type Probe } from './http.ts';
import { refusal } from './refusal-behaviours.ts';

/** What the API does with one field of a thing. */
export function fieldBehaviours(entity: Entity, field: Field, probe: Probe): Behaviour[] {
  const { invalidStatus } = probe.model;
  const key = (what: string): string => `${entity.plural}.${what}.${field.name}`;
  const found: Behaviour[] = [
    {
      key: key('type'),
      statuses: [invalidStatus],
      derived: false,
      text: `If a client sends ${withArticle(entity.label)} whose ${field.label} is of a wrong kind, then the API shall answer ${invalidStatus}.`,
      checks: [
        probe.check(`${field.label} of a wrong kind is refused`, [
          probe.create(entity, 1),
          ...invalidSamples(field)
            .slice(0, 1)
            .map(({ value }) => refusal(entity, field, { probe, value })),
        ]),
      ],
    },
  ];
  found.push(storing(entity, field, probe));
  if (field.required) {
    const blank = textual.includes(field.type)
      ? [refusal(entity, field, { probe, value: '' }), refusal(entity, field, { probe, value: '   ' })]
      : [];
    found.push({
      key: key('required'),
      statuses: [invalidStatus],
      derived: false,
      text: `If a client sends ${withArticle(entity.label)} without ${field.label}, then the API shall answer ${invalidStatus}.`,
      checks: [
        probe.check(`${field.label} of ${withArticle(entity.label)} is required`, [
          probe.create(entity, 1),
          refusal(entity, field, { probe, value: undefined }),
          refusal(entity, field, { probe, value: null }),
          ...blank,
        ]),
      ],
    });
  } else found.push(optional(entity, field, probe));
  if (field.unique) found.push(unique(entity, field, probe));
  if (field.min !== null || field.max !== null || field.type === 'choice') found.push(bounds(entity, field, probe));
  return found;
}

function storing(entity: Entity, field: Field, probe: Probe): Behaviour {
  const value = probe.body(entity, 1)[field.key] ?? null;
  return {
    key: `${entity.plural}.field.${field.name}`,
    statuses: [201],
    derived: false,
    text: `When a client posts ${withArticle(entity.label)} with ${field.label}, the API shall store the ${field.label} and answer with it.`,
    checks: [
      probe.check(`${field.label} of ${withArticle(entity.label)} is stored`, [
        probe.ask('POST', entity.path, {
          json: probe.body(entity, 1),
          status: 201,
          answer: { [field.key]: value },
          save: { id: '/id' },
        }),
        probe.ask('GET', one(entity), { status: 200, answer: { [field.key]: value } }),
      ]),
    ],
  };
}

function optional(entity: Entity, field: Field, probe: Probe): Behaviour {
  const { [field.key]: _left, ...rest } = probe.body(entity, 1);
  return {
    key: `${entity.plural}.optional.${field.name}`,
    statuses: [201],
    derived: false,
    text: `When a client posts ${withArticle(entity.label)} without ${field.label}, the API shall store it.`,
    checks: [
      probe.check(`${field.label} of ${withArticle(entity.label)} may be left out`, [
        probe.ask('POST', entity.path, { json: rest, status: 201, answer: rest }),
      ]),
    ],
  };
}

function unique(entity: Entity, field: Field, probe: Probe): Behaviour {
  const taken = { ...probe.body(entity, 2), [field.key]: probe.body(entity, 1)[field.key] ?? null };
  return {
    key: `${entity.plural}.unique.${field.name}`,
    statuses: [409],
    derived: true,
    text: `If a client sends ${withArticle(entity.label)} with a ${field.label} that is taken, then the API shall answer 409.`,
    checks: [
      probe.check(`${field.label} of ${withArticle(entity.label)} is unique`, [
        probe.create(entity, 1),
        probe.ask('POST', entity.path, { json: taken, status: 409, answer: errorBody }),
        probe.create(entity, 2, 'second'),
        probe.ask('PUT', one(entity, 'second'), { json: taken, status: 409, answer: errorBody }),
      ]),
    ],
  };
}

function bounds(entity: Entity, field: Field, probe: Probe): Behaviour {
  const fits = edgesOf(field)
    .slice(0, 50)
    .map((value, index) =>
      probe.ask('POST', entity.path, {
        json: { ...probe.body(entity, (index % 9) + 1, `-${index}`), [field.key]: value },
        status: 201,
        answer: { [field.key]: value },
      }),
    );
  const breaks = invalidSamples(field)
    .filter(({ rule }) => field.type === 'choice' || rule !== 'type')
    .map(({ value }) => refusal(entity, field, { probe, value }));
  return {
    key: `${entity.plural}.bounds.${field.name}`,
    statuses: [probe.model.invalidStatus, 201],
    derived: true,
    text: `If a client sends ${withArticle(entity.label)} whose ${field.label} is not ${boundText(field)}, then the API shall answer ${probe.model.invalidStatus}.`,
    checks: [
      probe.check(`${field.label} of ${withArticle(entity.label)} is ${boundText(field)}`, [...fits, ...breaks]),
    ],
  };
}
