import type { FieldType } from '../../model/model.ts';
import { kinds } from './field-kinds.ts';

/** app/fields.py with exactly the kinds of field that are used. */
export function fieldsModule(types: ReadonlySet<FieldType>): string {
  const used = kinds.filter((kind) => kind.always === true || kind.types.some((type) => types.has(type)));
  const imports = new Set([
    'from collections.abc import Iterator, Mapping',
    'from dataclasses import dataclass',
    'from typing import Any',
    ...used.flatMap((kind) => kind.imports ?? []),
  ]);
  const plain = [...imports].filter((line) => line.startsWith('import ')).toSorted();
  const from = mergeFrom([...imports].filter((line) => line.startsWith('from ')));
  return [head([...plain, ...from].join('\n')), ...used.map((kind) => kind.code), schema].join('\n\n');
}

/** 'from datetime import date' and 'from datetime import datetime' become one line. */
function mergeFrom(lines: readonly string[]): string[] {
  const names = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, module = '', list = ''] = /^from (\S+) import (.+)$/.exec(line) ?? [];
    names.set(module, new Set([...(names.get(module) ?? []), ...list.split(', ')]));
  }
  return [...names]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, list]) => `from ${module} import ${[...list].toSorted().join(', ')}`);
}

const head = (imports: string): string => `"""Fields: what clients may send, checked and normalised."""

from __future__ import annotations

${imports}

from .errors import InvalidInput


class Invalid(ValueError):
    """What is wrong with one value, in words that follow the field's name."""


def is_unicode(text: str) -> bool:
    """False for half a surrogate pair, which JSON can carry and a database cannot."""
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


@dataclass(frozen=True)
class Field:
    """One field. \`parse\` takes JSON values, \`encode\` and \`decode\` are for the database."""

    name: str
    column: str = ""
    required: bool = False
    searchable = False

    def __post_init__(self) -> None:
        if not self.column:
            object.__setattr__(self, "column", self.name)

    def default(self) -> Any:
        return None

    def parse(self, value: Any) -> Any:
        raise NotImplementedError

    def from_text(self, text: str) -> Any:
        """The value that a query string means."""
        return self.parse(text)

    def encode(self, value: Any) -> Any:
        return value

    def decode(self, value: Any) -> Any:
        return value
`;

const schema = `class Schema:
    """The fields of one kind of thing."""

    def __init__(self, *fields: Field) -> None:
        self._fields = {field.name: field for field in fields}
        self.searchable = [field.column for field in fields if field.searchable]

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def get(self, name: str) -> Field | None:
        return self._fields.get(name)

    def key_of(self, column: str) -> str:
        return next((field.name for field in self if field.column == column), column)

    def parse(self, body: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
        """The values of \`body\`, or InvalidInput that names every wrong field.

        A partial body changes some fields; a whole one sets them all.
        """
        problems = {name: "is unknown" for name in body if name not in self._fields}
        values: dict[str, Any] = {}
        for field in self:
            if partial and field.name not in body:
                continue
            try:
                values[field.name] = self._value(field, body)
            except Invalid as error:
                problems[field.name] = str(error)
        if problems:
            raise InvalidInput("The input is not valid.", problems)
        return values

    @staticmethod
    def _value(field: Field, body: Mapping[str, Any]) -> Any:
        value = body.get(field.name)
        if value is not None:
            return field.parse(value)
        if field.required:
            raise Invalid("is required")
        return field.default()
`;
