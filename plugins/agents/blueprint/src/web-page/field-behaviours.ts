import { boundText, edgesOf } from '../model/bounds.ts';
import { filterable } from '../model/filterable.ts';
import { textual, type Entity, type Field } from '../model/model.ts';
import { invalidSamples, sampleBody, sampleOf, textOf, type Json, type JsonObject } from '../model/samples.ts';
import { withArticle } from '../model/words.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { addButton, headingOf, labelOf, lines, typed, typedValues, visit } from './visit.ts';

export interface Refusal {
  readonly field: Field;
  readonly value: string;
}

/** What can be typed into a field and must be refused. A calendar and a list of choices take nothing else anyway. */
export function refusals(field: Field): string[] {
  if (!textual.includes(field.type) && field.type !== 'integer' && field.type !== 'number') return [];
  return invalidSamples(field)
    .map(({ value }) => value)
    .filter((value) => typeof value === 'string' || !textual.includes(field.type))
    .map((value) => textOf(value));
}

/** The first sample without one field, as it is typed. */
export function leftOut(entity: Entity, key: string | null): Record<string, string | boolean> {
  const rest = Object.entries(sampleBody(entity, 1)).filter(([name]) => name !== key);
  return typedValues(entity, Object.fromEntries(rest));
}

/** What the page does with one field of a thing. */
export function fieldBehaviours(entity: Entity, field: Field): Behaviour[] {
  const differs = filterable([{ ...field, key: '' }]) !== undefined;
  const about = new About(entity, field);
  return [
    about.field(),
    about.type(),
    field.required && field.type !== 'boolean' ? about.required() : about.optional(),
    ...(field.unique ? [about.unique()] : []),
    ...(field.min !== null || field.max !== null || field.type === 'choice' ? [about.bounds()] : []),
    ...(differs ? [about.sort()] : []),
    ...(differs && (field.type === 'string' || field.type === 'text') ? [about.search()] : []),
    ...(differs && (field.type === 'choice' || field.type === 'boolean') ? [about.filter()] : []),
  ];
}

class About {
  readonly #entity: Entity;
  readonly #field: Field;
  readonly #first: JsonObject;
  readonly #second: JsonObject;

  constructor(entity: Entity, field: Field) {
    this.#entity = entity;
    this.#field = field;
    this.#first = sampleBody(entity, 1);
    this.#second = sampleBody(entity, 2);
  }

  field(): Behaviour {
    const { label } = this.#entity;
    return this.#make('field', {
      text: `The page shall keep and show the ${this.#field.label} of ${withArticle(label)}.`,
      title: `${this.#field.label} of ${withArticle(label)} is shown`,
      steps: [lines.add(this.#entity, 1), lines.shows(this.#entity, [this.#first])],
    });
  }

  type(): Behaviour {
    const [wrong] = refusals(this.#field);
    return this.#make('type', {
      text: `The page shall take nothing else as ${this.#field.label} than what is one.`,
      title: `${this.#field.label} is asked for as what it is`,
      steps: [
        ...(wrong === undefined ? [] : this.#refused(wrong)),
        lines.add(this.#entity, 1),
        lines.shows(this.#entity, [this.#first]),
      ],
    });
  }

  required(): Behaviour {
    const blank = textual.includes(this.#field.type) ? this.#refused('   ') : [];
    return this.#make('required', {
      text: `If ${withArticle(this.#entity.label)} is sent without ${this.#field.label}, then the page shall say so beside that field.`,
      title: `${this.#field.label} is required`,
      steps: [
        lines.fill(this.#entity, leftOut(this.#entity, this.#field.key)),
        lines.press(this.#entity, addButton(this.#entity)),
        lines.refuses(this.#entity, this.#field),
        ...blank,
        lines.shows(this.#entity, []),
        lines.add(this.#entity, 1),
      ],
    });
  }

  optional(): Behaviour {
    const empty: Json = this.#field.type === 'boolean' ? false : this.#field.type === 'list' ? [] : null;
    return this.#make('optional', {
      text: `When ${withArticle(this.#entity.label)} is sent without ${this.#field.label}, the page shall store it.`,
      title: `${this.#field.label} may be left out`,
      steps: [
        lines.fill(this.#entity, leftOut(this.#entity, this.#field.key)),
        lines.press(this.#entity, addButton(this.#entity)),
        lines.shows(this.#entity, [{ ...this.#first, [this.#field.key]: empty }]),
      ],
    });
  }

  unique(): Behaviour {
    const taken = { ...this.#second, [this.#field.key]: this.#first[this.#field.key] ?? null };
    return this.#make('unique', {
      derived: true,
      text: `If ${withArticle(this.#entity.label)} is sent with a ${this.#field.label} that is taken, then the page shall say so beside that field.`,
      title: `${this.#field.label} is unique`,
      steps: [
        lines.add(this.#entity, 1),
        lines.fill(this.#entity, typedValues(this.#entity, taken)),
        lines.press(this.#entity, addButton(this.#entity)),
        lines.refuses(this.#entity, this.#field),
        lines.add(this.#entity, 2),
        lines.shows(this.#entity, [this.#first, this.#second]),
      ],
    });
  }

  bounds(): Behaviour {
    const others = this.#entity.fields.filter((other) => other.unique && other !== this.#field);
    const fits = edgesOf(this.#field)
      .slice(0, 6)
      .map((value, index) => ({
        ...this.#first,
        ...Object.fromEntries(others.map((other) => [other.key, sampleOf(other, index + 1)])),
        [this.#field.key]: value,
      }));
    const wrong = refusals(this.#field).slice(textual.includes(this.#field.type) ? 0 : 1);
    return this.#make('bounds', {
      derived: true,
      text: `If ${withArticle(this.#entity.label)} is sent with a ${this.#field.label} that is not ${boundText(this.#field)}, then the page shall refuse it.`,
      title: `${this.#field.label} is ${boundText(this.#field)}`,
      steps: [
        ...wrong.flatMap((value) => this.#refused(value)),
        ...fits.map((values) => lines.adding(this.#entity, values)),
        lines.shows(this.#entity, fits),
      ],
    });
  }

  sort(): Behaviour {
    const isUpwards =
      textOf(sampleOf(this.#field, 1)).localeCompare(textOf(sampleOf(this.#field, 2)), 'en', { numeric: true }) < 0;
    const upwards = isUpwards ? [this.#first, this.#second] : [this.#second, this.#first];
    const { labels } = this.#entity;
    return this.#make('sort', {
      text: `When ${labels} are sorted by ${this.#field.label}, the page shall show them in that order, with Descending in the other.`,
      title: `${labels} can be sorted by ${this.#field.label}`,
      steps: [
        lines.add(this.#entity, 1),
        lines.add(this.#entity, 2),
        lines.fill(this.#entity, { [`Sort ${labels} by`]: this.#field.key }),
        lines.shows(this.#entity, upwards),
        lines.fill(this.#entity, { Descending: true }),
        lines.shows(this.#entity, upwards.toReversed()),
      ],
    });
  }

  search(): Behaviour {
    const { labels } = this.#entity;
    const part = textOf(this.#first[this.#field.key] ?? '')
      .slice(-40)
      .toUpperCase();
    return this.#make('search', {
      text: `When ${labels} are searched, the page shall show those whose ${this.#field.label} contains that text.`,
      title: `${labels} can be searched by ${this.#field.label}`,
      steps: [
        lines.add(this.#entity, 1),
        lines.add(this.#entity, 2),
        lines.fill(this.#entity, { [`Search ${labels}`]: part }),
        lines.shows(this.#entity, [this.#first]),
        lines.fill(this.#entity, { [`Search ${labels}`]: 'nowhere at all' }),
        lines.says(`No ${labels} found.`),
      ],
    });
  }

  filter(): Behaviour {
    const { labels } = this.#entity;
    const chosen = typed(this.#field, this.#first[this.#field.key] ?? null);
    const value = typeof chosen === 'boolean' ? (chosen ? 'yes' : 'no') : chosen;
    return this.#make('filter', {
      text: `When a ${this.#field.label} is chosen above the list, the page shall show the ${labels} that have it.`,
      title: `${labels} can be filtered by ${this.#field.label}`,
      steps: [
        lines.add(this.#entity, 1),
        lines.add(this.#entity, 2),
        lines.fill(this.#entity, { [`Filter by ${this.#field.label}`]: value }),
        lines.shows(this.#entity, [this.#first]),
      ],
    });
  }

  #refused(value: string): string[] {
    return [
      lines.fill(this.#entity, { ...leftOut(this.#entity, this.#field.key), [labelOf(this.#field)]: value }),
      lines.press(this.#entity, addButton(this.#entity)),
      lines.refuses(this.#entity, this.#field),
      `assert.equal(page.rowsOf(${JSON.stringify(headingOf(this.#entity))}).length, 0);`,
    ];
  }

  #make(
    what: string,
    about: {
      readonly text: string;
      readonly title: string;
      readonly steps: readonly string[];
      readonly derived?: boolean;
    },
  ): Behaviour {
    const key = `${this.#entity.plural}.${what}.${this.#field.name}`;
    const { text, title, steps, derived = false } = about;
    return { key, statuses: [], derived, text, checks: [visit(key, title, steps)] };
  }
}
