import type { Entity, Model, ProjectFile } from '../../model/model.ts';
import { pascal } from '../../model/words.ts';
import { fieldLiteral, modulePath } from './module.ts';
import { listing, resource } from './resource-files.ts';

/** Routes on the standard library's ServeMux, and errors that are always JSON. */
export function apiFiles(model: Model): ProjectFile[] {
  const kept = model.entities.length > 0;
  return [
    { path: 'internal/api/api.go', content: api(model) },
    { path: 'internal/api/errors.go', content: errors(model) },
    ...(kept || model.auth ? [{ path: 'internal/api/body.go', content: body }] : []),
    ...(kept
      ? [
          { path: 'internal/api/listing.go', content: listing(model) },
          { path: 'internal/api/resource.go', content: resource(model) },
          ...model.entities.map((entity) => ({
            path: `internal/api/${entity.plural}_resource.go`,
            content: definition(entity, model),
          })),
        ]
      : []),
  ];
}

const definitionName = ({ plural }: Entity): string => `define${pascal(plural.split('_'))}`;

function api(model: Model): string {
  const { auth, entities } = model;
  const imports = [
    ...(auth ? [`"${modulePath(model)}/internal/auth"`] : []),
    `"${modulePath(model)}/internal/config"`,
    `"${modulePath(model)}/internal/store"`,
  ];
  const accounts = auth
    ? `	accounts, err := auth.NewAccounts(db, settings.PasswordRounds)
	if err != nil {
		return nil, err
	}
	tokens := auth.NewTokens(settings.JWTSecret, settings.JWTLifetime, accounts)
	authRoutes(mux, accounts, tokens)
`
    : '';
  const resources =
    entities.length > 0
      ? `	definitions := []definition{
${entities.map((entity) => `\t\t${definitionName(entity)}(),\n`).join('')}	}
	for _, each := range definitions {
		if err := each.serve(mux, db${auth ? ', guard(tokens)' : ''}); err != nil {
			return nil, err
		}
	}
`
      : '';
  return `// Package api answers requests.
package api

import (
	"net/http"

${imports.map((name) => `\t${name}\n`).join('')})

// New gives all that the service answers, on the data of an open file.
func New(settings config.Config, db *store.DB) (http.Handler, error) {
	mux := http.NewServeMux()
	// Tells load balancers and monitors that the service answers.
	mux.Handle("GET /health", handler(func(w http.ResponseWriter, _ *http.Request) error {
		if err := db.Ping(); err != nil {
			return err
		}
		return write(w, http.StatusOK, map[string]string{"status": "ok"})
	}))
${accounts}${resources}	return withErrors(mux), nil
}
`;
}

const errors = (model: Model): string => String.raw`package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"${modulePath(model)}/internal/schema"
	"${modulePath(model)}/internal/store"
)

// apiError is an error that the client can do something about.
type apiError struct {
	status  int
	code    string
	message string
	fields  map[string]string
}

func (e *apiError) Error() string { return e.message }

func badRequest(message string) error {
	return &apiError{status: http.StatusBadRequest, code: "bad_request", message: message}
}

func invalidInput(fields map[string]string) *apiError {
	return &apiError{
		status:  ${model.invalidStatus === 400 ? 'http.StatusBadRequest' : 'http.StatusUnprocessableEntity'},
		code:    "invalid_input",
		message: "The input is not valid.",
		fields:  fields,
	}
}

// handler answers a request, or says why it does not.
type handler func(http.ResponseWriter, *http.Request) error

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		writeError(w, r, err)
	}
}

func write(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that went away is nobody to tell.
	_, _ = w.Write(text)
	return nil
}

func writeError(w http.ResponseWriter, r *http.Request, err error) {
	answer := answerTo(err)
	if answer.status == http.StatusInternalServerError {
		// What went wrong inside is for the log, not for the client.
		slog.Error("a request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if answer.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	said := map[string]any{"code": answer.code, "message": answer.message}
	if len(answer.fields) > 0 {
		said["fields"] = answer.fields
	}
	_ = write(w, answer.status, map[string]any{"error": said})
}

func answerTo(err error) *apiError {
	var (
		known    *apiError
		problems schema.Problems
		taken    *store.TakenError
		tooLarge *http.MaxBytesError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &problems):
		return invalidInput(problems)
	case errors.As(err, &taken):
		fields := map[string]string{taken.Key: "must be unique"}
		return &apiError{http.StatusConflict, "conflict", "This value is taken already.", fields}
	case errors.As(err, &tooLarge):
		return &apiError{http.StatusRequestEntityTooLarge, "too_large", "The body is too large.", nil}
	case errors.Is(err, store.ErrNotFound):
		return &apiError{http.StatusNotFound, "not_found", "There is nothing with this id.", nil}
	}
	return &apiError{http.StatusInternalServerError, "internal_error", "Something went wrong.", nil}
}

// withErrors answers as JSON what no route answers, and a route that panics.
func withErrors(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if fault := recover(); fault != nil {
				slog.Error("a route panicked", "path", r.URL.Path, "fault", fault)
				writeError(w, r, errors.New("a route panicked"))
			}
		}()
		unanswered, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		// The mux knows which methods a path has: it is asked, and what it would write is not sent.
		asked := &discarded{header: http.Header{}}
		unanswered.ServeHTTP(asked, r)
		if allowed := asked.header.Get("Allow"); allowed != "" {
			w.Header().Set("Allow", allowed)
			message := r.URL.Path + " takes " + allowed + "."
			writeError(w, r, &apiError{http.StatusMethodNotAllowed, "method_not_allowed", message, nil})
			return
		}
		message := "There is no " + strings.ToValidUTF8(r.URL.Path, "") + "."
		writeError(w, r, &apiError{http.StatusNotFound, "not_found", message, nil})
	})
}

// discarded takes an answer that nobody gets.
type discarded struct{ header http.Header }

func (d *discarded) Header() http.Header            { return d.header }
func (d *discarded) Write(text []byte) (int, error) { return len(text), nil }
func (d *discarded) WriteHeader(int)                {}
`;

const body = String.raw`package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

const largestBody = 1 << 20

// readObject reads the request's body, which must be a JSON object. Numbers stay as they were written.
func readObject(w http.ResponseWriter, r *http.Request) (map[string]any, error) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestBody))
	decoder.UseNumber()
	var body any
	if err := decoder.Decode(&body); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, badRequest("The body is not valid JSON.")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, badRequest("The body must be one JSON value.")
	}
	object, isObject := body.(map[string]any)
	if !isObject {
		return nil, badRequest("The body must be a JSON object.")
	}
	return object, nil
}
`;

const definition = (entity: Entity, model: Model): string => `package api

import "${modulePath(model)}/internal/schema"

func ${definitionName(entity)}() definition {
	return definition{
		name: ${JSON.stringify(entity.plural)},
		path: ${JSON.stringify(entity.path)},
		fields: schema.Schema{
${entity.fields.map((field) => `\t\t\t${fieldLiteral(field)},\n`).join('')}		},
	}
}
`;
