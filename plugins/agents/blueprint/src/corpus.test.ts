import { describe, expect, it } from 'vitest';
import type { Case } from '../test/corpus/case.ts';
import { fresh } from '../test/corpus/fresh.ts';
import { heldOut } from '../test/corpus/held-out.ts';
import { known } from '../test/corpus/known.ts';
import { pages } from '../test/corpus/pages.ts';
import { tools } from '../test/corpus/tools.ts';
import type { Entity, Field } from './model/model.ts';
import { projectOf } from './turns/project.ts';
import { unmetOf } from './turns/proposals.ts';

const corpora: readonly { readonly kind: string; readonly cases: readonly Case[] }[] = [
  { kind: 'that was once misread', cases: known },
  { kind: 'of any style', cases: fresh },
  { kind: 'for a command line tool', cases: tools },
  { kind: 'for a web page', cases: pages },
  { kind: 'that was held out while the reading was made', cases: heldOut },
];

describe.each(corpora)('a prompt $kind', ({ cases }) => {
  it.each(cases.map((read) => ({ prompt: read[0], read })))('$prompt', ({ read }) => {
    expect(wrongIn(read)).toEqual([]);
  });
});

/** What a case finds wrong with the reading of its prompt; empty when all is right. */
function wrongIn([prompt, expected, beyond = []]: Case): string[] {
  const project = projectOf({ prompt, requirements: [], feedback: [] });
  const [head = '', ...things] = expected.split(' | ');
  if (!project) return head === 'none' ? [] : ['nothing was read'];
  const { model, blueprint } = project;
  const found = `${blueprint.id.replace('-api', '')}${model.auth ? ` ${model.auth.login}` : ''}`;
  const wrong = found === head ? [] : [`head is '${found}'`];
  const names = things.map((thing) => thing.split(':')[0] ?? '');
  const built = model.entities.map((entity) => entity.path.slice(1));
  if (names.join() !== built.join()) wrong.push(`things are '${built.join()}'`);
  else for (const [index, entity] of model.entities.entries()) wrong.push(...wrongFields(things[index] ?? '', entity));
  return [...wrong, ...wrongUnmet(unmetOf(prompt, project), beyond)];
}

function wrongUnmet(unmet: ReturnType<typeof unmetOf>, beyond: readonly string[] | null): string[] {
  const told = unmet.map(({ text, cannot }) => `${text} [${cannot ?? ''}]`);
  if (beyond === null) return [];
  if (beyond.length === 0 && told.length > 0) return [`beyond: ${told.join(' ; ')}`];
  const all = told.join('\n').toLowerCase();
  return beyond.filter((words) => !all.includes(words)).map((words) => `'${words}' is not told as beyond: ${all}`);
}

function wrongFields(thing: string, entity: Entity): string[] {
  const [, list] = thing.split(': ');
  if (list === undefined) return [];
  const wanted = list.split(', ');
  const keys = wanted.map((item) => /^\w+/.exec(item)?.[0] ?? '');
  const found = entity.fields.map((field) => field.key);
  if (keys.join() !== found.join()) return [`${entity.plural} has '${found.join(', ')}'`];
  return entity.fields.flatMap((field, index) => wrongField(wanted[index] ?? '', field));
}

function wrongField(wanted: string, field: Field): string[] {
  const [, type, needed = '', unique, bounds, choices] =
    /^\w+(?:=(\w+))?([!?])?(#)?([!?])?(?:\[([^\]]*)\])?(?:\(([^)]*)\))?$/.exec(wanted)?.toSpliced(4, 1) ?? [];
  const limits = `${field.minOpen ? '>' : ''}${field.min ?? ''}..${field.max ?? ''}`;
  const is = [
    type === undefined || type === field.type,
    needed === '' || (needed === '!') === field.required,
    unique === undefined || field.unique,
    bounds === undefined || bounds === limits,
    choices === undefined || choices === field.choices.join('|'),
  ];
  return is.every(Boolean)
    ? []
    : [
        `'${wanted}' is ${field.type}${field.required ? '!' : '?'}${field.unique ? '#' : ''}[${limits}](${field.choices.join('|')})`,
      ];
}
