import type { Model } from '../../model/model.ts';
import { modulePath } from './module.ts';

/** internal/api/listing.go: what a query string asks of a list. */
export const listing = (model: Model): string => String.raw`package api

import (
	"net/url"
	"strconv"
	"strings"

	"${modulePath(model)}/internal/schema"
	"${modulePath(model)}/internal/store"
)

const (
	defaultLimit = 50
	maxLimit     = 100
)

// readQuery reads the query string of a list; anything unknown in it is refused.
func readQuery(values url.Values, fields schema.Schema) (store.Query, error) {
	problems := schema.Problems{}
	filters := schema.Record{}
	for key := range values {
		switch key {
		case "limit", "offset", "sort", "q":
			continue
		}
		field, known := fields.Field(key)
		if !known {
			problems[key] = "is not a field that can be filtered by"
			continue
		}
		value, err := field.Kind.FromText(values.Get(key))
		if err != nil {
			problems[key] = err.Error()
			continue
		}
		filters[key] = value
	}
	limit := readWhole(values, "limit", defaultLimit, problems)
	offset := readWhole(values, "offset", 0, problems)
	sort, descending := strings.CutPrefix(values.Get("sort"), "-")
	if sort == "" {
		sort = "id"
	}
	if _, known := fields.Field(sort); !known && sort != "id" {
		problems["sort"] = "must name a field; a leading '-' turns the order around"
	}
	if len(problems) > 0 {
		return store.Query{}, problems
	}
	return store.Query{
		Limit:      max(1, min(limit, maxLimit)),
		Offset:     offset,
		Sort:       sort,
		Descending: descending,
		Filters:    filters,
		Search:     values.Get("q"),
		SearchedIn: fields.Searchable(),
	}, nil
}

func readWhole(values url.Values, key string, fallback int, problems schema.Problems) int {
	if !values.Has(key) {
		return fallback
	}
	number, err := strconv.ParseUint(values.Get(key), 10, 30)
	if err != nil {
		problems[key] = "must be a whole number, 0 or greater"
	}
	return int(number)
}
`;

/** internal/api/resource.go: the routes of one kind of thing. */
export const resource = (model: Model): string => {
  const routes = [
    ['GET "+d.path', 'list'],
    ['POST "+d.path', 'create'],
    ['GET "+single', 'read'],
    ['PUT "+single', 'replace'],
    ['PATCH "+single', 'change'],
    ['DELETE "+single', 'remove'],
  ] as const;
  const handle = (name: string): string => (model.auth ? `guard(r.${name})` : `handler(r.${name})`);
  return String.raw`package api

import (
	"net/http"
	"strconv"

	"${modulePath(model)}/internal/schema"
	"${modulePath(model)}/internal/store"
)

// definition says what is kept of one kind of thing, and below which path it is served.
type definition struct {
	name   string
	path   string
	fields schema.Schema
}

// resource serves one kind of thing.
type resource struct {
	definition
	records *store.Collection
}

func (d definition) serve(mux *http.ServeMux, db *store.DB${model.auth ? ', guard func(handler) handler' : ''}) error {
	records, err := db.Collection(d.name, d.fields.Unique()...)
	if err != nil {
		return err
	}
	r := &resource{d, records}
	single := d.path + "/{id}"
${routes.map(([pattern, name]) => `\tmux.Handle("${pattern}, ${handle(name)})\n`).join('')}	return nil
}

func (r *resource) list(w http.ResponseWriter, request *http.Request) error {
	query, err := readQuery(request.URL.Query(), r.fields)
	if err != nil {
		return err
	}
	records, total, err := r.records.List(query)
	if err != nil {
		return err
	}
	items := make([]schema.Record, 0, len(records))
	for _, record := range records {
		items = append(items, r.shown(record))
	}
	return write(w, http.StatusOK, map[string]any{
		"items": items, "total": total, "limit": query.Limit, "offset": query.Offset,
	})
}

func (r *resource) create(w http.ResponseWriter, request *http.Request) error {
	body, err := readObject(w, request)
	if err != nil {
		return err
	}
	values, err := r.fields.Parse(body)
	if err != nil {
		return err
	}
	created, err := r.records.Create(values)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.path+"/"+strconv.FormatUint(created["id"].(uint64), 10))
	return write(w, http.StatusCreated, r.shown(created))
}

func (r *resource) read(w http.ResponseWriter, request *http.Request) error {
	id, err := idOf(request)
	if err != nil {
		return err
	}
	record, err := r.records.Read(id)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, r.shown(record))
}

func (r *resource) replace(w http.ResponseWriter, request *http.Request) error {
	return r.update(w, request, r.fields.Parse)
}

func (r *resource) change(w http.ResponseWriter, request *http.Request) error {
	return r.update(w, request, r.fields.ParsePartial)
}

func (r *resource) update(
	w http.ResponseWriter, request *http.Request, parse func(map[string]any) (schema.Record, error),
) error {
	id, err := idOf(request)
	if err != nil {
		return err
	}
	body, err := readObject(w, request)
	if err != nil {
		return err
	}
	values, err := parse(body)
	if err != nil {
		return err
	}
	updated, err := r.records.Update(id, values)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, r.shown(updated))
}

func (r *resource) remove(w http.ResponseWriter, request *http.Request) error {
	id, err := idOf(request)
	if err != nil {
		return err
	}
	if err := r.records.Delete(id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// shown is a record with every field, those too that came after it was stored.
func (r *resource) shown(record schema.Record) schema.Record {
	all := schema.Record{"id": record["id"]}
	for _, field := range r.fields {
		value, stored := record[field.Key]
		if !stored {
			value = field.Kind.Default()
		}
		all[field.Key] = value
	}
	return all
}

// idOf reads the number in a path; anything else names nothing that there is.
func idOf(request *http.Request) (uint64, error) {
	id, err := strconv.ParseUint(request.PathValue("id"), 10, 64)
	if err != nil {
		return 0, store.ErrNotFound
	}
	return id, nil
}
`;
};
