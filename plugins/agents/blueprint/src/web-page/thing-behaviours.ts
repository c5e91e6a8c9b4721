import type { Entity, Field } from '../model/model.ts';
import { namesOf } from '../model/names-of.ts';
import { sampleBody, type JsonObject } from '../model/samples.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { leftOut, refusals, type Refusal } from './field-behaviours.ts';
import { addButton, headingOf, labelOf, lines, saveButton, typed, visit } from './visit.ts';

/** What the page does with one kind of thing. */
export function thingBehaviours(entity: Entity): Behaviour[] {
  const [first, second] = [sampleBody(entity, 1), sampleBody(entity, 2)];
  const { label, labels, plural, fields } = entity;
  const both = [lines.add(entity, 1), lines.add(entity, 2), lines.shows(entity, [first, second])];
  const behaviour: Make = (what, [text, title], steps) => ({
    key: `${plural}.${what}`,
    statuses: [],
    derived: what !== 'read',
    text,
    checks: [visit(`${plural}.${what}`, title, steps)],
  });
  const firstField = fields[0];
  return [
    behaviour(
      'create',
      [
        `When the form is sent with ${namesOf(fields)}, the page shall show the new ${label} in its list and empty the form.`,
        `${withArticle(label)} that is added is shown with all its fields`,
      ],
      [
        lines.add(entity, 1),
        lines.shows(entity, [first]),
        lines.says('Added', '[role="status"]'),
        ...(firstField && firstField.type !== 'boolean' && firstField.type !== 'choice'
          ? [
              `assert.equal(page.field(${JSON.stringify(headingOf(entity))}, ${JSON.stringify(labelOf(firstField))}).value, '');`,
            ]
          : []),
      ],
    ),
    behaviour(
      'list',
      [`The page shall list the stored ${labels} with ${namesOf(fields)}.`, `${labels} are listed`],
      [...both, ...fields.map((field) => lines.says(labelOf(field), 'th'))],
    ),
    behaviour('read', [`The page shall show each ${label} with all its fields.`, `each ${label} is shown`], both),
    behaviour(
      'empty',
      [`Where there are no ${labels}, the page shall say so.`, `a page without ${labels} says so`],
      [
        lines.shows(entity, []),
        lines.says(`No ${labels} yet.`),
        lines.add(entity, 1),
        lines.shows(entity, [first]),
        `await page.hides(${JSON.stringify(`No ${labels} yet.`)});`,
      ],
    ),
    update(entity, behaviour),
    behaviour(
      'delete',
      [
        `When Remove is pressed beside ${withArticle(label)}, the page shall remove it and no other.`,
        `removing ${withArticle(label)} removes no other`,
      ],
      [...both, lines.press(entity, 'Remove', 0), lines.shows(entity, [second])],
    ),
    ...invalid(entity),
    ...required(entity),
  ];
}

type Make = (what: string, words: readonly [text: string, title: string], steps: readonly string[]) => Behaviour;

function update(entity: Entity, behaviour: Make): Behaviour {
  const { label, fields } = entity;
  const [first, second] = [sampleBody(entity, 1), sampleBody(entity, 2)];
  const field = fields.find(({ unique }) => !unique) ?? fields[0];
  const value = field ? (sampleBody(entity, 3)[field.key] ?? null) : null;
  const changed: JsonObject = field ? { ...first, [field.key]: value } : first;
  return behaviour(
    'update',
    [
      `When Edit is pressed beside ${withArticle(label)} and the form is sent again, the page shall change that ${label} and keep what was not changed.`,
      `editing ${withArticle(label)} keeps what was not changed`,
    ],
    [
      lines.add(entity, 1),
      lines.add(entity, 2),
      lines.press(entity, 'Edit', 0),
      ...(field ? [lines.fill(entity, { [labelOf(field)]: typed(field, value) })] : []),
      lines.press(entity, saveButton(entity)),
      lines.shows(entity, [changed, second]),
    ],
  );
}

function invalid(entity: Entity): Behaviour[] {
  const wrong = entity.fields.flatMap((field) => refusals(field).map((value): Refusal => ({ field, value })));
  if (wrong.length === 0) return [];
  const { label, labels, plural } = entity;
  const key = `${plural}.invalid`;
  const steps = wrong
    .slice(0, 30)
    .flatMap(({ field, value }) => [
      lines.fill(entity, { [labelOf(field)]: value }),
      lines.press(entity, addButton(entity)),
      lines.refuses(entity, field),
      lines.fill(entity, { [labelOf(field)]: typed(field, sampleBody(entity, 1)[field.key] ?? null) }),
    ]);
  return [
    {
      key,
      statuses: [],
      derived: true,
      text: `If the form is sent with a value that is not valid, then the page shall say what is wrong beside that field and store no ${label}.`,
      checks: [
        visit(key, `values of ${labels} that are not valid are refused beside their field`, [
          lines.fill(entity, leftOut(entity, null)),
          ...steps,
          lines.shows(entity, []),
          lines.press(entity, addButton(entity)),
          lines.shows(entity, [sampleBody(entity, 1)]),
        ]),
      ],
    },
  ];
}

function required(entity: Entity): Behaviour[] {
  const needed = entity.fields.filter((field) => canLack(field));
  if (needed.length === 0) return [];
  const key = `${entity.plural}.required`;
  return [
    {
      key,
      statuses: [],
      derived: true,
      text: `If the form is sent without ${namesOf(needed, 'or')}, then the page shall say so beside that field and store no ${entity.label}.`,
      checks: [
        visit(key, `${withArticle(entity.label)} without ${namesOf(needed, 'or')} is refused`, [
          lines.press(entity, addButton(entity)),
          ...needed.map((field) => lines.refuses(entity, field)),
          lines.shows(entity, []),
          lines.add(entity, 1),
        ]),
      ],
    },
  ];
}

/** A box that is not ticked says no; everything else can be left empty. */
export function canLack({ required, type }: Field): boolean {
  return required && type !== 'boolean';
}
