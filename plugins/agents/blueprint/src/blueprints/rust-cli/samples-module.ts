import { dataVariable, groupOf, optionOf } from '../../command-line/naming.ts';
import { optionFor, optionsFor } from '../../command-line/session.ts';
import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { invalidSamples, sampleBody, textOf } from '../../model/samples.ts';
import { array, packageOf, rustText } from './rust.ts';

/** tests/support/samples.rs: what the tests say to the tool about each kind of thing. */
export function samplesModule(model: Model): string {
  return `//! What the tests say to the tool, and what it shall answer.

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_${packageOf(model)}");
pub const TOOL: &str = ${rustText(model.slug)};
pub const DATA_VARIABLE: &str = ${rustText(dataVariable(model))};

pub struct Sample {
    /// Words before a verb.
    pub group: &'static [&'static str],
    pub first: &'static str,
    pub second: &'static str,
    /// Options that give their values to the two.
    pub first_words: &'static [&'static str],
    pub second_words: &'static [&'static str],
    /// Options of a list that only the first answers.
    pub filter: &'static [&'static str],
    pub search: &'static [&'static str],
    pub sort: &'static str,
    /// Options that change one field, and what is printed of it then.
    pub change: &'static [&'static str],
    pub changed: &'static str,
    /// Options with words that they refuse, each so many times in a row.
    pub invalid: &'static [(&'static str, &'static str, usize)],
    pub required: &'static [&'static str],
    pub unique: &'static [&'static str],
}

${model.entities.map((entity) => `pub const ${constantOf(entity)}: Sample = ${sample(entity, model)};\n`).join('\n')}
${array(model.entities.map(constantOf), { before: 'pub const SAMPLES: &[Sample] = &', after: ';' })}
`;
}

const constantOf = ({ plural }: Entity): string => plural.toUpperCase();

function sample(entity: Entity, model: Model): string {
  const { fields } = entity;
  const [first, second] = [sampleBody(entity, 1), sampleBody(entity, 2)];
  const differs = (item: Field): boolean => filterable([{ ...item, key: '' }]) !== undefined;
  const filtered = fields.find(differs);
  const searched = fields.find((item) => textual.includes(item.type) && differs(item));
  const changed = fields.find(({ unique }) => !unique) ?? fields[0];
  const options = (wanted: readonly Field[]): string[] => wanted.map((field) => `--${optionOf(field)}`);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['filter', filtered ? optionFor(filtered, first[filtered.key] ?? null) : []],
    ['search', searched ? ['--search', textOf(first[searched.key] ?? '').toUpperCase()] : []],
    ['change', changed ? optionFor(changed, second[changed.key] ?? null) : []],
    ['required', options(fields.filter(({ required, type }) => required && type !== 'boolean'))],
    ['unique', options(fields.filter(({ unique }) => unique))],
  ];
  const words = Object.fromEntries(lists.map(([name, items]) => [name, member(name, items.map(rustText))]));
  return `Sample {
${member('group', groupOf(entity, model).map(rustText))}
    first: ${object(entity, 1)},
    second: ${object(entity, 2)},
${member('first_words', optionsFor(entity, first).map(rustText))}
${member('second_words', optionsFor(entity, second).map(rustText))}
${words['filter']}
${words['search']}
    sort: ${rustText(filtered ? optionOf(filtered) : '')},
${words['change']}
    changed: r#"${changed ? shown(changed, second[changed.key]) : ''}"#,
${member('invalid', invalidOf(fields))}
${words['required']}
${words['unique']}
}`;
}

const member = (name: string, items: readonly string[]): string =>
  array(items, { before: `    ${name}: &`, after: ',' });

function object(entity: Entity, id: number): string {
  return `r#"${JSON.stringify({ id, ...sampleBody(entity, id) }, null, 2)}"#`;
}

/** A member as it stands in printed JSON. */
function shown({ key }: Field, value: unknown): string {
  return JSON.stringify({ [key]: value }, null, 2)
    .split('\n')
    .slice(1, -1)
    .join('\n');
}

function invalidOf(fields: readonly Field[]): string[] {
  return fields
    .filter(({ type }) => type !== 'boolean' && type !== 'list')
    .flatMap((field) =>
      invalidSamples(field)
        .map(({ value }) => value)
        .filter((value) => typeof value === 'string' || !textual.includes(field.type))
        .map((value) => triple(`--${optionOf(field)}`, textOf(value))),
    );
}

/** Long runs of one letter read better as their length. */
function triple(option: string, word: string): string {
  return /^x{2,}$/.test(word)
    ? `(${rustText(option)}, "x", ${word.length})`
    : `(${rustText(option)}, ${rustText(word)}, 1)`;
}
