import { groupOf } from '../../command-line/naming.ts';
import type { Model } from '../../model/model.ts';
import { constantOf } from './things-module.ts';

/** commands.py: what each command does. */
export const commandsModule = `"""The commands: each takes the store and what was asked, and gives what to print."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from .output import as_json, as_lines, as_table
from .store import Query, Store
from .thing import Thing


def add(store: Store, asked: Namespace) -> str:
    item = store.add(asked.thing, given(asked))
    return as_json(item) if asked.json else f"Added {asked.thing.name} {item['id']}."


def list_all(store: Store, asked: Namespace) -> str:
    query = Query(
        filters=given(asked),
        search=asked.search,
        sort=asked.sort,
        reverse=asked.reverse,
        limit=asked.limit,
        offset=asked.offset,
    )
    items = store.find(asked.thing, query)
    return as_json(items) if asked.json else as_table(asked.thing, items)


def show(store: Store, asked: Namespace) -> str:
    item = store.get(asked.thing, asked.id)
    return as_json(item) if asked.json else as_lines(item)


def update(store: Store, asked: Namespace) -> str:
    item = store.update(asked.thing, asked.id, given(asked))
    return as_json(item) if asked.json else f"Updated {asked.thing.name} {asked.id}."


def remove(store: Store, asked: Namespace) -> str:
    item = store.remove(asked.thing, asked.id)
    return as_json(item) if asked.json else f"Removed {asked.thing.name} {asked.id}."


def given(asked: Namespace) -> dict[str, Any]:
    """Values of the fields that were named."""
    thing: Thing = asked.thing
    named = vars(asked)
    return {
        field.key: named[destination]
        for field in thing.fields
        if (destination := f"field_{field.column}") in named
    }
`;

/** parser.py: the command line as argparse reads it. */
export function parserModule(model: Model): string {
  const [first] = model.entities;
  const isOne = model.entities.length === 1;
  const commands = isOne
    ? `    add_commands(parser, ${first ? constantOf(first) : ''})\n`
    : `    groups = parser.add_subparsers(title="what it keeps", metavar="THING", required=True)
${model.entities
  .map(
    (
      entity,
    ) => `    group = groups.add_parser("${groupOf(entity, model).join('')}", help="${entity.labels}", allow_abbrev=False)
    add_commands(group, ${constantOf(entity)})\n`,
  )
  .join('')}`;
  const names = model.entities.map(constantOf).toSorted().join(', ');
  return `"""The command line: commands, options, and what their words mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from . import NAME, __version__, commands
from .thing import Field, Thing
from .things import ${names}
from .values import clean, count, identity


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        told = message.removeprefix("argument ")
        self.exit(2, f"{NAME}: error: {told}\\nTry '{self.prog} --help'.\\n")


def build_parser() -> Parser:
    parser = Parser(prog=NAME, description="${model.title}.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
${commands}    return parser


def add_commands(parser: argparse.ArgumentParser, thing: Thing) -> None:
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def verb(name: str, run: Callable[..., str], told: str) -> argparse.ArgumentParser:
        command = verbs.add_parser(name, help=told, description=told, allow_abbrev=False)
        command.set_defaults(command=run, thing=thing)
        command.add_argument("--json", action="store_true", help="print JSON")
        command.add_argument("--data", metavar="FILE", help="where the data is kept")
        return command

    add = verb("add", commands.add, f"add: {thing.name}")
    add_fields(add, thing, required=True)
    listing = verb("list", commands.list_all, f"list {thing.plural}")
    add_fields(listing, thing, required=False)
    add_query(listing, thing)
    show = verb("show", commands.show, f"show one: {thing.name}")
    update = verb("update", commands.update, f"change fields of one: {thing.name}")
    add_fields(update, thing, required=False)
    remove = verb("remove", commands.remove, f"remove one: {thing.name}")
    for command in (show, update, remove):
        command.add_argument("id", type=identity, metavar="NUMBER")


def add_fields(parser: argparse.ArgumentParser, thing: Thing, *, required: bool) -> None:
    for field in thing.fields:
        told = field.kind.help.replace("%", "%%") or field.key.replace("_", " ")
        options: dict[str, Any] = {
            "dest": f"field_{field.column}",
            "default": argparse.SUPPRESS,
            "required": required and field.required and not field.kind.flag,
            "help": told,
        }
        if field.kind.flag:
            options["action"] = argparse.BooleanOptionalAction
        else:
            options["metavar"] = field.kind.metavar
            options["type"] = word_of(field)
            options["action"] = "append" if field.kind.many else "store"
        parser.add_argument(field.option, **options)


def word_of(field: Field) -> Callable[[str], Any]:
    """An empty word clears a field that may be empty."""

    def parse(word: str) -> Any:
        if word == "" and not field.required and not field.kind.many:
            return None
        return field.kind.parse(word)

    return parse


def add_query(parser: argparse.ArgumentParser, thing: Thing) -> None:
    sortable = {field.option.removeprefix("--"): field.key for field in thing.fields}

    def order(word: str) -> str:
        if word not in sortable:
            raise argparse.ArgumentTypeError(f"must be one of {', '.join(sortable)}")
        return sortable[word]

    parser.add_argument("--search", metavar="TEXT", type=clean, help="text that occurs")
    parser.add_argument("--sort", metavar="FIELD", type=order, help="order by a field")
    parser.add_argument("--reverse", action="store_true", help="last first")
    parser.add_argument("--limit", metavar="COUNT", type=count, help="at most so many")
    parser.add_argument("--offset", metavar="COUNT", type=count, default=0, help="skip so many")
`;
}
