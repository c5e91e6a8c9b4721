import type { Model, ProjectFile } from '../../model/model.ts';

/** The parts that every Flask project has, whatever it keeps: factory, configuration, database, errors. */
export function coreFiles(model: Model): ProjectFile[] {
  return [
    { path: 'wsgi.py', content: wsgi(model) },
    { path: 'app/__init__.py', content: factory(model) },
    { path: 'app/config.py', content: config(model) },
    { path: 'app/database.py', content: database },
    { path: 'app/errors.py', content: errors(model) },
    { path: 'app/payload.py', content: payload },
    { path: 'app/health.py', content: health },
  ];
}

const wsgi = (
  model: Model,
): string => `"""Entry point: 'python wsgi.py' for development, 'gunicorn wsgi:app' in production."""

import os

from app import create_app

app = create_app()

if __name__ == "__main__":
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "${model.port}"))
    app.run(host=host, port=port)
`;

function factory(model: Model): string {
  const imports = [
    'from . import database, errors, health',
    ...(model.auth ? ['from .auth import routes as auth'] : []),
    'from .config import Config',
    ...(model.entities.length > 0 ? ['from .resources import BLUEPRINTS'] : []),
  ];
  const resources = '    for blueprint in BLUEPRINTS:\n        app.register_blueprint(blueprint)\n';
  return `"""${model.title}: a Flask application."""

from __future__ import annotations

from flask import Flask

${imports.join('\n')}


def create_app(config: Config | None = None) -> Flask:
    """Build an application of its own; tests call this with their configuration."""
    app = Flask(__name__)
    app.config.from_object(config or Config.from_environment())
    errors.register(app)
    database.register(app)
    app.register_blueprint(health.blueprint)
${model.auth ? '    app.register_blueprint(auth.blueprint)\n' : ''}${model.entities.length > 0 ? resources : ''}    return app
`;
}

function config(model: Model): string {
  if (!model.auth) {
    return `"""Configuration, read from the environment once at the start."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    """Settings of one application."""

    DATABASE: str = "data/app.db"
    MAX_CONTENT_LENGTH: int = 1024 * 1024

    @classmethod
    def from_environment(cls) -> Config:
        return cls(DATABASE=os.environ.get("DATABASE", cls.DATABASE))
`;
  }
  return `"""Configuration, read from the environment once at the start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field

MIN_SECRET_LENGTH = 32


@dataclass(frozen=True)
class Config:
    """Settings of one application."""

    DATABASE: str = "data/app.db"
    # Without a secret each instance makes up its own: tokens then end with the process.
    JWT_SECRET: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    JWT_SECONDS: int = ${model.auth.tokenSeconds}
    MAX_CONTENT_LENGTH: int = 1024 * 1024

    @classmethod
    def from_environment(cls) -> Config:
        settings = {
            "DATABASE": os.environ.get("DATABASE", cls.DATABASE),
            "JWT_SECONDS": int(os.environ.get("JWT_SECONDS", cls.JWT_SECONDS)),
        }
        secret = os.environ.get("JWT_SECRET", "")
        if secret:
            settings["JWT_SECRET"] = secret
        if os.environ.get("APP_ENV") == "production" and len(secret) < MIN_SECRET_LENGTH:
            raise RuntimeError(
                f"Set JWT_SECRET to at least {MIN_SECRET_LENGTH} characters in production."
            )
        return cls(**settings)
`;
}

const database = `"""One SQLite connection per request."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask, current_app, g


def register(app: Flask) -> None:
    """Create the tables and close each request's connection."""
    path = Path(app.config["DATABASE"])
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path)
    try:
        # Readers and the writer do not wait for each other.
        connection.execute("PRAGMA journal_mode = WAL")
        with app.open_resource("schema.sql") as schema:
            connection.executescript(schema.read().decode())
    finally:
        connection.close()
    app.teardown_appcontext(_close)


def connection() -> sqlite3.Connection:
    """The connection of the request being served."""
    if "connection" not in g:
        g.connection = _connect(Path(current_app.config["DATABASE"]))
    return g.connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _close(_error: BaseException | None) -> None:
    connection = g.pop("connection", None)
    if connection is not None:
        connection.close()
`;

const errors = (model: Model): string => `"""Errors of the API, and one shape in which every error is answered."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException


class ApiError(Exception):
    """An error that the client can do something about."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class InvalidInput(ApiError):
    status = ${model.invalidStatus}
    code = "invalid_input"

${
  model.auth
    ? `
class Unauthorized(ApiError):
    status = 401
    code = "unauthorized"

`
    : ''
}
class NotFound(ApiError):
    status = 404
    code = "not_found"


class Conflict(ApiError):
    status = 409
    code = "conflict"


def register(app: Flask) -> None:
    """Answer every error of \`app\` as JSON."""
    app.register_error_handler(ApiError, _answer_api_error)
    app.register_error_handler(HTTPException, _answer_http_error)


def _answer_api_error(error: ApiError):
    body = {"code": error.code, "message": error.message}
    if error.fields:
        body["fields"] = error.fields
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return {"error": body}, error.status, headers


def _answer_http_error(error: HTTPException):
    # Flask turns an uncaught exception into a 500 and logs it; its text stays inside.
    code = error.name.lower().replace(" ", "_")
    response = error.get_response()
    headers = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
    return {"error": {"code": code, "message": error.description}}, error.code, headers
`;

const payload = `"""Reading of request bodies."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from .errors import ApiError


def json_object() -> dict[str, Any]:
    """The request's body, which must be a JSON object."""
    try:
        body = request.get_json(force=True)
    except BadRequest as error:
        raise ApiError("The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise ApiError("The body must be a JSON object.")
    return body
`;

const health = `"""Tells load balancers and monitors that the service answers."""

from __future__ import annotations

from flask import Blueprint

from .database import connection

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health():
    connection().execute("SELECT 1")
    return {"status": "ok"}
`;
