import type { FieldType } from '../../model/model.ts';
import { numbers } from './number-kind.ts';

/** internal/schema/kinds.go with exactly the kinds of field that are used. */
export function kindsModule(types: ReadonlySet<FieldType>): string {
  const used = kinds.filter((kind) => kind.types.some((type) => types.has(type)));
  const imports = [...new Set(used.flatMap((kind) => kind.imports))].toSorted();
  return `${head(imports)}\n${used.map((kind) => kind.code).join('\n')}`;
}

const head = (imports: readonly string[]): string => `package schema

import (
${imports.map((name) => `\t"${name}"\n`).join('')})
`;

interface Kind {
  readonly types: readonly FieldType[];
  readonly imports: readonly string[];
  readonly code: string;
}

const kinds: readonly Kind[] = [
  {
    types: ['integer', 'number', 'boolean', 'date', 'datetime', 'list'],
    imports: [],
    code: `// single is a value that is left out as nil and that a search does not look into.
type single struct{}

func (single) Default() any     { return nil }
func (single) Searchable() bool { return false }
`,
  },
  {
    types: ['string', 'text', 'email', 'url'],
    imports: ['errors', 'fmt', 'strings', 'unicode/utf8'],
    code: String.raw`// Text takes texts of 1 to 200 characters, or of other lengths.
type Text struct {
	MinLength int
	MaxLength int
}

func (k Text) Parse(value any) (any, error) {
	text, isText := value.(string)
	if !isText {
		return nil, errors.New("must be a text")
	}
	text = strings.TrimSpace(text)
	shortest, longest := max(k.MinLength, 1), k.MaxLength
	if longest == 0 {
		longest = 200
	}
	length := utf8.RuneCountInString(text)
	if length < shortest {
		return nil, fmt.Errorf("must have at least %d characters", shortest)
	}
	if length > longest {
		return nil, fmt.Errorf("must have at most %d characters", longest)
	}
	return text, nil
}

func (k Text) FromText(text string) (any, error) { return k.Parse(text) }
func (Text) Default() any                        { return nil }
func (Text) Searchable() bool                    { return true }
`,
  },
  {
    types: ['email'],
    imports: ['errors', 'regexp'],
    code: String.raw`var emailShape = regexp.MustCompile("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$")

// Email takes e-mail addresses.
type Email Text

func (k Email) Parse(value any) (any, error) {
	if k.MaxLength == 0 {
		k.MaxLength = 254
	}
	address, err := Text(k).Parse(value)
	if err == nil && !emailShape.MatchString(address.(string)) {
		return nil, errors.New("must be an e-mail address")
	}
	return address, err
}

func (k Email) FromText(text string) (any, error) { return k.Parse(text) }
func (Email) Default() any                        { return nil }
func (Email) Searchable() bool                    { return true }
`,
  },
  {
    types: ['url'],
    imports: ['errors', 'net/url'],
    code: String.raw`// URL takes addresses of the web.
type URL Text

func (k URL) Parse(value any) (any, error) {
	if k.MaxLength == 0 {
		k.MaxLength = 2000
	}
	address, err := Text(k).Parse(value)
	if err != nil {
		return nil, err
	}
	parts, err := url.Parse(address.(string))
	if err != nil || (parts.Scheme != "http" && parts.Scheme != "https") || parts.Hostname() == "" {
		return nil, errors.New("must be a web address")
	}
	return address, nil
}

func (k URL) FromText(text string) (any, error) { return k.Parse(text) }
func (URL) Default() any                        { return nil }
func (URL) Searchable() bool                    { return true }
`,
  },
  {
    types: ['integer', 'number'],
    imports: ['encoding/json', 'errors', 'fmt', 'math', 'strconv'],
    code: numbers,
  },
  {
    types: ['integer'],
    imports: ['encoding/json', 'errors', 'math', 'strconv'],
    code: String.raw`// Integer takes whole numbers within its bounds.
type Integer Number

func (k Integer) Parse(value any) (any, error) {
	number, err := Number(k).Parse(value)
	if err == nil && number != math.Trunc(number.(float64)) {
		return nil, errors.New("must be a whole number")
	}
	return number, err
}

func (k Integer) FromText(text string) (any, error) {
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return nil, errors.New("must be a number")
	}
	return k.Parse(json.Number(text))
}
`,
  },
  {
    types: ['boolean'],
    imports: ['errors', 'strconv'],
    code: String.raw`// Boolean takes true and false; left out it is false.
type Boolean struct{ single }

func (Boolean) Default() any { return false }

func (Boolean) Parse(value any) (any, error) {
	if _, isBoolean := value.(bool); !isBoolean {
		return nil, errors.New("must be true or false")
	}
	return value, nil
}

func (Boolean) FromText(text string) (any, error) {
	if text != "true" && text != "false" {
		return nil, errors.New("must be true or false")
	}
	return strconv.ParseBool(text)
}
`,
  },
  {
    types: ['date'],
    imports: ['errors', 'time'],
    code: String.raw`// Date takes days like 2026-01-31.
type Date struct{ single }

func (Date) Parse(value any) (any, error) {
	text, _ := value.(string)
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return nil, errors.New("must be a date like 2026-01-31")
	}
	return text, nil
}

func (k Date) FromText(text string) (any, error) { return k.Parse(text) }
`,
  },
  {
    types: ['datetime'],
    imports: ['errors', 'time'],
    code: String.raw`// Moment takes moments and keeps them in UTC, so that their texts sort as they do.
type Moment struct{ single }

// Without a zone a moment is one in UTC.
var momentShapes = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"}

func (Moment) Parse(value any) (any, error) {
	text, _ := value.(string)
	for _, shape := range momentShapes {
		moment, err := time.Parse(shape, text)
		if err != nil {
			continue
		}
		moment = moment.UTC()
		if moment.Year() < 0 || moment.Year() > 9999 {
			return nil, errors.New("is out of range")
		}
		return moment.Format("2006-01-02T15:04:05Z"), nil
	}
	return nil, errors.New("must be a moment like 2026-01-31T12:00:00Z")
}

func (k Moment) FromText(text string) (any, error) { return k.Parse(text) }
`,
  },
  {
    types: ['choice'],
    imports: ['errors', 'slices', 'strings'],
    code: String.raw`// Choice takes one of its texts.
type Choice []string

func (k Choice) Parse(value any) (any, error) {
	text, isText := value.(string)
	if !isText || !slices.Contains(k, text) {
		return nil, errors.New("must be one of " + strings.Join(k, ", "))
	}
	return text, nil
}

func (k Choice) FromText(text string) (any, error) { return k.Parse(text) }
func (Choice) Default() any                        { return nil }
func (Choice) Searchable() bool                    { return false }
`,
  },
  {
    types: ['list'],
    imports: ['errors', 'fmt', 'strings'],
    code: String.raw`const mostItems = 100

// TextList takes lists of texts; left out it is empty.
type TextList struct{ single }

func (TextList) Default() any { return []any{} }

func (TextList) Parse(value any) (any, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, errors.New("must be a list of texts")
	}
	if len(items) > mostItems {
		return nil, fmt.Errorf("must have at most %d entries", mostItems)
	}
	for _, item := range items {
		if _, isText := item.(string); !isText {
			return nil, errors.New("must be a list of texts")
		}
	}
	return items, nil
}

func (TextList) FromText(text string) (any, error) {
	items := []any{}
	for item := range strings.SplitSeq(text, ",") {
		items = append(items, item)
	}
	return items, nil
}
`,
  },
];
