import type { Auth, Model, ProjectFile } from '../../model/model.ts';
import { entityTests } from './entity-tests.ts';

/** The project's own tests: the real application on a database of its own. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'tests/__init__.py', content: '' },
    { path: 'tests/conftest.py', content: conftest(model) },
    { path: 'tests/test_health.py', content: healthTests },
    ...(model.auth
      ? [
          { path: 'tests/test_auth.py', content: authTests(model.auth, model) },
          { path: 'tests/test_passwords.py', content: passwordTests(model.auth) },
        ]
      : []),
    ...model.entities.map((entity) => ({
      path: `tests/test_${entity.plural}.py`,
      content: entityTests(entity, model),
    })),
  ];
}

/** Ids of the tests, as pytest names them; without brackets an id stands for all cases of a parametrised test. */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/^def (test_\w+)\(/gm)].map((match) => `${path}::${match[1]}`),
  );
}

const conftest = (model: Model): string => `from __future__ import annotations

import pytest

from app import create_app
from app.config import Config


@pytest.fixture
def config(tmp_path):
    return Config(DATABASE=str(tmp_path / "test.db"))


@pytest.fixture
def app(config):
    return create_app(config)


@pytest.fixture
def client(app):
    return app.test_client()
${model.auth ? accountFixture(model.auth) : ''}`;

export const password = 'correct horse battery';

const accountFixture = (auth: Auth): string => `

@pytest.fixture
def credentials():
    return {"${auth.login}": "${accountName(auth)}", "password": "${password}"}


@pytest.fixture
def headers(client, credentials):
    """Headers of somebody who is logged in."""
    client.post("${auth.path}/register", json=credentials)
    answer = client.post("${auth.path}/login", json=credentials)
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


@pytest.fixture
def member(app, headers):
    """A client that is logged in."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = headers["Authorization"]
    return client
`;

export const accountName = (auth: Auth): string => (auth.login === 'email' ? 'ada@example.com' : 'ada');

const healthTests = `def test_health_answers_ok(client):
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


def test_unknown_route_is_answered_as_json(client):
    answer = client.get("/no-such-route")
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"


def test_wrong_method_is_answered_as_json(client):
    answer = client.delete("/health")
    assert answer.status_code == 405
    assert answer.json["error"]["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]
`;

// In a file of its own: it is a check, and what the other tests execute says nothing about it.
const passwordTests = (auth: Auth): string => `from __future__ import annotations

import sqlite3


def test_password_is_stored_as_a_hash(client, config, credentials):
    client.post("${auth.path}/register", json=credentials)
    connection = sqlite3.connect(config.DATABASE)
    stored = [row[0] for row in connection.execute("SELECT password_hash FROM auth_accounts")]
    connection.close()
    assert len(stored) == 1
    assert all(credentials["password"] not in each for each in stored)
    assert all(each.startswith(("pbkdf2:", "scrypt:")) for each in stored)
`;

const authTests = (auth: Auth, model: Model): string => `from __future__ import annotations

import dataclasses

import pytest

from app import create_app
from app.config import Config


def test_register_creates_an_account_and_hides_the_password(client, credentials):
    answer = client.post("${auth.path}/register", json=credentials)
    assert answer.status_code == 201
    assert answer.json["${auth.login}"] == credentials["${auth.login}"]
    assert "password" not in answer.get_data(as_text=True)


def test_register_refuses_a_second_account_of_the_same_name(client, credentials):
    client.post("${auth.path}/register", json=credentials)
    assert client.post("${auth.path}/register", json=credentials).status_code == 409


def test_register_refuses_a_short_password(client, credentials):
    answer = client.post("${auth.path}/register", json={**credentials, "password": "short"})
    assert answer.status_code == ${model.invalidStatus}
    assert "password" in answer.json["error"]["fields"]


def test_login_gives_a_token_that_is_accepted(client, headers, credentials):
    answer = client.get("${auth.path}/me", headers=headers)
    assert answer.status_code == 200
    assert answer.json["${auth.login}"] == credentials["${auth.login}"]


def test_login_refuses_a_wrong_password(client, credentials):
    client.post("${auth.path}/register", json=credentials)
    answer = client.post("${auth.path}/login", json={**credentials, "password": "wrong"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_login_refuses_an_unknown_account(client, credentials):
    assert client.post("${auth.path}/login", json=credentials).status_code == 401


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_a_request_without_a_valid_token_is_refused(client, value):
    answer = client.get("${auth.path}/me", headers={"Authorization": value})
    assert answer.status_code == 401


def test_a_token_of_another_secret_is_refused(client, config, credentials, headers):
    other = create_app(dataclasses.replace(config, JWT_SECRET="another" * 10))
    assert other.test_client().get("${auth.path}/me", headers=headers).status_code == 401


def test_an_expired_token_is_refused(config, credentials):
    client = create_app(dataclasses.replace(config, JWT_SECONDS=-1)).test_client()
    client.post("${auth.path}/register", json=credentials)
    token = client.post("${auth.path}/login", json=credentials).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("${auth.path}/me", headers=headers).status_code == 401


def test_production_needs_a_secret(monkeypatch):
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.delenv("JWT_SECRET", raising=False)
    with pytest.raises(RuntimeError, match="JWT_SECRET"):
        Config.from_environment()
`;
