import type { FieldType } from '../../model/model.ts';

/** app/fields.py with exactly the kinds of field that are used. */
export function fieldsModule(types: ReadonlySet<FieldType>): string {
  const kinds = order.filter((kind) => kind.always === true || kind.types.some((type) => types.has(type)));
  const imports = new Set([
    'from collections.abc import Iterator, Mapping',
    'from dataclasses import dataclass',
    'from typing import Any',
    ...kinds.flatMap((kind) => kind.imports ?? []),
  ]);
  const plain = [...imports].filter((line) => line.startsWith('import ')).toSorted();
  const from = mergeFrom([...imports].filter((line) => line.startsWith('from ')));
  return [head([...plain, ...from].join('\n')), ...kinds.map((kind) => kind.code), schema].join('\n\n');
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

interface Kind {
  readonly types: readonly FieldType[];
  readonly always?: true;
  readonly imports?: readonly string[];
  readonly code: string;
}

const order: readonly Kind[] = [
  {
    types: ['string', 'text', 'email', 'url'],
    always: true,
    code: `@dataclass(frozen=True)
class Text(Field):
    min_length: int = 1
    max_length: int = 200
    searchable = True

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not is_unicode(value):
            raise Invalid("must be a text")
        text = value.strip()
        if len(text) < self.min_length:
            raise Invalid(f"must have at least {self.min_length} characters")
        if len(text) > self.max_length:
            raise Invalid(f"must have at most {self.max_length} characters")
        return text
`,
  },
  {
    types: ['email'],
    imports: ['import re'],
    code: `@dataclass(frozen=True)
class Email(Text):
    max_length: int = 254

    def parse(self, value: Any) -> str:
        text = super().parse(value)
        if not re.fullmatch(r"[^@\\s]+@[^@\\s]+\\.[^@\\s.]+", text):
            raise Invalid("must be an e-mail address")
        return text
`,
  },
  {
    types: ['url'],
    imports: ['from urllib.parse import urlsplit'],
    code: `@dataclass(frozen=True)
class Url(Text):
    max_length: int = 2000

    def parse(self, value: Any) -> str:
        text = super().parse(value)
        try:
            parts = urlsplit(text)
        except ValueError as error:
            raise Invalid("must be a web address") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Invalid("must be a web address")
        return text
`,
  },
  {
    types: ['integer', 'number'],
    imports: ['import math'],
    code: `@dataclass(frozen=True)
class Number(Field):
    above: float | None = None
    minimum: float | None = None
    maximum: float | None = None

    def parse(self, value: Any) -> float:
        # True is an int in Python, but no number in JSON.
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Invalid("must be a number")
        if isinstance(value, float) and not math.isfinite(value) or abs(value) > 2**53:
            raise Invalid("is out of range")
        if self.above is not None and value <= self.above:
            raise Invalid(f"must be greater than {self.above}")
        if self.minimum is not None and value < self.minimum:
            raise Invalid(f"must be at least {self.minimum}")
        if self.maximum is not None and value > self.maximum:
            raise Invalid(f"must be at most {self.maximum}")
        return value

    def from_text(self, text: str) -> float:
        try:
            return self.parse(float(text))
        except ValueError as error:
            raise Invalid("must be a number") from error
`,
  },
  {
    types: ['integer'],
    code: `@dataclass(frozen=True)
class Integer(Number):
    def parse(self, value: Any) -> int:
        number = super().parse(value)
        if int(number) != number:
            raise Invalid("must be a whole number")
        return int(number)
`,
  },
  {
    types: ['boolean'],
    code: `@dataclass(frozen=True)
class Boolean(Field):
    def default(self) -> bool:
        return False

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Invalid("must be true or false")
        return value

    def from_text(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise Invalid("must be true or false")
        return text == "true"

    def decode(self, value: Any) -> bool:
        return bool(value)
`,
  },
  {
    types: ['date'],
    imports: ['from datetime import date'],
    code: `@dataclass(frozen=True)
class Date(Field):
    def parse(self, value: Any) -> str:
        try:
            if len(value) != len("2026-01-31"):
                raise ValueError(value)
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError) as error:
            raise Invalid("must be a date like 2026-01-31") from error
`,
  },
  {
    types: ['datetime'],
    imports: ['from datetime import datetime, timezone'],
    code: `@dataclass(frozen=True)
class DateTime(Field):
    def parse(self, value: Any) -> str:
        """A moment, kept in UTC so that texts sort as moments do."""
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except (AttributeError, TypeError, ValueError) as error:
            raise Invalid("must be a moment like 2026-01-31T12:00:00Z") from error
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        try:
            moment = moment.astimezone(timezone.utc)
        except OverflowError as error:
            raise Invalid("is out of range") from error
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
`,
  },
  {
    types: ['choice'],
    code: `@dataclass(frozen=True)
class Choice(Field):
    choices: tuple[str, ...] = ()

    def parse(self, value: Any) -> str:
        if value not in self.choices:
            raise Invalid(f"must be one of {', '.join(self.choices)}")
        return value
`,
  },
  {
    types: ['list'],
    imports: ['import json'],
    code: `@dataclass(frozen=True)
class TextList(Field):
    max_items: int = 100

    def default(self) -> list[str]:
        return []

    def parse(self, value: Any) -> list[str]:
        texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not texts or not all(is_unicode(item) for item in value):
            raise Invalid("must be a list of texts")
        if len(value) > self.max_items:
            raise Invalid(f"must have at most {self.max_items} entries")
        return value

    def from_text(self, text: str) -> list[str]:
        return text.split(",")

    def encode(self, value: Any) -> str:
        return json.dumps(value or [])

    def decode(self, value: Any) -> list[str]:
        return json.loads(value or "[]")
`,
  },
];

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
