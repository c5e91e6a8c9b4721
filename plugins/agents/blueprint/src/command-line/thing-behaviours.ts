import type { Entity } from '../model/model.ts';
import { namesOf } from '../model/names-of.ts';
import { sampleBody } from '../model/samples.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { refusals } from './field-behaviours.ts';
import { linesOf, optionFor, type Session } from './session.ts';

const unknownId = '987654321';

/** What the tool does with one kind of thing. */
export function thingBehaviours(entity: Entity, session: Session): Behaviour[] {
  return [
    create(entity, session),
    list(entity, session),
    read(entity, session),
    update(entity, session),
    remove(entity, session),
    missing(entity, session),
    invalid(entity, session),
    ...required(entity, session),
    page(entity, session),
  ];
}

/** 'tool add', or 'tool books add' where there are several kinds of thing. */
function named(entity: Entity, session: Session, verb: string): string {
  return [session.model.slug, ...session.words(entity, verb)].join(' ');
}

function create(entity: Entity, session: Session): Behaviour {
  return {
    key: `${entity.plural}.create`,
    statuses: [0],
    derived: true,
    text: `When ${named(entity, session, 'add')} is called with ${namesOf(entity.fields)}, the tool shall store ${withArticle(entity.label)} and print it with its number, as JSON with --json.`,
    checks: [
      session.check(`add stores ${withArticle(entity.label)} and prints all its fields`, [
        session.add(entity, 1, 1),
        {
          args: session.words(entity, 'show', '1', '--json'),
          exitCode: 0,
          prints: [linesOf({ id: 1, ...sampleBody(entity, 1) })],
        },
        { ...session.adding(entity, sampleBody(entity, 2), { exitCode: 0 }) },
      ]),
    ],
  };
}

function list(entity: Entity, session: Session): Behaviour {
  const both = [1, 2].map((id) => ({ id, ...sampleBody(entity, id) }));
  return {
    key: `${entity.plural}.list`,
    statuses: [0],
    derived: true,
    text: `When ${named(entity, session, 'list')} is called, the tool shall print the stored ${entity.labels}, as a JSON array with --json.`,
    checks: [
      session.check(`list prints the stored ${entity.labels}`, [
        { args: session.words(entity, 'list', '--json'), exitCode: 0, prints: [['[]']] },
        session.add(entity, 1, 1),
        session.add(entity, 2, 2),
        { args: session.words(entity, 'list', '--json'), exitCode: 0, prints: [linesOf(both)] },
      ]),
    ],
  };
}

function page(entity: Entity, session: Session): Behaviour {
  const second = [{ id: 2, ...sampleBody(entity, 2) }];
  return {
    key: `${entity.plural}.page`,
    statuses: [0],
    derived: false,
    text: `Where --limit and --offset are given, the tool shall print that part of the ${entity.labels}.`,
    checks: [
      session.check(`--limit and --offset choose a part of the ${entity.labels}`, [
        session.add(entity, 1, 1),
        session.add(entity, 2, 2),
        session.add(entity, 3, 3),
        {
          args: session.words(entity, 'list', '--limit', '1', '--offset', '1', '--json'),
          exitCode: 0,
          prints: [linesOf(second)],
        },
      ]),
    ],
  };
}

function read(entity: Entity, session: Session): Behaviour {
  return {
    key: `${entity.plural}.read`,
    statuses: [0],
    derived: true,
    text: `When ${named(entity, session, 'show')} is called with a number, the tool shall print that ${entity.label}.`,
    checks: [
      session.check(`show prints the ${entity.label} that is asked for`, [
        session.add(entity, 1, 1),
        session.add(entity, 2, 2),
        {
          args: session.words(entity, 'show', '2', '--json'),
          exitCode: 0,
          prints: [linesOf({ id: 2, ...sampleBody(entity, 2) })],
        },
      ]),
    ],
  };
}

function update(entity: Entity, session: Session): Behaviour {
  const field = entity.fields.find(({ unique }) => !unique) ?? entity.fields[0];
  const value = field ? (sampleBody(entity, 2)[field.key] ?? null) : null;
  const changed = { id: 1, ...sampleBody(entity, 1), ...(field ? { [field.key]: value } : {}) };
  return {
    key: `${entity.plural}.update`,
    statuses: [0],
    derived: true,
    text: `When ${named(entity, session, 'update')} is called with a number and fields, the tool shall change these fields of that ${entity.label} and keep the others.`,
    checks: [
      session.check('update changes what is named and keeps the rest', [
        session.add(entity, 1, 1),
        {
          args: session.words(entity, 'update', '1', ...(field ? optionFor(field, value) : []), '--json'),
          exitCode: 0,
          prints: [linesOf(changed)],
        },
        { args: session.words(entity, 'show', '1', '--json'), exitCode: 0, prints: [linesOf(changed)] },
      ]),
    ],
  };
}

function remove(entity: Entity, session: Session): Behaviour {
  const rest = [{ id: 2, ...sampleBody(entity, 2) }];
  return {
    key: `${entity.plural}.delete`,
    statuses: [0, 1],
    derived: true,
    text: `When ${named(entity, session, 'remove')} is called with a number, the tool shall remove that ${entity.label}.`,
    checks: [
      session.check(`remove removes the ${entity.label} and nothing else`, [
        session.add(entity, 1, 1),
        session.add(entity, 2, 2),
        { args: session.words(entity, 'remove', '1'), exitCode: 0 },
        { args: session.words(entity, 'show', '1'), exitCode: 1 },
        { args: session.words(entity, 'list', '--json'), exitCode: 0, prints: [linesOf(rest)] },
      ]),
    ],
  };
}

function missing(entity: Entity, session: Session): Behaviour {
  const told = { exitCode: 1, prints: [[`${session.model.slug}: error: `]], hides: ['Traceback'] };
  return {
    key: `${entity.plural}.missing`,
    statuses: [1],
    derived: true,
    text: `If ${withArticle(entity.label)} that does not exist is asked for, then the tool shall say so and exit with 1.`,
    checks: [
      session.check(`show, update and remove tell of an unknown ${entity.label}`, [
        session.add(entity, 1, 1),
        ...['show', 'update', 'remove'].map((verb) => ({ args: session.words(entity, verb, unknownId), ...told })),
      ]),
    ],
  };
}

function invalid(entity: Entity, session: Session): Behaviour {
  const wrong = entity.fields.flatMap((field) => refusals(entity, field, session));
  return {
    key: `${entity.plural}.invalid`,
    statuses: [2],
    derived: true,
    text: `If ${withArticle(entity.label)} is given a value that is not valid, then the tool shall name the option, store nothing and exit with 2.`,
    checks: [
      session.check(`invalid values of ${withArticle(entity.label)} are refused by the name of their option`, [
        ...wrong.slice(0, 40),
        { args: session.words(entity, 'show', '-1'), exitCode: 2 },
        { args: session.words(entity, 'list', '--json'), exitCode: 0, prints: [['[]']] },
        session.add(entity, 1, 1),
      ]),
    ],
  };
}

function required(entity: Entity, session: Session): Behaviour[] {
  const needed = entity.fields.filter((field) => field.required);
  if (needed.length === 0) return [];
  return [
    {
      key: `${entity.plural}.required`,
      statuses: [2],
      derived: true,
      text: `If ${withArticle(entity.label)} is added without ${namesOf(needed, 'or')}, then the tool shall name the option that is missing and exit with 2.`,
      checks: [
        session.check(`${withArticle(entity.label)} without ${namesOf(needed, 'or')} is refused`, [
          ...needed.map((field) => withoutField(entity, field.key, session)),
          { args: session.words(entity, 'list', '--json'), exitCode: 0, prints: [['[]']] },
        ]),
      ],
    },
  ];
}

function withoutField(entity: Entity, key: string, session: Session): ReturnType<Session['add']> {
  const { [key]: _left, ...rest } = sampleBody(entity, 1);
  return session.adding(entity, rest, { exitCode: 2, hides: ['Traceback', '{'] });
}
