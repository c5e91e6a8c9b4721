import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { invalidSamples, sampleBody } from '../../model/samples.ts';
import { pythonLiteral } from './python.ts';

/** tests/test_<entities>.py: what a client notices, through the real application. */
export function entityTests(entity: Entity, model: Model): string {
  const client = model.auth ? 'member' : 'client';
  const parts = [
    head(entity, client),
    createAndRead(entity, client),
    lists(entity, model, client),
    changes(entity, client),
    removal(entity, client),
    refusals(entity, model, client),
    ...entity.fields.filter((field) => field.unique).map((field) => uniqueness(entity, field, client)),
    persistence(entity, model),
    ...(model.auth ? [protection(entity)] : []),
  ];
  return parts.join('\n\n');
}

const head = (entity: Entity, client: string): string => `from __future__ import annotations

import pytest

from app import create_app

FIRST = ${pythonLiteral(sampleBody(entity, 1))}
SECOND = ${pythonLiteral(sampleBody(entity, 2))}


@pytest.fixture
def created(${client}):
    return ${client}.post("${entity.path}", json=FIRST).json
`;

const createAndRead = (
  { path, singular }: Entity,
  client: string,
): string => `def test_create_${singular}_answers_what_was_stored(${client}):
    answer = ${client}.post("${path}", json=FIRST)
    assert answer.status_code == 201
    assert answer.json == {"id": answer.json["id"], **FIRST}
    assert ${client}.get(answer.headers["Location"]).json == answer.json


def test_read_${singular}_by_id(${client}, created):
    answer = ${client}.get(f"${path}/{created['id']}")
    assert answer.status_code == 200
    assert answer.json == created


def test_unknown_${singular}_is_not_found(${client}):
    for number in (987654321, 10**30):
        answer = ${client}.get(f"${path}/{number}")
        assert answer.status_code == 404
        assert answer.json["error"]["code"] == "not_found"
`;

function lists({ path, plural, fields }: Entity, model: Model, client: string): string {
  const filter = filterable(fields);
  const searched = fields.find((field) => textual.includes(field.type) && filterable([field]));
  return `@pytest.fixture
def both(${client}):
    return [${client}.post("${path}", json=body).json for body in (FIRST, SECOND)]


def test_list_${plural}_in_pages(${client}, both):
    answer = ${client}.get("${path}?limit=1&offset=1")
    assert answer.status_code == 200
    assert answer.json == {"items": [both[1]], "total": 2, "limit": 1, "offset": 1}
${
  filter
    ? `

def test_list_${plural}_in_order(${client}, both):
    upwards = ${client}.get("${path}?sort=${filter.key}").json["items"]
    downwards = ${client}.get("${path}?sort=-${filter.key}").json["items"]
    assert len(upwards) == 2
    assert downwards == list(reversed(upwards))
`
    : ''
}${
    filter
      ? `

def test_list_${plural}_by_field(${client}, both):
    answer = ${client}.get("${path}", query_string={"${filter.key}": ${filter.type === 'boolean' ? '"true"' : `FIRST["${filter.key}"]`}})
    assert answer.json["items"] == [both[0]]
`
      : ''
  }${
    searched
      ? `

def test_search_${plural}(${client}, both):
    answer = ${client}.get("${path}", query_string={"q": FIRST["${searched.key}"].upper()})
    assert answer.json["items"] == [both[0]]
`
      : ''
  }

@pytest.mark.parametrize("query", ["limit=many", "offset=-1", "sort=nothing", "nothing=1"])
def test_list_${plural}_refuses_an_unknown_query(${client}, query):
    assert ${client}.get(f"${path}?{query}").status_code == ${model.invalidStatus}
`;
}

const changes = (
  { path, singular, fields }: Entity,
  client: string,
): string => `def test_replace_${singular}(${client}, created):
    answer = ${client}.put(f"${path}/{created['id']}", json=SECOND)
    assert answer.status_code == 200
    assert answer.json == {"id": created["id"], **SECOND}
    assert ${client}.get(f"${path}/{created['id']}").json == answer.json


def test_change_${singular}_keeps_what_is_not_named(${client}, created):
    body = {"${fields[0]?.key}": SECOND["${fields[0]?.key}"]}
    answer = ${client}.patch(f"${path}/{created['id']}", json=body)
    assert answer.status_code == 200
    assert answer.json == {**created, **body}


def test_change_of_an_unknown_${singular}_is_not_found(${client}):
    assert ${client}.put("${path}/987654321", json=SECOND).status_code == 404
    assert ${client}.patch("${path}/987654321", json={}).status_code == 404
`;

const removal = (
  { path, singular }: Entity,
  client: string,
): string => `def test_delete_${singular}(${client}, created):
    assert ${client}.delete(f"${path}/{created['id']}").status_code == 204
    assert ${client}.get(f"${path}/{created['id']}").status_code == 404
    assert ${client}.delete(f"${path}/{created['id']}").status_code == 404
`;

function refusals({ path, singular, fields }: Entity, model: Model, client: string): string {
  const cases = fields.flatMap((field) =>
    invalidSamples(field).map(({ value }) => `("${field.key}", ${compact(pythonLiteral(value))})`),
  );
  const required = fields.filter((field) => field.required);
  return `@pytest.mark.parametrize(
    ("name", "value"),
    [
${cases.map((item) => `        ${item},\n`).join('')}    ],
)
def test_invalid_${singular}_is_refused(${client}, name, value):
    answer = ${client}.post("${path}", json={**FIRST, name: value})
    assert answer.status_code == ${model.invalidStatus}
    assert list(answer.json["error"]["fields"]) == [name]
${
  required.length > 0
    ? `

@pytest.mark.parametrize("name", [${required.map((field) => `"${field.key}"`).join(', ')}])
def test_${singular}_needs_its_required_fields(${client}, name):
    body = {key: value for key, value in FIRST.items() if key != name}
    answer = ${client}.post("${path}", json=body)
    assert answer.status_code == ${model.invalidStatus}
    assert answer.json["error"]["fields"] == {name: "is required"}
`
    : ''
}

def test_unknown_field_of_${singular}_is_refused(${client}):
    answer = ${client}.post("${path}", json={**FIRST, "no_such_field": 1})
    assert answer.status_code == ${model.invalidStatus}


@pytest.mark.parametrize("body", ["{", "[]", '"text"', ""])
def test_a_body_that_is_no_object_is_refused(${client}, body):
    answer = ${client}.post("${path}", data=body, content_type="application/json")
    assert answer.status_code == 400
`;
}

/** Long runs of one letter read better as an expression. */
function compact(literal: string): string {
  const length = /^"(x{30,})"$/.exec(literal)?.[1]?.length;
  return length === undefined ? literal : `"x" * ${length}`;
}

const uniqueness = (
  { path, singular }: Entity,
  field: Field,
  client: string,
): string => `def test_${field.name}_of_${singular}_is_unique(${client}, created):
    answer = ${client}.post("${path}", json={**SECOND, "${field.key}": created["${field.key}"]})
    assert answer.status_code == 409
    assert answer.json["error"]["fields"] == {"${field.key}": "must be unique"}
`;

const persistence = (
  { path, plural }: Entity,
  model: Model,
): string => `def test_${plural}_survive_a_restart(${model.auth ? 'config, created, headers' : 'config, created'}):
    again = create_app(config).test_client()
    answer = again.get(f"${path}/{created['id']}"${model.auth ? ', headers=headers' : ''})
    assert answer.json == created
`;

const protection = ({ path, plural }: Entity): string => `def test_${plural}_need_a_token(client):
    assert client.get("${path}").status_code == 401
    assert client.post("${path}", json=FIRST).status_code == 401
    for method in (client.get, client.put, client.patch, client.delete):
        assert method("${path}/1").status_code == 401
`;
