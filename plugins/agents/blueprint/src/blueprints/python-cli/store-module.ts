/** store.py: things in SQLite. */
export const storeModule = `"""Things in an SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import NotFound, Taken
from .thing import Thing
from .things import THINGS


@dataclass(frozen=True)
class Query:
    """Which things, and in which order."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    search: str | None = None
    sort: str | None = None
    reverse: bool = False
    limit: int | None = None
    offset: int = 0


class Store:
    """Names in the SQL come from the things' fields, values are always bound."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=10)
        self._database.row_factory = sqlite3.Row
        with self._database:
            for thing in THINGS:
                self._database.execute(thing.create_table())

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, thing: Thing, values: Mapping[str, Any]) -> dict[str, Any]:
        row = thing.encode({item.key: item.default() for item in thing.fields} | dict(values))
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        sql = f'INSERT INTO "{thing.table}" ({names}) VALUES ({marks})'
        return self.get(thing, self._write(thing, sql, list(row.values())))

    def get(self, thing: Thing, number: int) -> dict[str, Any]:
        sql = f'SELECT * FROM "{thing.table}" WHERE "id" = ?'
        row = self._database.execute(sql, (number,)).fetchone()
        if row is None:
            raise NotFound(f"there is no {thing.name} {number}")
        return thing.decode(row)

    def find(self, thing: Thing, query: Query) -> list[dict[str, Any]]:
        columns = {item.key: item.column for item in thing.fields}
        conditions = [f'"{column}" IS ?' for column in thing.encode(query.filters)]
        values = list(thing.encode(query.filters).values())
        if query.search is not None:
            searched = [item.column for item in thing.fields if item.kind.searchable]
            parts = [f'instr(lower("{name}"), lower(?)) > 0' for name in searched]
            conditions.append(f"({' OR '.join(parts) or '0'})")
            values += [query.search] * len(searched)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        direction = "DESC" if query.reverse else "ASC"
        order = f'"{columns[query.sort]}" COLLATE NOCASE {direction}, ' if query.sort else ""
        sql = (
            f'SELECT * FROM "{thing.table}"{where}'
            f' ORDER BY {order}"id" {direction} LIMIT ? OFFSET ?'
        )
        limit = -1 if query.limit is None else query.limit
        rows = self._database.execute(sql, [*values, limit, query.offset])
        return [thing.decode(row) for row in rows]

    def update(self, thing: Thing, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
        self.get(thing, number)
        row = thing.encode(values)
        if row:
            names = ", ".join(f'"{name}" = ?' for name in row)
            sql = f'UPDATE "{thing.table}" SET {names} WHERE "id" = ?'
            self._write(thing, sql, [*row.values(), number])
        return self.get(thing, number)

    def remove(self, thing: Thing, number: int) -> dict[str, Any]:
        removed = self.get(thing, number)
        self._write(thing, f'DELETE FROM "{thing.table}" WHERE "id" = ?', [number])
        return removed

    def _write(self, thing: Thing, sql: str, values: list[Any]) -> int:
        try:
            with self._database:
                return self._database.execute(sql, values).lastrowid or 0
        except sqlite3.IntegrityError as error:
            column = str(error).rsplit(".", 1)[-1]
            taken = [item for item in thing.fields if item.unique and item.column == column]
            if not taken:
                raise
            raise Taken(f"{taken[0].option}: is taken already") from error
`;
