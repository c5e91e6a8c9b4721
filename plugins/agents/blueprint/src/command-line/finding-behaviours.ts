import { filterable } from '../model/filterable.ts';
import type { Entity, Field } from '../model/model.ts';
import { sampleBody, sampleOf, textOf, type JsonObject } from '../model/samples.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { optionOf } from './naming.ts';
import { linesOf, optionFor, type Session } from './session.ts';

/** Filtering, sorting and searching of a list. */
export function findingBehaviours(entity: Entity, session: Session): Behaviour[] {
  const fields = entity.fields.filter((field) => differs(field));
  const searched = fields.filter(({ type }) => type === 'string' || type === 'text');
  return [
    ...fields.flatMap((field) => [filtering(entity, field, session), sorting(entity, field, session)]),
    ...searched.map((field) => searching(entity, field, session)),
  ];
}

function differs(field: Field): boolean {
  return filterable([{ ...field, key: '' }]) !== undefined;
}

function stored(entity: Entity): [JsonObject, JsonObject] {
  return [
    { id: 1, ...sampleBody(entity, 1) },
    { id: 2, ...sampleBody(entity, 2) },
  ];
}

function found(
  entity: Entity,
  session: Session,
  searches: readonly { readonly options: readonly string[]; readonly finds: readonly JsonObject[] }[],
): Parameters<Session['check']>[1] {
  return [
    session.add(entity, 1, 1),
    session.add(entity, 2, 2),
    ...searches.map(({ options, finds }) => ({
      args: session.words(entity, 'list', ...options, '--json'),
      exitCode: 0,
      prints: [linesOf(finds)],
    })),
  ];
}

function filtering(entity: Entity, field: Field, session: Session): Behaviour {
  const [first, second] = stored(entity);
  return {
    key: `${entity.plural}.filter.${field.name}`,
    statuses: [0],
    derived: false,
    text: `When ${entity.labels} are listed with --${optionOf(field)}, the tool shall print those that have that ${field.label}.`,
    checks: [
      session.check(
        `${entity.labels} can be filtered by ${field.label}`,
        found(entity, session, [
          { options: optionFor(field, first[field.key] ?? null), finds: [first] },
          { options: optionFor(field, second[field.key] ?? null), finds: [second] },
        ]),
      ),
    ],
  };
}

function sorting(entity: Entity, field: Field, session: Session): Behaviour {
  const both = stored(entity);
  const isUpwards = textOf(sampleOf(field, 1)).localeCompare(textOf(sampleOf(field, 2)), 'en', { numeric: true }) < 0;
  const upwards = isUpwards ? both : both.toReversed();
  return {
    key: `${entity.plural}.sort.${field.name}`,
    statuses: [0],
    derived: false,
    text: `When ${entity.labels} are listed with --sort ${optionOf(field)}, the tool shall print them in order of their ${field.label}, with --reverse in the other.`,
    checks: [
      session.check(
        `${entity.labels} can be sorted by ${field.label}`,
        found(entity, session, [
          { options: ['--sort', optionOf(field)], finds: upwards },
          { options: ['--sort', optionOf(field), '--reverse'], finds: upwards.toReversed() },
        ]),
      ),
    ],
  };
}

function searching(entity: Entity, field: Field, session: Session): Behaviour {
  const [first] = stored(entity);
  const part = textOf(first[field.key] ?? '')
    .slice(-40)
    .toUpperCase();
  return {
    key: `${entity.plural}.search.${field.name}`,
    statuses: [0],
    derived: false,
    text: `When ${entity.labels} are listed with --search, the tool shall print those whose ${field.label} contains that text.`,
    checks: [
      session.check(
        `${entity.labels} can be searched by ${field.label}`,
        found(entity, session, [{ options: ['--search', part], finds: [first] }]),
      ),
    ],
  };
}
