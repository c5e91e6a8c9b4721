import type { Auth, Model, ProjectFile } from '../../model/model.ts';

/** Accounts with hashed passwords, and JSON Web Tokens that show who is asking. */
export function authFiles(model: Model): ProjectFile[] {
  if (!model.auth) return [];
  return [
    { path: 'app/auth/__init__.py', content: '"""Accounts and the tokens they are known by."""\n' },
    { path: 'app/auth/accounts.py', content: accounts(model.auth) },
    { path: 'app/auth/tokens.py', content: tokens },
    { path: 'app/auth/routes.py', content: routes(model.auth) },
  ];
}

const accounts = ({ login }: Auth): string => `"""Accounts: stored with a salted hash, never with the password."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from ..database import connection
from ..errors import Conflict


def create(${login}: str, password: str) -> dict[str, Any]:
    sql = 'INSERT INTO "auth_accounts" ("${login}", "password_hash") VALUES (?, ?)'
    try:
        with connection():
            values = (${login}, generate_password_hash(password))
            cursor = connection().execute(sql, values)
    except sqlite3.IntegrityError as error:
        raise Conflict("This ${login} is registered already.") from error
    return {"id": cursor.lastrowid, "${login}": ${login}}


def verify(${login}: str, password: str) -> dict[str, Any] | None:
    """The account that ${login} and password belong to."""
    sql = 'SELECT * FROM "auth_accounts" WHERE "${login}" = ?'
    row = connection().execute(sql, (${login},)).fetchone()
    # An unknown ${login} costs as much time as a wrong password, and so tells nothing.
    password_hash = row["password_hash"] if row else _nobodys_hash()
    matches = check_password_hash(password_hash, password)
    return _shown(row) if row and matches else None


def find(account_id: int) -> dict[str, Any] | None:
    sql = 'SELECT * FROM "auth_accounts" WHERE "id" = ?'
    row = connection().execute(sql, (account_id,)).fetchone()
    return _shown(row) if row else None


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {"id": row["id"], "${login}": row["${login}"]}


@cache
def _nobodys_hash() -> str:
    return generate_password_hash("nobody")
`;

const tokens = `"""JSON Web Tokens: issued at login, required by protected routes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
from flask import current_app, g, request

from ..errors import Unauthorized
from . import accounts

ALGORITHM = "HS256"


def issue(account_id: int) -> str:
    now = datetime.now(timezone.utc)
    claims = {
        "sub": str(account_id),
        "iat": now,
        "exp": now + timedelta(seconds=current_app.config["JWT_SECONDS"]),
    }
    return jwt.encode(claims, current_app.config["JWT_SECRET"], algorithm=ALGORITHM)


def require_account() -> None:
    """Let a request pass that carries a valid token; \`g.account\` says whose."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("Send a token: 'Authorization: Bearer <token>'.")
    g.account = _account_of(token.strip())


def _account_of(token: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(
            token,
            current_app.config["JWT_SECRET"],
            algorithms=[ALGORITHM],
            options={"require": ["sub", "exp"]},
        )
        account = accounts.find(int(claims["sub"]))
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Unauthorized("The token is not valid or has expired.") from error
    if account is None:
        raise Unauthorized("The token's account is gone.")
    return account
`;

const routes = ({ login, path }: Auth): string => `"""Registering, logging in, and asking who one is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g

from ..errors import InvalidInput, Unauthorized
from ..payload import json_object
from . import accounts, tokens

MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 128

blueprint = Blueprint("auth", __name__, url_prefix="${path}")


@blueprint.post("/register")
def register():
    ${login}, password = _credentials()
    problems = _problems(${login}, password)
    if problems:
        raise InvalidInput("The input is not valid.", problems)
    return accounts.create(${login}, password), 201


@blueprint.post("/login")
def login():
    ${login}, password = _credentials()
    account = accounts.verify(${login}, password)
    if account is None:
        raise Unauthorized("${login === 'email' ? 'E-mail' : 'User name'} or password is wrong.")
    return {
        "access_token": tokens.issue(account["id"]),
        "token_type": "Bearer",
        "expires_in": current_app.config["JWT_SECONDS"],
    }


@blueprint.get("/me")
def me():
    tokens.require_account()
    return g.account


def _credentials() -> tuple[str, str]:
    body = json_object()
    ${login}, password = body.get("${login}"), body.get("password")
    problems = {
        name: "is required and must be a text"
        for name, value in {"${login}": ${login}, "password": password}.items()
        if not _is_text(value)
    }
    if problems:
        raise InvalidInput("The input is not valid.", problems)
    return ${login === 'email' ? 'email.strip().lower()' : 'username.strip()'}, password


def _is_text(value: Any) -> bool:
    # JSON can carry half a surrogate pair; neither database nor hash can.
    return isinstance(value, str) and not any("\\ud800" <= char <= "\\udfff" for char in value)


def _problems(${login}: str, password: str) -> dict[str, str]:
    problems: dict[str, str] = {}
${login === 'email' ? emailProblem : usernameProblem}
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        problems["password"] = (
            f"must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters"
        )
    return problems
`;

const emailProblem = `    name, _, domain = email.partition("@")
    if not name or "." not in domain.strip(".") or len(email) > 254 or " " in email:
        problems["email"] = "must be an e-mail address"`;
const usernameProblem = `    if not 3 <= len(username) <= 50:
        problems["username"] = "must have 3 to 50 characters"`;
