import { filterable } from '../model/filterable.ts';
import type { Entity, Field } from '../model/model.ts';
import { sampleOf, textOf, type Json } from '../model/samples.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import type { Probe } from './http.ts';

/** Filtering, sorting and searching of a list. */
export function finding(entity: Entity, probe: Probe): Behaviour[] {
  const { path, plural, labels } = entity;
  const first = probe.create(entity, 1, 'first');
  const second = probe.create(entity, 2, 'second');
  const found = entity.fields
    .filter((field) => filterable([field]))
    .flatMap((field): Behaviour[] => {
      const value = probe.body(entity, 1)[field.key] ?? '';
      const [low, high] =
        textOf(sampleOf(field, 1)).localeCompare(textOf(sampleOf(field, 2)), 'en', { numeric: true }) < 0
          ? ['first', 'second']
          : ['second', 'first'];
      return [
        {
          key: `${plural}.filter.${field.name}`,
          statuses: [200],
          derived: false,
          text: `When a client requests GET ${path}?${field.key}=<value>, the API shall answer with the ${labels} that have that ${field.label}.`,
          checks: [
            probe.check(`${labels} can be filtered by ${field.label}`, [
              first,
              second,
              probe.ask('GET', `${path}?${field.key}=${inQuery(value)}`, {
                status: 200,
                answer: { items: [{ id: '${first}' }], total: 1 },
              }),
            ]),
          ],
        },
        {
          key: `${plural}.sort.${field.name}`,
          statuses: [200],
          derived: false,
          text: `When a client requests GET ${path}?sort=${field.key}, the API shall answer with the ${labels} in order of their ${field.label}, with -${field.key} in the other.`,
          checks: [
            probe.check(`${labels} can be sorted by ${field.label}`, [
              first,
              second,
              probe.ask('GET', `${path}?sort=${field.key}`, {
                status: 200,
                answer: { items: [{ id: `\${${low}}` }, { id: `\${${high}}` }] },
              }),
              probe.ask('GET', `${path}?sort=-${field.key}`, {
                status: 200,
                answer: { items: [{ id: `\${${high}}` }, { id: `\${${low}}` }] },
              }),
            ]),
          ],
        },
      ];
    });
  return [
    ...found,
    ...entity.fields
      .filter((field) => field.type === 'string' || field.type === 'text')
      .flatMap((field) => searching(entity, field, probe)),
  ];
}

function searching(entity: Entity, field: Field, probe: Probe): Behaviour[] {
  if (!filterable([field])) return [];
  const part = textOf(probe.body(entity, 1)[field.key] ?? '')
    .slice(-40)
    .toUpperCase()
    .replaceAll('${UNIQUE}', '${unique}');
  return [
    {
      key: `${entity.plural}.search.${field.name}`,
      statuses: [200],
      derived: false,
      text: `When a client requests GET ${entity.path}?q=<text>, the API shall answer with the ${entity.labels} whose ${field.label} contains it.`,
      checks: [
        probe.check(`${entity.labels} can be searched by ${field.label}`, [
          probe.create(entity, 1, 'first'),
          probe.create(entity, 2, 'second'),
          probe.ask('GET', `${entity.path}?q=${inQuery(part)}`, {
            status: 200,
            answer: { items: [{ id: '${first}' }], total: 1 },
          }),
        ]),
      ],
    },
  ];
}

/** Percent-encoded, but for holes that are filled when the check runs. */
function inQuery(value: Json): string {
  return encodeURIComponent(textOf(value)).replaceAll('%24%7Bunique%7D', '${unique}');
}
