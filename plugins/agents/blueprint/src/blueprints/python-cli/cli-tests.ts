import { groupOf } from '../../command-line/naming.ts';
import type { Model } from '../../model/model.ts';
import { pythonLiteral } from '../flask-api/python.ts';
import { packageOf } from './names.ts';

const list = (values: readonly string[]): string => pythonLiteral([...values]);

/** tests/test_cli.py: what the tool promises whatever it keeps. */
export function cliTests(model: Model): string {
  const [entity] = model.entities;
  const group = entity ? groupOf(entity, model) : [];
  const start = list([...group]).slice(1, -1);
  const words = (...more: string[]): string =>
    [start, ...more.map((word) => JSON.stringify(word))].filter(Boolean).join(', ');
  const name = packageOf(model);
  return `from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ${name} import NAME
from ${name}.cli import main
from ${name}.errors import ToolError
from ${name}.settings import VARIABLE, data_file


def test_help_and_version_end_with_0(capsys):
    for word, expected in (("--help", "usage:"), ("--version", NAME)):
        with pytest.raises(SystemExit) as end:
            main([word])
        assert end.value.code == 0
        assert expected in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["nothing"], [${words('list', '--nothing')}]])
def test_a_wrong_call_ends_with_2_and_one_line(capsys, words):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith(f"{NAME}: error: ")


def test_the_option_counts_before_the_environment():
    env = {VARIABLE: "from-env", "XDG_DATA_HOME": "/share"}
    assert data_file("from-option", env) == Path("from-option")
    assert data_file(None, env) == Path("from-env")
    del env[VARIABLE]
    assert data_file(None, env) == Path("/share") / NAME / "data.db"


def test_without_a_home_it_says_what_to_set(monkeypatch):
    def no_home(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", no_home)
    with pytest.raises(ToolError, match=VARIABLE):
        data_file(None, {})


def test_a_data_file_that_cannot_be_used_is_told(capsys, tmp_path):
    assert main([${words('list')}, "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"{NAME}: error: cannot use the data file")


def test_a_file_that_is_no_database_is_told_and_stays(tool, data):
    data.parent.mkdir()
    data.write_text("not a database, and longer than its header would be " * 20)
    assert tool(${words('list')}).code == 1
    assert data.read_text().startswith("not a database")


def test_it_runs_as_a_program(tmp_path):
    env = {**os.environ, VARIABLE: str(tmp_path / "test.db")}
    command = [sys.executable, "-m", "${name}", ${words('list', '--json')}]
    folder = Path(__file__).parent.parent
    ended = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "[]\\n")
`;
}
