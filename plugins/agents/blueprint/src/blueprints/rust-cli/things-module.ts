import { groupOf, optionOf } from '../../command-line/naming.ts';
import { defaultLength, textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { array, rustText } from './rust.ts';

/** src/thing.rs: what a thing and its fields are, whatever they are called. */
export const thingModule = `//! What a thing is, whatever it is called.

use crate::value::{Kind, Value};

pub struct Field {
    /// In JSON and in the data file.
    pub key: &'static str,
    pub option: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub unique: bool,
}

/// One kind of thing, as data: arguments, store and output read it.
pub struct Thing {
    pub name: &'static str,
    pub plural: &'static str,
    /// The word before its commands; empty where it is the only one.
    pub command: &'static str,
    pub fields: &'static [Field],
}

#[derive(Clone)]
pub struct Item {
    pub id: u64,
    /// One for each field of its thing, in their order.
    pub values: Vec<Value>,
}
`;

/** src/things.rs: what this tool keeps. */
export function thingsModule(model: Model): string {
  const rules = [...new Set(model.entities.flatMap(({ fields }) => fields.flatMap(rulesOf)))];
  const names = [...new Set(rules.map((rule) => `Rule::${rule.split('(')[0]}`))].toSorted();
  const uses = names.length > 0 ? 'use crate::value::{Kind, Rule};' : 'use crate::value::Kind;';
  return `//! What this tool keeps.

use crate::thing::{Field, Thing};
${uses}

pub static THINGS: &[Thing] = ${model.entities.length === 1 ? '&[' : '&[\n    '}${model.entities
    .map((entity) => thing(entity, model))
    .join(model.entities.length === 1 ? '' : ',\n    ')}${model.entities.length === 1 ? '];\n' : ',\n];\n'}`;
}

/** rustfmt lets the only item of a list begin on its first line. */
function thing(entity: Entity, model: Model): string {
  const indent = model.entities.length === 1 ? '' : '    ';
  const [command = ''] = groupOf(entity, model);
  const lines = [
    'Thing {',
    `    name: ${rustText(entity.label)},`,
    `    plural: ${rustText(entity.labels)},`,
    `    command: ${rustText(command)},`,
    ...fieldsOf(entity),
    '}',
  ];
  return lines.map((line, index) => (index === 0 ? line : line.replaceAll(/^(?=.)/gm, indent))).join('\n');
}

function fieldsOf({ fields }: Entity): string[] {
  const [only, ...more] = fields;
  return only && more.length === 0
    ? [`    fields: &[Field {\n${members(only, '        ')}    }],`]
    : [
        '    fields: &[',
        ...fields.map((field) => `        Field {\n${members(field, '            ')}        },`),
        '    ],',
      ];
}

function members(field: Field, indent: string): string {
  return [
    `${indent}key: ${rustText(field.key)},`,
    `${indent}option: ${rustText(optionOf(field))},`,
    kind(field, `${indent}kind: `),
    `${indent}required: ${field.required && field.type !== 'boolean'},`,
    `${indent}unique: ${field.unique},`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function kind(field: Field, before: string): string {
  const names = { string: 'Text', text: 'Text', email: 'Email', url: 'Url', integer: 'Integer', number: 'Number' };
  const plain = { boolean: 'Flag', date: 'Date', datetime: 'Moment', list: 'Texts' };
  const { type, min, max, choices } = field;
  if (type === 'choice') return array(choices.map(rustText), { before: `${before}Kind::Choice(&`, after: '),' });
  if (type === 'boolean' || type === 'date' || type === 'datetime' || type === 'list')
    return `${before}Kind::${plain[type]},`;
  return textual.includes(type)
    ? `${before}Kind::${names[type]}(${Math.max(1, min ?? 1)}, ${max ?? defaultLength(type)}),`
    : `${before}Kind::${names[type]}(&[${rulesOf(field)
        .map((rule) => `Rule::${rule}`)
        .join(', ')}]),`;
}

function rulesOf({ type, min, minOpen, max }: Field): string[] {
  if (type !== 'integer' && type !== 'number') return [];
  return [
    ...(min === null ? [] : [`${minOpen ? 'Above' : 'AtLeast'}(${decimal(min)})`]),
    ...(max === null ? [] : [`AtMost(${decimal(max)})`]),
  ];
}

/** A whole number of this type has a point in Rust. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
