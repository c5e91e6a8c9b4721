import type { Auth, Model, ProjectFile } from '../../model/model.ts';
import { modulePath } from './module.ts';

/** Start, graceful stop and configuration. */
export function coreFiles(model: Model): ProjectFile[] {
  return [
    { path: 'go.mod', content: goMod(model) },
    { path: 'go.sum', content: `${[...sums, ...(model.auth ? jwtSums : [])].toSorted().join('\n')}\n` },
    { path: 'main.go', content: main(model) },
    { path: 'internal/config/config.go', content: config(model) },
  ];
}

const goMod = (model: Model): string => `module ${modulePath(model)}

go 1.24

require (
${model.auth ? '\tgithub.com/golang-jwt/jwt/v5 v5.3.1\n' : ''}	go.etcd.io/bbolt v1.4.3
)

require golang.org/x/sys v0.29.0 // indirect
`;

/** Of the pinned versions and what they need, as `go mod tidy` writes them. */
const sums: readonly string[] = [
  'github.com/davecgh/go-spew v1.1.1 h1:vj9j/u1bqnvCEfJOwUhtlOARqs3+rkHYY13jYWTU97c=',
  'github.com/davecgh/go-spew v1.1.1/go.mod h1:J7Y8YcW2NihsgmVo/mv3lAwl/skON4iLHjSsI+c5H38=',
  'github.com/pmezard/go-difflib v1.0.0 h1:4DBwDE0NGyQoBHbLQYPwSUPoCMWR5BEzIk/f1lZbAQM=',
  'github.com/pmezard/go-difflib v1.0.0/go.mod h1:iKH77koFhYxTK1pcRnkKkqfTogsbg7gZNVY4sRDYZ/4=',
  'github.com/stretchr/testify v1.10.0 h1:Xv5erBjTwe/5IxqUQTdXv5kgmIvbHo3QQyRwhJsOfJA=',
  'github.com/stretchr/testify v1.10.0/go.mod h1:r2ic/lqez/lEtzL7wO/rwa5dbSLXVDPFyf8C91i36aY=',
  'go.etcd.io/bbolt v1.4.3 h1:dEadXpI6G79deX5prL3QRNP6JB8UxVkqo4UPnHaNXJo=',
  'go.etcd.io/bbolt v1.4.3/go.mod h1:tKQlpPaYCVFctUIgFKFnAlvbmB3tpy1vkTnDWohtc0E=',
  'golang.org/x/sync v0.10.0 h1:3NQrjDixjgGwUOCaF8w2+VYHv0Ve/vGYSbdkTa98gmQ=',
  'golang.org/x/sync v0.10.0/go.mod h1:Czt+wKu1gCyEFDUtn0jG5QVvpJ6rzVqr5aXyt9drQfk=',
  'golang.org/x/sys v0.29.0 h1:TPYlXGxvx1MGTn2GiZDhnjPA9wZzZeGKHHmKhHYvgaU=',
  'golang.org/x/sys v0.29.0/go.mod h1:/VUhepiaJMQUp4+oa/7Zr1D23ma6VTLIYjOOTFZPUcA=',
  'gopkg.in/yaml.v3 v3.0.1 h1:fxVm/GzAzEWqLHuvctI91KS9hhNmmWOoWu0XTYJS7CA=',
  'gopkg.in/yaml.v3 v3.0.1/go.mod h1:K4uyk7z7BCEPqu6E+C64Yfv1cQ7kz7rIZviUmN+EgEM=',
];

const jwtSums: readonly string[] = [
  'github.com/golang-jwt/jwt/v5 v5.3.1 h1:kYf81DTWFe7t+1VvL7eS+jKFVWaUnK9cB1qbwn63YCY=',
  'github.com/golang-jwt/jwt/v5 v5.3.1/go.mod h1:fxCRLWMO43lRc8nhHWY6LGqRcf+1gQWArsqaEUEa5bE=',
];

const main = (model: Model): string => String.raw`// ${model.title}: an HTTP service.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"${modulePath(model)}/internal/api"
	"${modulePath(model)}/internal/config"
	"${modulePath(model)}/internal/store"
)

// Longest time that requests get to end when the service is told to stop.
const stopTime = 10 * time.Second

func main() {
	if err := run(os.Getenv, func(address string) { slog.Info("listening", "address", address) }); err != nil {
		slog.Error("the service ends", "error", err)
		os.Exit(1)
	}
}

// run serves until SIGINT or SIGTERM, then answers what it is working on. It says where it listens.
func run(getenv func(string) string, listening func(address string)) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	settings, err := config.Read(getenv)
	if err != nil {
		return err
	}
	db, err := store.Open(settings.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	handler, err := api.New(settings, db)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	listener, err := net.Listen("tcp", settings.Address())
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	listening(listener.Addr().String())
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		// A second signal ends it at once.
		stop()
		last, cancel := context.WithTimeout(context.Background(), stopTime)
		defer cancel()
		return server.Shutdown(last)
	}
}
`;

function config(model: Model): string {
  const { auth } = model;
  const imports = [...(auth ? ['crypto/rand', 'errors'] : []), 'fmt', 'net', 'strconv', ...(auth ? ['time'] : [])];
  return String.raw`// Package config reads the settings.
package config

import (
${imports.map((name) => `\t"${name}"\n`).join('')})

// Config is the settings of one service.
type Config struct {
${auth ? authMembers : '\tHost     string\n\tPort     int\n\tDatabase string\n'}}

// Address is where the service listens.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Read reads the settings from the environment; one that makes no sense is an error.
func Read(getenv func(string) string) (Config, error) {
	port, err := whole(getenv, "PORT", ${model.port})
	if err != nil {
		return Config{}, err
	}
${auth ? authReading(auth) : ''}	return Config{
		Host:     text(getenv, "HOST", "127.0.0.1"),
		Port:     port,
		Database: text(getenv, "DATABASE", "data/app.db"),
${auth ? authValues : ''}	}, nil
}

func text(getenv func(string) string, name, fallback string) string {
	if value := getenv(name); value != "" {
		return value
	}
	return fallback
}

func whole(getenv func(string) string, name string, fallback int) (int, error) {
	value := getenv(name)
	if value == "" {
		return fallback, nil
	}
	number, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%s must be a whole number, not %q", name, value)
	}
	return int(number), nil
}
${auth ? secret : ''}`;
}

const authMembers = `	Host        string
	Port        int
	Database    string
	JWTSecret   string
	JWTLifetime time.Duration
	// PasswordRounds is what a hash costs who guesses passwords; tests take few.
	PasswordRounds int
`;

const authReading = (auth: Auth): string => `	seconds, err := whole(getenv, "JWT_SECONDS", ${auth.tokenSeconds})
	if err != nil {
		return Config{}, err
	}
	secret, err := readSecret(getenv)
	if err != nil {
		return Config{}, err
	}
`;

const authValues = `
		JWTSecret:   secret,
		JWTLifetime: time.Duration(seconds) * time.Second,
		// What OWASP advises for PBKDF2 with SHA-256.
		PasswordRounds: 600_000,
`;

const secret = String.raw`
const shortestSecret = 32

func readSecret(getenv func(string) string) (string, error) {
	secret := getenv("JWT_SECRET")
	if getenv("APP_ENV") == "production" && len(secret) < shortestSecret {
		return "", errors.New("set JWT_SECRET to at least 32 characters in production")
	}
	if secret == "" {
		// Each process makes up its own: tokens then end with it.
		return rand.Text() + rand.Text(), nil
	}
	return secret, nil
}
`;
