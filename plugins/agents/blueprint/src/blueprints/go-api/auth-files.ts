import type { Auth, Model, ProjectFile } from '../../model/model.ts';
import { routes } from './auth-routes.ts';
import { modulePath } from './module.ts';

/** Accounts with hashed passwords, and JSON Web Tokens that show who is asking. */
export function authFiles(model: Model): ProjectFile[] {
  if (!model.auth) return [];
  return [
    { path: 'internal/auth/passwords.go', content: passwords },
    { path: 'internal/auth/accounts.go', content: accounts(model.auth, model) },
    { path: 'internal/auth/tokens.go', content: tokens },
    { path: 'internal/api/auth.go', content: routes(model.auth, model) },
  ];
}

const passwords = String.raw`package auth

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

const (
	saltBytes = 16
	keyBytes  = 32
)

// hashPassword gives a salted hash: 'pbkdf2-sha256:<rounds>:<salt>:<key>'. The rounds are in it, so that they can grow.
func hashPassword(password string, rounds int) (string, error) {
	salt := make([]byte, saltBytes)
	// It never fails: a machine without randomness ends the process.
	_, _ = rand.Read(salt)
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, keyBytes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("pbkdf2-sha256:%d:%x:%x", rounds, salt, key), nil
}

func matchesHash(password, hash string) bool {
	parts := strings.Split(hash, ":")
	if len(parts) != 4 {
		return false
	}
	count, _ := strconv.Atoi(parts[1])
	salt, _ := hex.DecodeString(parts[2])
	stored, _ := hex.DecodeString(parts[3])
	key, err := pbkdf2.Key(sha256.New, password, salt, count, keyBytes)
	return err == nil && subtle.ConstantTimeCompare(key, stored) == 1
}
`;

const accounts = (
  { login }: Auth,
  model: Model,
): string => String.raw`// Package auth knows accounts and the tokens that they are known by.
package auth

import (
	"errors"
	"sync"

	"${modulePath(model)}/internal/schema"
	"${modulePath(model)}/internal/store"
)

// ErrWrong says that ${login} and password belong to no account.
var ErrWrong = errors.New("${login} or password is wrong")

// Account is somebody who can log in.
type Account struct {
	ID    uint64
	Login string
}

// Accounts are stored with a salted hash, never with the password.
type Accounts struct {
	records    *store.Collection
	rounds     int
	nobodyHash func() (string, error)
}

// NewAccounts gives the accounts of an open file; new passwords are hashed in so many rounds.
func NewAccounts(db *store.DB, rounds int) (*Accounts, error) {
	records, err := db.Collection("auth.accounts", "${login}")
	nobody := sync.OnceValues(func() (string, error) { return hashPassword("nobody", rounds) })
	return &Accounts{records, rounds, nobody}, err
}

// Create makes an account; a ${login} that is taken is a store.TakenError.
func (a *Accounts) Create(${login}, password string) (Account, error) {
	hash, err := hashPassword(password, a.rounds)
	if err != nil {
		return Account{}, err
	}
	record, err := a.records.Create(schema.Record{"${login}": ${login}, "password_hash": hash})
	if err != nil {
		return Account{}, err
	}
	return shown(record), nil
}

// Verify gives the account that ${login} and password belong to, or ErrWrong.
func (a *Accounts) Verify(${login}, password string) (Account, error) {
	record, err := a.records.By("${login}", ${login})
	if errors.Is(err, store.ErrNotFound) {
		// An unknown ${login} costs as much time as a wrong password, and so tells nothing.
		hash, err := a.nobodyHash()
		if err != nil {
			return Account{}, err
		}
		matchesHash(password, hash)
		return Account{}, ErrWrong
	}
	if err != nil {
		return Account{}, err
	}
	hash, _ := record["password_hash"].(string)
	if !matchesHash(password, hash) {
		return Account{}, ErrWrong
	}
	return shown(record), nil
}

// Find gives the account of an id, or store.ErrNotFound.
func (a *Accounts) Find(id uint64) (Account, error) {
	record, err := a.records.Read(id)
	if err != nil {
		return Account{}, err
	}
	return shown(record), nil
}

func shown(record schema.Record) Account {
	id, _ := record["id"].(uint64)
	login, _ := record["${login}"].(string)
	return Account{ID: id, Login: login}
}
`;

const tokens = String.raw`package auth

import (
	"errors"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// ErrToken says that a token is not valid, has expired or is that of an account that is gone.
var ErrToken = errors.New("the token is not valid or has expired")

// Tokens issues JSON Web Tokens, signed with HMAC-SHA256, and tells whose they are.
type Tokens struct {
	secret   []byte
	lifetime time.Duration
	accounts *Accounts
	parser   *jwt.Parser
}

// NewTokens gives tokens that one secret signs.
func NewTokens(secret string, lifetime time.Duration, accounts *Accounts) *Tokens {
	// No token chooses its own algorithm, and none lasts for ever.
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	return &Tokens{[]byte(secret), lifetime, accounts, parser}
}

// Lifetime is how long a token lasts.
func (t *Tokens) Lifetime() time.Duration { return t.lifetime }

// Issue gives a token for an account.
func (t *Tokens) Issue(account Account) (string, error) {
	now := time.Now()
	claims := jwt.RegisteredClaims{
		Subject:   strconv.FormatUint(account.ID, 10),
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(t.lifetime)),
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.secret)
}

// AccountOf tells whose token it is, or ErrToken.
func (t *Tokens) AccountOf(token string) (Account, error) {
	claims := jwt.RegisteredClaims{}
	_, err := t.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return t.secret, nil })
	if err != nil {
		return Account{}, ErrToken
	}
	id, err := strconv.ParseUint(claims.Subject, 10, 64)
	if err != nil {
		return Account{}, ErrToken
	}
	account, err := t.accounts.Find(id)
	if err != nil {
		return Account{}, ErrToken
	}
	return account, nil
}
`;
