import { dataVariable } from '../../command-line/naming.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { commandsModule, parserModule } from './command-modules.ts';
import { packageOf } from './names.ts';
import { storeModule } from './store-module.ts';
import { thingModule, thingsModule } from './things-module.ts';
import { valuesModule } from './values-module.ts';

/** The package: entry, settings, parser, commands, store, and what is kept. */
export function codeFiles(model: Model): ProjectFile[] {
  const folder = packageOf(model);
  const files: Readonly<Record<string, string>> = {
    '__init__.py': `"""${model.title}: a command line tool."""\n\nNAME = "${model.slug}"\n__version__ = "0.1.0"\n`,
    '__main__.py': 'import sys\n\nfrom .cli import main\n\nsys.exit(main())\n',
    'cli.py': cli,
    'commands.py': commandsModule,
    'errors.py': errors,
    'output.py': output,
    'parser.py': parserModule(model),
    'settings.py': settings(model),
    'store.py': storeModule,
    'thing.py': thingModule,
    'things.py': thingsModule(model),
    'values.py': valuesModule(model),
  };
  return Object.entries(files).map(([name, content]) => ({ path: `${folder}/${name}`, content }));
}

const cli = `"""The tool as a whole: arguments in, exit code out."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence

from . import NAME
from .errors import ToolError
from .parser import build_parser
from .settings import data_file
from .store import Store


def main(argv: Sequence[str] | None = None) -> int:
    """0: done. 1: could not be done. 2: called wrongly (argparse ends with it)."""
    arguments = build_parser().parse_args(argv)
    try:
        print(run(arguments), flush=True)
    except ToolError as error:
        print(f"{NAME}: error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output has enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0


def run(arguments) -> str:
    path = data_file(arguments.data)
    try:
        with Store(path) as store:
            return arguments.command(store, arguments)
    except (OSError, sqlite3.Error) as error:
        raise ToolError(f"cannot use the data file {path}: {error}") from error
`;

const errors = `"""What can go wrong that is told in one line, and is no bug."""


class ToolError(Exception):
    """Its text is for the person who called the tool."""


class NotFound(ToolError):
    pass


class Taken(ToolError):
    pass
`;

const output = `"""What is printed: JSON for programs, aligned text for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .thing import Thing


def as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def as_table(thing: Thing, items: Sequence[dict[str, Any]]) -> str:
    if not items:
        return f"No {thing.plural}."
    rows = [[name.upper() for name in items[0]]]
    rows += [[shown(value) for value in item.values()] for item in items]
    return aligned(rows)


def as_lines(item: dict[str, Any]) -> str:
    return aligned([f"{key}:", shown(value)] for key, value in item.items())


def shown(value: Any) -> str:
    """One line that a terminal cannot take for commands."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in text)


def aligned(lines: Iterable[Sequence[str]]) -> str:
    rows = list(lines)
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows
    )
    return "\\n".join(line.rstrip() for line in padded)
`;

const settings = (model: Model): string => `"""Where the data is kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from . import NAME
from .errors import ToolError

VARIABLE = "${dataVariable(model)}"


def data_file(option: str | None, env: Mapping[str, str] = os.environ) -> Path:
    """The option, else the environment, else a place of the tool's own."""
    named = option or env.get(VARIABLE)
    if named:
        return Path(named)
    try:
        home = Path(env.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    except RuntimeError as error:
        raise ToolError(f"no home folder: set {VARIABLE} or use --data") from error
    return home / NAME / "data.db"
`;
