import { optionOf } from '../../command-line/naming.ts';
import { defaultLength, textual, type Entity, type Field, type Model } from '../../model/model.ts';

/** thing.py: what a thing and its fields are, whatever they are called. */
export const thingModule = `"""Things and their fields, as data: parser, store and output read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .values import Kind


@dataclass(frozen=True)
class Field:
    key: str
    kind: Kind
    column: str = ""
    option: str = ""
    required: bool = False
    unique: bool = False

    def __post_init__(self) -> None:
        column = self.column or self.key
        object.__setattr__(self, "column", column)
        option = self.option or f"--{column.replace('_', '-')}"
        object.__setattr__(self, "option", option)

    def default(self) -> Any:
        if self.kind.many:
            return []
        return False if self.kind.flag else None

    def encode(self, value: Any) -> Any:
        """The value as SQLite keeps it."""
        if self.kind.many:
            return json.dumps(value or [])
        return int(value) if isinstance(value, bool) else value

    def decode(self, value: Any) -> Any:
        if self.kind.many:
            return json.loads(value)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return bool(value) if self.kind.flag else value


@dataclass(frozen=True)
class Thing:
    name: str
    plural: str
    table: str
    fields: tuple[Field, ...]

    def create_table(self) -> str:
        columns = ['"id" INTEGER PRIMARY KEY AUTOINCREMENT']
        for field in self.fields:
            needed = " NOT NULL" if field.required or field.kind.flag else ""
            unique = " UNIQUE" if field.unique else ""
            columns.append(f'"{field.column}" {field.kind.column}{needed}{unique}')
        return f'CREATE TABLE IF NOT EXISTS "{self.table}" ({", ".join(columns)})'

    def encode(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            field.column: field.encode(values[field.key])
            for field in self.fields
            if field.key in values
        }

    def decode(self, row: Any) -> dict[str, Any]:
        values = {field.key: field.decode(row[field.column]) for field in self.fields}
        return {"id": row["id"], **values}
`;

/** things.py: what this tool keeps. */
export function thingsModule(model: Model): string {
  const names = model.entities.map(constantOf);
  return `"""What the tool keeps."""

from . import values
from .thing import Field, Thing

${model.entities.map(thing).join('\n')}
THINGS = (${names.join(', ')}${names.length === 1 ? ',' : ''})
`;
}

export const constantOf = (entity: Entity): string => entity.plural.toUpperCase();

function thing(entity: Entity): string {
  const fields = entity.fields.map((field) => `        ${call(field)},\n`).join('');
  return `${constantOf(entity)} = Thing(
    name="${entity.label}",
    plural="${entity.labels}",
    table="${entity.plural}",
    fields=(
${fields}    ),
)
`;
}

function call(field: Field): string {
  const option = optionOf(field);
  const words = [
    `"${field.key}"`,
    `values.${kind(field)}`,
    ...(field.key === field.name ? [] : [`column="${field.name}"`]),
    ...(option === field.name.replaceAll('_', '-') ? [] : [`option="--${option}"`]),
    ...(field.required ? ['required=True'] : []),
    ...(field.unique ? ['unique=True'] : []),
  ];
  const line = `Field(${words.join(', ')})`;
  return line.length <= 78 ? line : `Field(\n${words.map((word) => `            ${word},\n`).join('')}        )`;
}

function kind(field: Field): string {
  const limits = [
    ...(field.min === null ? [] : [`${field.minOpen ? 'above' : 'minimum'}=${field.min}`]),
    ...(field.max === null ? [] : [`maximum=${field.max}`]),
  ];
  switch (field.type) {
    case 'choice':
      return `choice(${field.choices.map((choice) => JSON.stringify(choice)).join(', ')})`;
    case 'integer':
      return `integer(${limits.join(', ')})`;
    case 'number':
      return `number(${limits.join(', ')})`;
    case 'string':
    case 'text':
      return `text(${textLimits(field).join(', ')})`;
    case 'email':
    case 'url':
      return `${field.type}(${textLimits(field).join(', ')})`;
    case 'boolean':
      return 'flag()';
    case 'date':
      return 'date()';
    case 'datetime':
      return 'moment()';
    case 'list':
      return 'texts()';
  }
}

function textLimits(field: Field): string[] {
  if (!textual.includes(field.type)) return [];
  const longest = field.max ?? defaultLength(field.type);
  return [
    ...(field.min !== null && field.min > 1 ? [`minimum=${field.min}`] : []),
    ...(field.type === 'text' || longest !== defaultLength(field.type) ? [`maximum=${longest}`] : []),
  ];
}
