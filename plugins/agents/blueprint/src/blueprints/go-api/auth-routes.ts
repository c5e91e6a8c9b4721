import type { Auth, Model } from '../../model/model.ts';
import { modulePath } from './module.ts';

export const routes = ({ login, path }: Auth, model: Model): string => {
  const isEmail = login === 'email';
  const imports = ['context', 'errors', 'net/http', ...(isEmail ? ['regexp'] : []), 'strings', 'unicode/utf8'];
  return String.raw`package api

import (
${imports.map((name) => `\t"${name}"\n`).join('')}
	"${modulePath(model)}/internal/auth"
	"${modulePath(model)}/internal/store"
)

const (
	shortestPassword = 8
	longestPassword  = 128
)
${isEmail ? '\nvar emailShape = regexp.MustCompile("^[^@\\\\s]+@[^@\\\\s]+\\\\.[^@\\\\s.]+$")\n' : ''}
type accountKey struct{}

func unauthorized(message string) error {
	return &apiError{status: http.StatusUnauthorized, code: "unauthorized", message: message}
}

// guard lets requests with a valid token pass; accountOf then tells whose it is.
func guard(tokens *auth.Tokens) func(handler) handler {
	return func(next handler) handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			if !strings.EqualFold(scheme, "Bearer") || token == "" {
				return unauthorized("Send a token: 'Authorization: Bearer <token>'.")
			}
			account, err := tokens.AccountOf(strings.TrimSpace(token))
			if err != nil {
				return unauthorized("The token is not valid or has expired.")
			}
			return next(w, r.WithContext(context.WithValue(r.Context(), accountKey{}, account)))
		}
	}
}

func accountOf(r *http.Request) auth.Account {
	account, _ := r.Context().Value(accountKey{}).(auth.Account)
	return account
}

// authRoutes is registering, logging in, and asking who one is.
func authRoutes(mux *http.ServeMux, accounts *auth.Accounts, tokens *auth.Tokens) {
	mux.Handle("POST ${path}/register", handler(func(w http.ResponseWriter, r *http.Request) error {
		${login}, password, err := readCredentials(w, r)
		if err != nil {
			return err
		}
		if problems := problemsOf(${login}, password); len(problems) > 0 {
			return invalidInput(problems)
		}
		account, err := accounts.Create(${login}, password)
		var taken *store.TakenError
		if errors.As(err, &taken) {
			message := "This ${login} is registered already."
			return &apiError{status: http.StatusConflict, code: "conflict", message: message}
		}
		if err != nil {
			return err
		}
		return write(w, http.StatusCreated, shownAccount(account))
	}))
	mux.Handle("POST ${path}/login", handler(func(w http.ResponseWriter, r *http.Request) error {
		${login}, password, err := readCredentials(w, r)
		if err != nil {
			return err
		}
		account, err := accounts.Verify(${login}, password)
		if errors.Is(err, auth.ErrWrong) {
			return unauthorized("${isEmail ? 'E-mail' : 'User name'} or password is wrong.")
		}
		if err != nil {
			return err
		}
		token, err := tokens.Issue(account)
		if err != nil {
			return err
		}
		return write(w, http.StatusOK, map[string]any{
			"access_token": token, "token_type": "Bearer", "expires_in": int(tokens.Lifetime().Seconds()),
		})
	}))
	mux.Handle("GET ${path}/me", guard(tokens)(func(w http.ResponseWriter, r *http.Request) error {
		return write(w, http.StatusOK, shownAccount(accountOf(r)))
	}))
}

func shownAccount(account auth.Account) map[string]any {
	return map[string]any{"id": account.ID, "${login}": account.Login}
}

func readCredentials(w http.ResponseWriter, r *http.Request) (${login}, password string, err error) {
	body, err := readObject(w, r)
	if err != nil {
		return "", "", err
	}
	problems := map[string]string{}
	text := func(key string) string {
		value, isText := body[key].(string)
		if !isText {
			problems[key] = "is required and must be a text"
		}
		return value
	}
	${login}, password = strings.TrimSpace(text("${login}")), text("password")
	if len(problems) > 0 {
		return "", "", invalidInput(problems)
	}
	return ${isEmail ? 'strings.ToLower(email)' : 'username'}, password, nil
}

func problemsOf(${login}, password string) map[string]string {
	problems := map[string]string{}
${
  isEmail
    ? `	if len(email) > 254 || !emailShape.MatchString(email) {
		problems["email"] = "must be an e-mail address"
	}`
    : `	if length := utf8.RuneCountInString(username); length < 3 || length > 50 {
		problems["username"] = "must have 3 to 50 characters"
	}`
}
	if length := utf8.RuneCountInString(password); length < shortestPassword || length > longestPassword {
		problems["password"] = "must have 8 to 128 characters"
	}
	return problems
}
`;
};
