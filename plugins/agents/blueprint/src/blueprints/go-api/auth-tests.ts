import type { Auth, Model } from '../../model/model.ts';
import { accountName, password } from '../flask-api/test-files.ts';

export const authTests = ({ login, path }: Auth, model: Model): string => String.raw`package api_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestRegisteringCreatesAnAccountAndHidesThePassword(t *testing.T) {
	found := newClient(t).want(http.StatusCreated, "POST", "${path}/register", credentials)
	wantEqual(t, found.body, object{"id": 1.0, "${login}": "${accountName({ login, path, tokenSeconds: 0 })}"})
}

func TestAPasswordIsStoredAsASaltedHash(t *testing.T) {
	c := newClient(t)
	c.want(http.StatusCreated, "POST", "${path}/register", credentials)
	stored, err := os.ReadFile(c.path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(stored, []byte("${password}")) {
		t.Fatal("the password is in the file")
	}
	if !regexp.MustCompile("pbkdf2-sha256:[0-9]+:[0-9a-f]{32}:[0-9a-f]{64}").Match(stored) {
		t.Fatal("no salted hash is in the file")
	}
}

func TestRegisteringRefusesASecondAccountOfTheSameName(t *testing.T) {
	c := newClient(t)
	c.want(http.StatusCreated, "POST", "${path}/register", credentials)
	c.want(http.StatusConflict, "POST", "${path}/register", credentials)
}

func TestRegisteringRefusesAShortPassword(t *testing.T) {
	short := strings.Replace(credentials, "${password}", "short", 1)
	found := newClient(t).want(${model.invalidStatus}, "POST", "${path}/register", short)
	if found.wrongFields()["password"] == nil {
		t.Fatal(found.body)
	}
}

func TestALoginGivesATokenThatIsAccepted(t *testing.T) {
	found := newClient(t).logIn().want(http.StatusOK, "GET", "${path}/me", "")
	wantEqual(t, found.body["${login}"], "${accountName({ login, path, tokenSeconds: 0 })}")
}

func TestALoginRefusesAWrongPasswordAndAnUnknownAccount(t *testing.T) {
	c := newClient(t)
	c.want(http.StatusUnauthorized, "POST", "${path}/login", credentials)
	c.want(http.StatusCreated, "POST", "${path}/register", credentials)
	wrong := strings.Replace(credentials, "${password}", "wrong horse battery", 1)
	found := c.want(http.StatusUnauthorized, "POST", "${path}/login", wrong)
	wantEqual(t, found.header.Get("WWW-Authenticate"), "Bearer")
}

func TestARequestWithoutAValidTokenIsRefused(t *testing.T) {
	c := newClient(t).logIn()
	claims := strings.Split(c.token, ".")[1]
	unsigned := base64.RawURLEncoding.EncodeToString([]byte("{\"alg\":\"none\"}")) + "." + claims + "."
	for _, token := range []string{"", "nonsense", c.token + "x", unsigned} {
		c.token = token
		c.want(http.StatusUnauthorized, "GET", "${path}/me", "")
	}
}

func TestATokenOfAnotherSecretIsRefused(t *testing.T) {
	c := newClient(t).logIn()
	other := c.settings
	other.JWTSecret = "another secret"
	c.serve(other)
	c.want(http.StatusUnauthorized, "GET", "${path}/me", "")
}

func TestAnExpiredTokenIsRefused(t *testing.T) {
	c := newClient(t)
	short := c.settings
	short.JWTLifetime = 0
	c.serve(short)
	c.logIn().want(http.StatusUnauthorized, "GET", "${path}/me", "")
}
`;
