import { edgesOf, boundText } from '../model/bounds.ts';
import { textual, type Entity, type Field } from '../model/model.ts';
import { invalidSamples, sampleBody, sampleOf, textOf, type Json } from '../model/samples.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { optionOf } from './naming.ts';
import { linesOf, optionsFor, type Session } from './session.ts';

type Call = ReturnType<Session['add']>;

/** What the tool does with one field of a thing. */
export function fieldBehaviours(entity: Entity, field: Field, session: Session): Behaviour[] {
  const found: Behaviour[] = [storing(entity, field, session), typed(entity, field, session)];
  found.push(field.required ? required(entity, field, session) : optional(entity, field, session));
  if (field.unique) found.push(unique(entity, field, session));
  if (field.min !== null || field.max !== null || field.type === 'choice') found.push(bounds(entity, field, session));
  return found;
}

/** Every text is a text, and every list a list of them: where nothing can be of a wrong kind, what is given is kept as it is. */
function typed(entity: Entity, field: Field, session: Session): Behaviour {
  const [wrong] = refusals(entity, field, session);
  const { checks, text } = storing(entity, field, session);
  const key = `${entity.plural}.type.${field.name}`;
  if (!wrong) return { key, statuses: [0], derived: false, text, checks };
  return {
    key,
    statuses: [2],
    derived: false,
    text: `If ${withArticle(entity.label)} is given a ${field.label} of a wrong kind, then the tool shall exit with 2.`,
    checks: [session.check(`${field.label} of a wrong kind is refused`, [wrong, session.add(entity, 1, 1)])],
  };
}

/** Calls with a value that the field must refuse by its option's name. On a command line every text is a text. */
export function refusals(entity: Entity, field: Field, session: Session): Call[] {
  if (field.type === 'list') return [];
  if (field.type === 'boolean') return [refusedFlag(entity, field, session)];
  return invalidSamples(field)
    .filter(({ value }) => typeof value === 'string' || !textual.includes(field.type))
    .map(({ value }) => refused(entity, field, { session, value }));
}

interface Refusing {
  readonly session: Session;
  readonly value: Json;
}

function refused(entity: Entity, field: Field, { session, value }: Refusing): Call {
  return session.adding(
    entity,
    { ...sampleBody(entity, 1), [field.key]: value },
    { exitCode: 2, prints: [[`${session.model.slug}: error: --${optionOf(field)}`]], hides: ['Traceback'] },
  );
}

/** An option that stands for yes by itself takes no word of its own. */
function refusedFlag(entity: Entity, field: Field, session: Session): Call {
  const { [field.key]: _left, ...rest } = sampleBody(entity, 1);
  const call = session.adding(entity, rest, {
    exitCode: 2,
    prints: [[`${session.model.slug}: error: --${optionOf(field)}`]],
    hides: ['Traceback'],
  });
  return { ...call, args: [...call.args, `--${optionOf(field)}=maybe`] };
}

function storing(entity: Entity, field: Field, session: Session): Behaviour {
  const value = sampleBody(entity, 1)[field.key] ?? null;
  const [, ...lines] = linesOf({ [field.key]: value });
  const shown = lines.slice(0, -1);
  return {
    key: `${entity.plural}.field.${field.name}`,
    statuses: [0],
    derived: false,
    text: `When ${withArticle(entity.label)} is added with --${optionOf(field)}, the tool shall store its ${field.label}.`,
    checks: [
      session.check(`${field.label} of ${withArticle(entity.label)} is stored`, [
        session.add(entity, 1, 1),
        { args: session.words(entity, 'show', '1', '--json'), exitCode: 0, prints: [shown] },
      ]),
    ],
  };
}

function required(entity: Entity, field: Field, session: Session): Behaviour {
  const { [field.key]: _left, ...rest } = sampleBody(entity, 1);
  const blank = textual.includes(field.type)
    ? ['', '   '].map((value) => refused(entity, field, { session, value }))
    : [];
  return {
    key: `${entity.plural}.required.${field.name}`,
    statuses: [2],
    derived: false,
    text: `If ${withArticle(entity.label)} is added without ${field.label}, then the tool shall exit with 2.`,
    checks: [
      session.check(`${field.label} of ${withArticle(entity.label)} is required`, [
        session.adding(entity, rest, { exitCode: 2, hides: ['Traceback', '{'] }),
        ...blank,
        { args: session.words(entity, 'list', '--json'), exitCode: 0, prints: [['[]']] },
      ]),
    ],
  };
}

function optional(entity: Entity, field: Field, session: Session): Behaviour {
  const whole = sampleBody(entity, 1);
  const { [field.key]: _left, ...rest } = whole;
  const fallback = field.type === 'boolean' ? false : field.type === 'list' ? [] : null;
  return {
    key: `${entity.plural}.optional.${field.name}`,
    statuses: [0],
    derived: false,
    text: `When ${withArticle(entity.label)} is added without ${field.label}, the tool shall store it.`,
    checks: [
      session.check(`${field.label} of ${withArticle(entity.label)} may be left out`, [
        session.adding(entity, rest, {
          exitCode: 0,
          prints: [linesOf({ id: 1, ...whole, [field.key]: fallback })],
        }),
      ]),
    ],
  };
}

function unique(entity: Entity, field: Field, session: Session): Behaviour {
  const taken = { ...sampleBody(entity, 2), [field.key]: sampleBody(entity, 1)[field.key] ?? null };
  const told = { exitCode: 1, prints: [[`${session.model.slug}: error: --${optionOf(field)}`]], hides: ['Traceback'] };
  return {
    key: `${entity.plural}.unique.${field.name}`,
    statuses: [1],
    derived: true,
    text: `If ${withArticle(entity.label)} is given a ${field.label} that is taken, then the tool shall say so and exit with 1.`,
    checks: [
      session.check(`${field.label} of ${withArticle(entity.label)} is unique`, [
        session.add(entity, 1, 1),
        session.adding(entity, taken, told),
        session.adding(entity, sampleBody(entity, 2), { exitCode: 0 }),
        { args: session.words(entity, 'update', '2', ...optionsFor(entity, taken)), ...told },
      ]),
    ],
  };
}

function bounds(entity: Entity, field: Field, session: Session): Behaviour {
  const free = entity.fields.filter((other) => other.unique && other !== field);
  const fits = edgesOf(field)
    .slice(0, 9)
    .map((value, index) => {
      const others = Object.fromEntries(free.map((other) => [other.key, sampleOf(other, index + 1)]));
      const values = { ...sampleBody(entity, 1), ...others, [field.key]: value };
      return session.adding(entity, values, { exitCode: 0, prints: [[`  "${field.key}": ${shown(value)}`]] });
    });
  const breaks = refusals(entity, field, session).slice(
    field.type === 'choice' || textual.includes(field.type) ? 0 : 1,
  );
  return {
    key: `${entity.plural}.bounds.${field.name}`,
    statuses: [2, 0],
    derived: true,
    text: `If ${withArticle(entity.label)} is given a ${field.label} that is not ${boundText(field)}, then the tool shall exit with 2.`,
    checks: [
      session.check(`${field.label} of ${withArticle(entity.label)} is ${boundText(field)}`, [...fits, ...breaks]),
    ],
  };
}

/** As JSON has it. */
function shown(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(value) : textOf(value);
}
