import type { Model, ProjectFile } from '../../model/model.ts';
import { kindsModule } from './kinds-module.ts';
import { modulePath } from './module.ts';
import { schema } from './schema-module.ts';
import { store } from './store-module.ts';

/** What is kept and how: a store of records in one file, and the fields that they have. */
export function storageFiles(model: Model): ProjectFile[] {
  const types = new Set(model.entities.flatMap((entity) => entity.fields.map((field) => field.type)));
  return [
    { path: 'internal/store/store.go', content: store(model) },
    { path: 'internal/store/query.go', content: query(model) },
    { path: 'internal/schema/schema.go', content: schema },
    ...(types.size > 0 ? [{ path: 'internal/schema/kinds.go', content: kindsModule(types) }] : []),
  ];
}

const query = (model: Model): string => String.raw`package store

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"${modulePath(model)}/internal/schema"
	bolt "go.etcd.io/bbolt"
)

// Query asks for a page of a collection: in an order, with some values, with a text in some of them.
type Query struct {
	Limit      int
	Offset     int
	Sort       string
	Descending bool
	Filters    schema.Record
	Search     string
	SearchedIn []string
}

// List gives the records of the page that is asked for, and how many there are on all pages. It reads the whole
// collection, which is quick for thousands of records; for millions an index or a database server is the way.
func (c *Collection) List(query Query) ([]schema.Record, int, error) {
	found := []schema.Record{}
	err := c.db.bolt.View(func(tx *bolt.Tx) error {
		return tx.Bucket(c.name).ForEach(func(id, data []byte) error {
			record, err := decode(id, data)
			if err == nil && query.matches(record) {
				found = append(found, record)
			}
			return err
		})
	})
	if err != nil {
		return nil, 0, err
	}
	// The order of ids is the order in which they came, and stays so among equals.
	if query.Sort != "id" || query.Descending {
		slices.SortStableFunc(found, func(a, b schema.Record) int {
			order := compare(a[query.Sort], b[query.Sort])
			if query.Descending {
				return -order
			}
			return order
		})
	}
	from := min(query.Offset, len(found))
	return found[from:min(from+query.Limit, len(found))], len(found), nil
}

func (q Query) matches(record schema.Record) bool {
	for key, value := range q.Filters {
		if compare(record[key], value) != 0 {
			return false
		}
	}
	return q.Search == "" || slices.ContainsFunc(q.SearchedIn, func(key string) bool {
		text, isText := record[key].(string)
		return isText && strings.Contains(strings.ToLower(text), strings.ToLower(q.Search))
	})
}

// compare puts what is not set first, numbers and texts in their order, and the rest in the order of its JSON.
func compare(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	switch a := a.(type) {
	case uint64:
		if b, ok := b.(uint64); ok {
			return cmp.Compare(a, b)
		}
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
	case string:
		if b, ok := b.(string); ok {
			return cmp.Compare(a, b)
		}
	}
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return strings.Compare(string(left), string(right))
}

func rank(value any) int {
	if value == nil {
		return 0
	}
	return 1
}
`;
