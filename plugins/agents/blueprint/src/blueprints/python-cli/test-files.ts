import { groupOf, optionOf } from '../../command-line/naming.ts';
import { optionFor, optionsFor } from '../../command-line/session.ts';
import { filterable } from '../../model/filterable.ts';
import { textual, type Entity, type Field, type Model, type ProjectFile } from '../../model/model.ts';
import { invalidSamples, sampleBody, textOf } from '../../model/samples.ts';
import { pythonLiteral } from '../flask-api/python.ts';
import { cliTests } from './cli-tests.ts';
import { packageOf } from './names.ts';

/** The project's own tests: the real tool, called with arguments, on a data file of its own. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'tests/__init__.py', content: '' },
    { path: 'tests/conftest.py', content: conftest(model) },
    { path: 'tests/test_cli.py', content: cliTests(model) },
    ...model.entities.map((entity) => ({
      path: `tests/test_${entity.plural}.py`,
      content: thingTests(entity, model),
    })),
  ];
}

const list = (values: readonly string[]): string => pythonLiteral([...values]);

const conftest = (model: Model): string => `from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from ${packageOf(model)}.cli import main


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "deep" / "test.db"


@pytest.fixture
def tool(capsys, data):
    """Calls the tool; argparse ends it where it is called wrongly."""

    def call(*words: str) -> Answer:
        capsys.readouterr()
        try:
            code = main([*words, "--data", str(data)])
        except SystemExit as end:
            code = int(end.code or 0)
        return Answer(code, *capsys.readouterr())

    return call
`;

function thingTests(entity: Entity, model: Model): string {
  const words = (...more: string[]): string =>
    [...groupOf(entity, model), ...more].map((word) => JSON.stringify(word)).join(', ');
  const about: About = { entity, words };
  return [
    head(entity, words('add', '--json')),
    basics(about),
    finding(about),
    changing(about),
    refusing(about),
    ...entity.fields.filter(({ unique }) => unique).map((field) => uniqueness(about, field)),
  ].join('\n\n');
}

interface About {
  readonly entity: Entity;
  readonly words: (...more: string[]) => string;
}

const head = (entity: Entity, add: string): string => `from __future__ import annotations

import pytest

FIRST = ${pythonLiteral(sampleBody(entity, 1))}
SECOND = ${pythonLiteral(sampleBody(entity, 2))}
FIRST_WORDS = ${words(optionsFor(entity, sampleBody(entity, 1)))}
SECOND_WORDS = ${words(optionsFor(entity, sampleBody(entity, 2)))}


@pytest.fixture
def first(tool):
    return tool(${add}, *FIRST_WORDS).json


@pytest.fixture
def both(tool, first):
    return [first, tool(${add}, *SECOND_WORDS).json]
`;

/** A list over lines where it is long. */
function words(values: readonly string[]): string {
  const line = list(values);
  return line.length <= 70 ? line : `[\n${values.map((value) => `    ${JSON.stringify(value)},\n`).join('')}]`;
}

const basics = ({
  entity: { singular, plural },
  words: w,
}: About): string => `def test_add_${singular}_prints_what_is_stored(tool, first):
    assert first == {"id": 1, **FIRST}
    assert tool(${w('show', '1', '--json')}).json == first


def test_list_${plural}(tool, both):
    assert tool(${w('list', '--json')}).json == both
    assert tool(${w('list', '--json', '--limit', '1', '--offset', '1')}).json == both[1:]


def test_people_get_aligned_text(tool):
    assert tool(${w('list')}).out.startswith("No ")
    assert tool(${w('add')}, *FIRST_WORDS).out.startswith("Added ")
    lines = tool(${w('list')}).out.splitlines()
    assert lines[0].startswith("ID")
    assert lines[1].startswith("1 ")
    assert "id:" in tool(${w('show', '1')}).out


def test_an_unknown_${singular}_is_told(tool):
    for words in (["show"], ["update"], ["remove"]):
        answer = tool(${w().length > 0 ? `${w()}, ` : ''}*words, "987654321")
        assert answer.code == 1
        assert "there is no" in answer.err
`;

function finding({ entity, words: w }: About): string {
  const { plural, fields } = entity;
  const field = fields.find((item) => filterable([{ ...item, key: '' }]));
  const searched = fields.find((item) => textual.includes(item.type) && filterable([{ ...item, key: '' }]));
  const filter = field
    ? `def test_list_${plural}_by_field(tool, both):
    words = ${list(optionFor(field, sampleBody(entity, 1)[field.key] ?? null))}
    assert tool(${w('list', '--json')}, *words).json == both[:1]


def test_list_${plural}_in_order(tool, both):
    upwards = tool(${w('list', '--json', '--sort', optionOf(field))}).json
    downwards = tool(${w('list', '--json', '--sort', optionOf(field), '--reverse')}).json
    assert len(upwards) == 2
    assert downwards == list(reversed(upwards))


`
    : '';
  const search = searched
    ? `def test_search_${plural}(tool, both):
    text = FIRST["${searched.key}"].upper()
    assert tool(${w('list', '--json')}, "--search", text).json == both[:1]
    assert tool(${w('list', '--json', '--search', 'nowhere at all')}).json == []


`
    : '';
  return `${filter}${search}@pytest.mark.parametrize("words", [["--sort", "x"], ["--limit", "-1"], ["--offset", "x"]])
def test_list_${plural}_refuses_what_makes_no_sense(tool, words):
    assert tool(${w('list')}, *words).code == 2
`;
}

function changing({ entity, words: w }: About): string {
  const { singular, fields } = entity;
  const field = fields.find(({ unique }) => !unique) ?? fields[0];
  const change = field ? optionFor(field, sampleBody(entity, 2)[field.key] ?? null) : [];
  const clearable = fields.find((item) => !item.required && !['boolean', 'list'].includes(item.type));
  return `def test_update_${singular}_keeps_what_is_not_named(tool, first):
    changed = {**first, "${field?.key}": SECOND["${field?.key}"]}
    assert tool(${w('update', '1', '--json', ...change)}).json == changed
    assert tool(${w('show', '1', '--json')}).json == changed
${
  clearable
    ? `

def test_an_empty_value_clears(tool, first):
    answer = tool(${w('update', '1', '--json', `--${optionOf(clearable)}`, '')})
    assert answer.json == {**first, "${clearable.key}": None}
`
    : ''
}

def test_remove_${singular}(tool, both):
    assert tool(${w('remove', '1')}).code == 0
    assert tool(${w('list', '--json')}).json == both[1:]
    assert tool(${w('remove', '1')}).code == 1
`;
}

function refusing({ entity, words: w }: About): string {
  const { singular, fields } = entity;
  const cases = fields
    .filter(({ type }) => type !== 'boolean' && type !== 'list')
    .flatMap((field) =>
      invalidSamples(field)
        .filter(({ value }) => typeof value === 'string' || !textual.includes(field.type))
        .map(({ value }) => `("--${optionOf(field)}", ${compact(textOf(value))})`),
    );
  const required = fields.filter((field) => field.required && field.type !== 'boolean');
  const parts = [
    ...(cases.length > 0
      ? [
          `@pytest.mark.parametrize(
    ("option", "word"),
    [
${cases.map((item) => `        ${item},\n`).join('')}    ],
)
def test_an_invalid_${singular}_is_refused(tool, option, word):
    answer = tool(${w('add')}, *FIRST_WORDS, f"{option}={word}")
    assert answer.code == 2
    assert f"error: {option}" in answer.err
    assert tool(${w('list', '--json')}).json == []
`,
        ]
      : []),
    ...(required.length > 0
      ? [
          `@pytest.mark.parametrize("option", ${list(required.map((field) => `--${optionOf(field)}`))})
def test_a_${singular}_needs_its_required_fields(tool, option):
    at = FIRST_WORDS.index(option)
    answer = tool(${w('add')}, *FIRST_WORDS[:at], *FIRST_WORDS[at + 2 :])
    assert answer.code == 2
    assert option in answer.err
`,
        ]
      : []),
    `@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
def test_what_is_no_number_of_a_${singular}_is_refused(tool, number):
    assert tool(${w('show')}, number).code == 2
`,
  ];
  return parts.join('\n\n');
}

/** Long runs of one letter read better as an expression. */
function compact(text: string): string {
  return /^x{30,}$/.test(text) ? `"x" * ${text.length}` : JSON.stringify(text);
}

const uniqueness = (
  { entity, words: w }: About,
  field: Field,
): string => `def test_${field.name}_of_${entity.singular}_is_unique(tool, both):
    answer = tool(${w('update', '2')}, f"--${optionOf(field)}={FIRST['${field.key}']}")
    assert answer.code == 1
    assert "--${optionOf(field)}: is taken already" in answer.err
`;
