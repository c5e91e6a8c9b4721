export const schema = String.raw`// Package schema says what clients may send: fields, checked and normalised.
package schema

// Record holds the values of one thing by key. Numbers are float64, lists are []any, what is not set is nil.
type Record map[string]any

// Kind is a kind of value.
type Kind interface {
	// Parse takes a JSON value, with numbers as json.Number, and gives the value that is kept.
	Parse(value any) (any, error)
	// FromText gives the value that a query string means.
	FromText(text string) (any, error)
	// Default is the value of a field that is left out.
	Default() any
	// Searchable tells whether a search looks into it.
	Searchable() bool
}

// Field is one value of a thing.
type Field struct {
	Key      string
	Kind     Kind
	Required bool
	Unique   bool
}

// Problems says what is wrong, by key, in words that follow the field's name.
type Problems map[string]string

func (p Problems) Error() string { return "the input is not valid" }

// Schema is the fields of one kind of thing, in their order.
type Schema []Field

// Field gives the field of a key.
func (s Schema) Field(key string) (Field, bool) {
	for _, field := range s {
		if field.Key == key {
			return field, true
		}
	}
	return Field{}, false
}

// Unique gives the keys whose values are unique.
func (s Schema) Unique() []string {
	var keys []string
	for _, field := range s {
		if field.Unique {
			keys = append(keys, field.Key)
		}
	}
	return keys
}

// Searchable gives the keys that a search looks into.
func (s Schema) Searchable() []string {
	var keys []string
	for _, field := range s {
		if field.Kind.Searchable() {
			keys = append(keys, field.Key)
		}
	}
	return keys
}

// Parse gives values for every field, or Problems that name each wrong one.
func (s Schema) Parse(body map[string]any) (Record, error) {
	return s.parse(body, false)
}

// ParsePartial gives values for the fields that are named.
func (s Schema) ParsePartial(body map[string]any) (Record, error) {
	return s.parse(body, true)
}

func (s Schema) parse(body map[string]any, partial bool) (Record, error) {
	problems := Problems{}
	for key := range body {
		if _, known := s.Field(key); !known {
			problems[key] = "is unknown"
		}
	}
	record := Record{}
	for _, field := range s {
		value, named := body[field.Key]
		switch {
		case partial && !named:
			continue
		case value != nil:
			parsed, err := field.Kind.Parse(value)
			if err != nil {
				problems[field.Key] = err.Error()
			}
			record[field.Key] = parsed
		case field.Required:
			problems[field.Key] = "is required"
		default:
			record[field.Key] = field.Kind.Default()
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return record, nil
}
`;
