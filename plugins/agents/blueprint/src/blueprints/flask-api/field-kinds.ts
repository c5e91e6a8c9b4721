import type { FieldType } from '../../model/model.ts';

/** A class of field, written only where the model has fields of it. */
export interface Kind {
  readonly types: readonly FieldType[];
  readonly always?: true;
  readonly imports?: readonly string[];
  readonly code: string;
}

/** Classes in the order in which they stand: a class comes after the one that it extends. */
export const kinds: readonly Kind[] = [
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
