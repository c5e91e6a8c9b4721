import {
  defaultLength,
  textual,
  type Entity,
  type Field,
  type FieldType,
  type Model,
  type ProjectFile,
} from '../../model/model.ts';
import { fieldsModule } from './fields-module.ts';
import { importFrom } from './python.ts';

/** What is kept and how: tables, fields, repository, listing. Only the kinds of field that the model has. */
export function storageFiles(model: Model): ProjectFile[] {
  const schema = { path: 'app/schema.sql', content: schemaSql(model) };
  if (model.entities.length === 0) return [schema];
  const types = new Set(model.entities.flatMap((entity) => entity.fields.map((field) => field.type)));
  return [
    schema,
    { path: 'app/fields.py', content: fieldsModule(types) },
    { path: 'app/listing.py', content: listing },
    { path: 'app/repository.py', content: repository },
    { path: 'app/resources/__init__.py', content: resources(model) },
  ];
}

function resources(model: Model): string {
  const names = model.entities.map((entity) => entity.plural).toSorted();
  return `"""What the API keeps: a module for each kind of thing."""

${importFrom('.', names)}

BLUEPRINTS = (
${names.map((name) => `    ${name}.blueprint,\n`).join('')})
`;
}

const columnTypes: Readonly<Record<FieldType, string>> = {
  string: 'TEXT',
  text: 'TEXT',
  integer: 'INTEGER',
  number: 'REAL',
  boolean: 'INTEGER',
  date: 'TEXT',
  datetime: 'TEXT',
  email: 'TEXT',
  url: 'TEXT',
  choice: 'TEXT',
  list: 'TEXT',
};

/** The tables of a model as SQL, the same for both blueprints. */
export function schemaSql(model: Model): string {
  const accounts = model.auth
    ? [
        `CREATE TABLE IF NOT EXISTS "auth_accounts" (\n    "id" INTEGER PRIMARY KEY AUTOINCREMENT,\n    "${model.auth.login}" TEXT NOT NULL UNIQUE,\n    "password_hash" TEXT NOT NULL\n);\n`,
      ]
    : [];
  return [...accounts, ...model.entities.map(table)].join('\n');
}

function table(entity: Entity): string {
  const columns = entity.fields.map((field) => `    ${column(field)}`);
  return `CREATE TABLE IF NOT EXISTS "${entity.plural}" (\n${['    "id" INTEGER PRIMARY KEY AUTOINCREMENT', ...columns].join(',\n')}\n);\n`;
}

function column(field: Field): string {
  const needed = field.required || field.type === 'boolean' ? ' NOT NULL' : '';
  const fallback = field.type === 'boolean' ? ' DEFAULT 0' : '';
  return `"${field.name}" ${columnTypes[field.type]}${needed}${fallback}${field.unique ? ' UNIQUE' : ''}`;
}

/** A field as the generated schema declares it: 'Text("title", required=True, max_length=200)'. */
export function fieldCall(field: Field): string {
  const options = [
    ...(field.key === field.name ? [] : [`column="${field.name}"`]),
    ...(field.required ? ['required=True'] : []),
    ...boundsOf(field),
    ...(field.choices.length > 0 ? [`choices=${pythonTuple(field.choices)}`] : []),
  ];
  return `${className(field.type)}(${[`"${field.key}"`, ...options].join(', ')})`;
}

export function className(type: FieldType): string {
  const names: Readonly<Record<FieldType, string>> = {
    string: 'Text',
    text: 'Text',
    integer: 'Integer',
    number: 'Number',
    boolean: 'Boolean',
    date: 'Date',
    datetime: 'DateTime',
    email: 'Email',
    url: 'Url',
    choice: 'Choice',
    list: 'TextList',
  };
  return names[type];
}

function boundsOf(field: Field): string[] {
  if (textual.includes(field.type)) {
    const longest = field.max ?? defaultLength(field.type);
    const usual = field.type === 'string' ? defaultLength('string') : defaultLength(field.type);
    const declared = field.type === 'text' || longest !== usual ? [`max_length=${longest}`] : [];
    return [...(field.min !== null && field.min > 1 ? [`min_length=${field.min}`] : []), ...declared];
  }
  return [
    ...(field.min === null ? [] : [`${field.minOpen ? 'above' : 'minimum'}=${field.min}`]),
    ...(field.max === null ? [] : [`maximum=${field.max}`]),
  ];
}

function pythonTuple(values: readonly string[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length === 1 ? `(${quoted[0]},)` : `(${quoted.join(', ')})`;
}

const listing = `"""What a client may ask of a list: a page, an order, filters, a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import InvalidInput
from .fields import Invalid, Schema

DEFAULT_LIMIT = 50
MAX_LIMIT = 100


@dataclass(frozen=True)
class Listing:
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    sort: str = "id"
    descending: bool = False
    search: str = ""
    filters: dict[str, Any] = field(default_factory=dict)


def parse_listing(query: Mapping[str, str], schema: Schema) -> Listing:
    """Read the query string of a list; anything unknown in it is refused."""
    problems: dict[str, str] = {}
    filters: dict[str, Any] = {}
    for name, text in query.items():
        known = schema.get(name)
        if name in ("limit", "offset", "sort", "q"):
            continue
        if known is None:
            problems[name] = "is not a field that can be filtered by"
            continue
        try:
            filters[known.column] = known.encode(known.from_text(text))
        except Invalid as error:
            problems[name] = str(error)
    limit = _whole(query, "limit", DEFAULT_LIMIT, problems)
    offset = _whole(query, "offset", 0, problems)
    sort, descending = _order(query.get("sort", "id"), schema, problems)
    if problems:
        raise InvalidInput("The query is not valid.", problems)
    limit = max(1, min(limit, MAX_LIMIT))
    return Listing(limit, offset, sort, descending, query.get("q", ""), filters)


def _whole(
    query: Mapping[str, str], name: str, default: int, problems: dict[str, str]
) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        problems[name] = "must be a whole number, 0 or greater"
        return default
    return int(text)


def _order(text: str, schema: Schema, problems: dict[str, str]) -> tuple[str, bool]:
    name = text.removeprefix("-")
    known = schema.get(name)
    if name != "id" and known is None:
        problems["sort"] = "must name a field; a leading '-' turns the order around"
    return (known.column if known else "id"), text.startswith("-")
`;

const repository = `"""Storage of one kind of thing in one table."""

from __future__ import annotations

import sqlite3
from typing import Any

from .database import connection
from .errors import Conflict, NotFound
from .fields import Schema
from .listing import Listing

MAX_ID = 2**63 - 1


class Repository:
    """Rows of \`table\`, in and out as the API shows them.

    Names in the SQL come from the schema, values are always bound.
    """

    def __init__(self, table: str, schema: Schema) -> None:
        self._table = table
        self._schema = schema

    def create(self, values: dict[str, Any]) -> dict[str, Any]:
        row = self._encode(values)
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        sql = f'INSERT INTO "{self._table}" ({names}) VALUES ({marks})'
        cursor = self._write(sql, list(row.values()))
        return self.read(cursor.lastrowid)

    def read(self, row_id: int) -> dict[str, Any]:
        sql = f'SELECT * FROM "{self._table}" WHERE "id" = ?'
        row = None
        if row_id <= MAX_ID:
            row = connection().execute(sql, (row_id,)).fetchone()
        if row is None:
            raise NotFound(f"There is nothing with id {row_id}.")
        return self._decode(row)

    def list(self, listing: Listing) -> tuple[list[dict[str, Any]], int]:
        """The asked page, and how many there are on all pages."""
        where, values = self._conditions(listing)
        order = f'"{listing.sort}" {"DESC" if listing.descending else "ASC"}, "id"'
        total = connection().execute(
            f'SELECT count(*) FROM "{self._table}"{where}', values
        )
        rows = connection().execute(
            f'SELECT * FROM "{self._table}"{where} ORDER BY {order} LIMIT ? OFFSET ?',
            [*values, listing.limit, listing.offset],
        )
        return [self._decode(row) for row in rows], total.fetchone()[0]

    def update(self, row_id: int, values: dict[str, Any]) -> dict[str, Any]:
        self.read(row_id)
        row = self._encode(values)
        if row:
            names = ", ".join(f'"{name}" = ?' for name in row)
            sql = f'UPDATE "{self._table}" SET {names} WHERE "id" = ?'
            self._write(sql, [*row.values(), row_id])
        return self.read(row_id)

    def delete(self, row_id: int) -> None:
        self.read(row_id)
        self._write(f'DELETE FROM "{self._table}" WHERE "id" = ?', [row_id])

    def _write(self, sql: str, values: list[Any]) -> sqlite3.Cursor:
        try:
            with connection():
                return connection().execute(sql, values)
        except sqlite3.IntegrityError as error:
            column = str(error).rpartition(".")[2]
            key = self._schema.key_of(column)
            raise Conflict("This value is taken already.", {key: "must be unique"}) from error

    def _conditions(self, listing: Listing) -> tuple[str, list[Any]]:
        parts = [f'"{name}" = ?' for name in listing.filters]
        values = list(listing.filters.values())
        if listing.search:
            searched = [
                f'instr(lower("{name}"), lower(?)) > 0' for name in self._schema.searchable
            ]
            parts.append(f"({' OR '.join(searched) or '0'})")
            values += [listing.search] * len(searched)
        return (" WHERE " + " AND ".join(parts) if parts else ""), values

    def _encode(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            field.column: field.encode(values[field.name])
            for field in self._schema
            if field.name in values
        }

    def _decode(self, row: sqlite3.Row) -> dict[str, Any]:
        shown = {field.name: field.decode(row[field.column]) for field in self._schema}
        return {"id": row["id"], **shown}
`;
