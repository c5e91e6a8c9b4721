import type { FieldType, Model } from '../../model/model.ts';

interface Part {
  readonly types: readonly FieldType[];
  readonly imports?: readonly string[];
  readonly code: string;
}

/** values.py with exactly the kinds of value that are used. */
export function valuesModule(model: Model): string {
  const types = new Set(model.entities.flatMap((entity) => entity.fields.map((field) => field.type)));
  const used = parts.filter((part) => part.types.length === 0 || part.types.some((type) => types.has(type)));
  const imports = new Set(['from argparse import ArgumentTypeError', ...used.flatMap((part) => part.imports ?? [])]);
  const lines = [
    ...imports,
    'from collections.abc import Callable',
    'from dataclasses import dataclass',
    'from typing import Any',
  ];
  const plain = lines.filter((line) => line.startsWith('import ')).toSorted();
  const from = lines.filter((line) => line.startsWith('from ')).toSorted();
  return `"""Kinds of value: what a word on the command line means, or why it is refused."""

from __future__ import annotations

${[...plain, ...from].join('\n')}


${used.map((part) => part.code).join('\n\n')}`;
}

const parts: readonly Part[] = [
  {
    types: [],
    code: `@dataclass(frozen=True)
class Kind:
    metavar: str
    parse: Callable[[str], Any]
    column: str = "TEXT"
    searchable: bool = False
    many: bool = False
    flag: bool = False
    help: str = ""


def identity(word: str) -> int:
    """The number of a thing."""
    number = int(word) if word.isascii() and word.isdigit() else 0
    if not 0 < number < 2**63:
        raise ArgumentTypeError("must be a number from 1 on")
    return number


def count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise ArgumentTypeError("must be a whole number from 0 on")
    return int(word)


def clean(word: str) -> str:
    """Without blanks around it. Bytes that are no UTF-8 come as half surrogates."""
    if any(0xD800 <= ord(sign) <= 0xDFFF or sign == "\\0" for sign in word):
        raise ArgumentTypeError("must be a text in UTF-8")
    return word.strip()
`,
  },
  {
    types: ['string', 'text', 'email', 'url'],
    code: `def text(minimum: int = 1, maximum: int = 200) -> Kind:
    return Kind("TEXT", lambda word: sized(word, minimum, maximum), searchable=True)


def sized(word: str, minimum: int, maximum: int) -> str:
    cleaned = clean(word)
    if not cleaned:
        raise ArgumentTypeError("must not be empty")
    if len(cleaned) < minimum:
        raise ArgumentTypeError(f"must have at least {minimum} characters")
    if len(cleaned) > maximum:
        raise ArgumentTypeError(f"must have at most {maximum} characters")
    return cleaned
`,
  },
  {
    types: ['email'],
    imports: ['import re'],
    code: `def email(minimum: int = 1, maximum: int = 254) -> Kind:
    def parse(word: str) -> str:
        address = sized(word, minimum, maximum)
        if not re.fullmatch(r"[^@\\s]+@[^@\\s]+\\.[^@\\s.]+", address):
            raise ArgumentTypeError("must be an e-mail address")
        return address

    return Kind("ADDRESS", parse, searchable=True)
`,
  },
  {
    types: ['url'],
    imports: ['from urllib.parse import urlsplit'],
    code: `def url(minimum: int = 1, maximum: int = 2000) -> Kind:
    def parse(word: str) -> str:
        address = sized(word, minimum, maximum)
        try:
            parts = urlsplit(address)
        except ValueError as error:
            raise ArgumentTypeError("must be a web address") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ArgumentTypeError("must be a web address")
        return address

    return Kind("URL", parse, searchable=True)
`,
  },
  {
    types: ['integer', 'number'],
    imports: ['import math'],
    code: `def limited(
    value: float, above: float | None, minimum: float | None, maximum: float | None
) -> float:
    if not math.isfinite(value) or abs(value) > 2**53:
        raise ArgumentTypeError("is out of range")
    if above is not None and value <= above:
        raise ArgumentTypeError(f"must be greater than {above}")
    if minimum is not None and value < minimum:
        raise ArgumentTypeError(f"must be at least {minimum}")
    if maximum is not None and value > maximum:
        raise ArgumentTypeError(f"must be at most {maximum}")
    return value
`,
  },
  {
    types: ['number'],
    code: `def number(
    above: float | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Kind:
    def parse(word: str) -> float:
        try:
            value = float(word)
        except ValueError as error:
            raise ArgumentTypeError("must be a number") from error
        return limited(value, above, minimum, maximum)

    return Kind("NUMBER", parse, column="REAL")
`,
  },
  {
    types: ['integer'],
    code: `def integer(
    above: float | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Kind:
    def parse(word: str) -> int:
        try:
            value = int(word)
        except ValueError as error:
            raise ArgumentTypeError("must be a whole number") from error
        return int(limited(value, above, minimum, maximum))

    return Kind("NUMBER", parse, column="INTEGER")
`,
  },
  {
    types: ['boolean'],
    code: `def flag() -> Kind:
    return Kind("", bool, column="INTEGER", flag=True)
`,
  },
  {
    types: ['date'],
    imports: ['import datetime'],
    code: `def date() -> Kind:
    def parse(word: str) -> str:
        try:
            return datetime.datetime.strptime(word, "%Y-%m-%d").date().isoformat()
        except ValueError as error:
            raise ArgumentTypeError("must be a date like 2026-01-31") from error

    return Kind("DATE", parse)
`,
  },
  {
    types: ['datetime'],
    imports: ['import datetime'],
    code: `def moment() -> Kind:
    """Kept in UTC, so that texts sort as moments do."""

    def parse(word: str) -> str:
        try:
            value = datetime.datetime.fromisoformat(word.replace("Z", "+00:00"))
            if value.tzinfo is None:
                value = value.replace(tzinfo=datetime.timezone.utc)
            value = value.astimezone(datetime.timezone.utc)
        except (OverflowError, ValueError) as error:
            raise ArgumentTypeError("must be a moment like 2026-01-31T12:00:00Z") from error
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")

    return Kind("MOMENT", parse)
`,
  },
  {
    types: ['choice'],
    code: `def choice(*choices: str) -> Kind:
    listed = ", ".join(choices)

    def parse(word: str) -> str:
        if word not in choices:
            raise ArgumentTypeError(f"must be one of {listed}")
        return word

    return Kind("CHOICE", parse, help=f"one of {listed}")
`,
  },
  {
    types: ['list'],
    code: `def texts() -> Kind:
    return Kind("TEXT", clean, many=True, help="may be given several times")
`,
  },
];
