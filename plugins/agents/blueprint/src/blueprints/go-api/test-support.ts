import type { Model } from '../../model/model.ts';
import { accountName, password } from '../flask-api/test-files.ts';
import { modulePath } from './module.ts';

export const support = (model: Model): string => {
  const config = model.auth
    ? '{JWTSecret: "a secret for tests", JWTLifetime: time.Minute, PasswordRounds: 1000}'.replace('{', 'config.Config{')
    : 'config.Config{}';
  return String.raw`package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
${model.auth ? '\t"time"\n' : ''}
	"${modulePath(model)}/internal/api"
	"${modulePath(model)}/internal/config"
	"${modulePath(model)}/internal/store"
)

type object = map[string]any

// client talks to a service of its own.
type client struct {
	t        *testing.T
	handler  http.Handler
	settings config.Config
	path     string
	db       *store.DB
	// token is sent with every request; empty sends none.
	token string
}

type answer struct {
	status int
	header http.Header
	body   object
}

func newClient(t *testing.T) *client {
	t.Helper()
	settings := ${config}
	c := &client{t: t, settings: settings, path: filepath.Join(t.TempDir(), "test.db")}
	c.open()
	t.Cleanup(func() { _ = c.db.Close() })
	return c
}

func (c *client) open() {
	c.t.Helper()
	db, err := store.Open(c.path)
	if err != nil {
		c.t.Fatal(err)
	}
	c.db = db
	c.serve(c.settings)
}

func (c *client) serve(settings config.Config) {
	c.t.Helper()
	handler, err := api.New(settings, c.db)
	if err != nil {
		c.t.Fatal(err)
	}
	c.handler = handler
}

// restart closes the file and begins anew.
func (c *client) restart() {
	c.t.Helper()
	if err := c.db.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.open()
}

func (c *client) send(method, path, body string) answer {
	c.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, request)
	found := answer{status: recorder.Code, header: recorder.Header()}
	if recorder.Body.Len() > 0 {
		found.body = parse(c.t, recorder.Body.String())
	}
	return found
}

// want sends a request whose answer must have a status.
func (c *client) want(status int, method, path, body string) answer {
	c.t.Helper()
	found := c.send(method, path, body)
	if found.status != status {
		c.t.Fatalf("%s %s answered %d, not %d: %v", method, path, found.status, status, found.body)
	}
	return found
}

// wrongFields gives what an answer says is wrong, by field.
func (a answer) wrongFields() object {
	said, _ := a.body["error"].(object)
	fields, _ := said["fields"].(object)
	return fields
}

func (a answer) errorCode() any {
	said, _ := a.body["error"].(object)
	return said["code"]
}

func parse(t *testing.T, text string) object {
	t.Helper()
	var parsed object
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return parsed
}

func spell(t *testing.T, body object) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// with is a body with one more value, or another one.
func with(body object, key string, value any) object {
	changed := maps.Clone(body)
	changed[key] = value
	return changed
}

func wantEqual(t *testing.T, found, wanted any) {
	t.Helper()
	if !reflect.DeepEqual(found, wanted) {
		t.Fatalf("found %v, not %v", found, wanted)
	}
}
${
  model.auth
    ? `
const credentials = \`{"${model.auth.login}": "${accountName(model.auth)}", "password": "${password}"}\`

// logIn registers, logs in, and sends the token from now on.
func (c *client) logIn() *client {
	c.t.Helper()
	c.want(http.StatusCreated, "POST", "${model.auth.path}/register", credentials)
	c.token, _ = c.want(http.StatusOK, "POST", "${model.auth.path}/login", credentials).body["access_token"].(string)
	return c
}
`
    : ''
}`;
};
