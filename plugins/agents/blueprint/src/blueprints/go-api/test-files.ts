import type { Model, ProjectFile } from '../../model/model.ts';
import { authTests } from './auth-tests.ts';
import { entityTests } from './entity-tests.ts';
import { modulePath } from './module.ts';
import { support } from './test-support.ts';

/** The project's own tests: the real handler on a file of its own, and the real service once. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'main_test.go', content: mainTests(model) },
    { path: 'internal/api/support_test.go', content: support(model) },
    { path: 'internal/api/api_test.go', content: apiTests },
    ...(model.auth ? [{ path: 'internal/api/auth_test.go', content: authTests(model.auth, model) }] : []),
    ...model.entities.map((entity) => ({
      path: `internal/api/${entity.plural}_resource_test.go`,
      content: entityTests(entity, model),
    })),
  ];
}

/** Ids of the tests: the file and the test's name. */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/^func (Test\w+)\(t \*testing\.T\)/gm)].map((match) => `${path}::${match[1]}`),
  );
}

const mainTests = (model: Model): string => String.raw`package main

import (
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"${modulePath(model)}/internal/config"
)

func TestTheServiceEndsByItselfWhenItIsToldToStop(t *testing.T) {
	settings := from(map[string]string{"PORT": "0", "DATABASE": filepath.Join(t.TempDir(), "test.db")})
	addresses, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- run(settings, func(address string) { addresses <- address })
	}()
	select {
	case err := <-ended:
		t.Fatal("it ended too soon:", err)
	case address := <-addresses:
		answer, err := http.Get("http://" + address + "/health")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatal("GET /health answered", answer.Status)
		}
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it did not end")
	}
}

func from(settings map[string]string) func(string) string {
	return func(name string) string { return settings[name] }
}

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	usual, err := config.Read(from(nil))
	if err != nil || usual.Address() != "127.0.0.1:${model.port}" || usual.Database != "data/app.db" {
		t.Fatal(usual, err)
	}
	own, err := config.Read(from(map[string]string{"HOST": "0.0.0.0", "PORT": "4321", "DATABASE": "elsewhere.db"}))
	if err != nil || own.Address() != "0.0.0.0:4321" || own.Database != "elsewhere.db" {
		t.Fatal(own, err)
	}
}

func TestASettingThatMakesNoSenseIsRefused(t *testing.T) {
	if _, err := config.Read(from(map[string]string{"PORT": "many"})); err == nil {
		t.Fatal("a port must be a number")
	}
}
${
  model.auth
    ? `
func TestProductionNeedsASecret(t *testing.T) {
	if _, err := config.Read(from(map[string]string{"APP_ENV": "production"})); err == nil {
		t.Fatal("it must not start without a secret")
	}
	settings := map[string]string{"APP_ENV": "production", "JWT_SECRET": "0123456789abcdef0123456789abcdef"}
	if _, err := config.Read(from(settings)); err != nil {
		t.Fatal(err)
	}
}
`
    : ''
}`;

const apiTests = String.raw`package api_test

import (
	"net/http"
	"testing"
)

func TestHealthAnswersOK(t *testing.T) {
	found := newClient(t).want(http.StatusOK, "GET", "/health", "")
	wantEqual(t, found.body, object{"status": "ok"})
}

func TestAnUnknownRouteIsAnsweredAsJSON(t *testing.T) {
	found := newClient(t).want(http.StatusNotFound, "GET", "/no-such-route", "")
	wantEqual(t, found.errorCode(), "not_found")
}

func TestAWrongMethodIsAnsweredAsJSONAndNamesTheRightOnes(t *testing.T) {
	found := newClient(t).want(http.StatusMethodNotAllowed, "DELETE", "/health", "")
	wantEqual(t, found.errorCode(), "method_not_allowed")
	wantEqual(t, found.header.Get("Allow"), "GET, HEAD")
}
`;
