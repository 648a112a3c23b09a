"""Puts rows back into a catalogue as the WARC tells them (`archive.journal`): the last word on each row holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from . import journal
from .journal import Shape
from .notes import Rows

EVENT, CAPTURE = "event", "capture"


class Replay:
    """Rows put back in the order in which they are taken. Call it inside `journal.unwatched`.

    `events` is what was told of events, by id, with their columns: the build makes them, and `history` then gives them the numbers
    that they had. `strange`: tables and columns that this catalogue does not have.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self.shapes = journal.shapes(db)
        self.events: dict[str, dict[str, Any]] = {}
        self.strange: set[str] = set()
        self.taken = 0
        self._sql: dict[tuple[str, tuple[str, ...]], str] = {}
        self._later: dict[tuple[str, str, str], tuple[Sequence[Any], Sequence[Any]]] = {}

    def take(self, told: Rows, but: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Put back what one record tells, but for rows of these tables and keys."""
        for table in told.rows.keys() | told.gone.keys():
            if table not in self.shapes:
                self.strange.add(table)
        for table, shape in self.shapes.items():
            columns, rows = told.rows.get(table, ((), ()))
            for row in rows:
                key: Sequence[Any] = [row[columns.index(name)] for name in shape.key]
                if (table, _json(key)) not in but:
                    self._put(shape, columns, row, key)
                    self.taken += 1
        for table, shape in reversed(self.shapes.items()):
            for key in told.gone.get(table, ()):
                if (table, _json(key)) not in but:
                    self._remove(shape, key)

    def finish(self) -> None:
        """Let rows point at those that were told after them."""
        for (table, column, _), (key, meant) in self._later.items():
            shape = self.shapes[table]
            target = self.shapes[shape.told.points[column]]
            where, values = shape.where(key)
            there, parts = target.where(meant)
            self.db.execute(
                f"update {table} set {column} = (select {target.told.local} from {target.name} where {there}) where {where}",
                [*parts, *values],
            )
        self._later.clear()

    def _put(self, shape: Shape, columns: Sequence[str], row: Sequence[Any], key: Sequence[Any]) -> None:
        known = tuple(name for name in columns if name in shape.columns)
        self.strange |= {f"{shape.name}.{name}" for name in columns if name not in known}
        said = dict(zip(columns, row, strict=True))
        if shape.name == EVENT:
            self.events[str(key[0])] = {name: said[name] for name in known}
            return
        values: list[Any] = []
        for name in known:
            if name in shape.told.points:
                values += self._meant(shape, name, key, said[name])
            else:
                values += shape.values([name], [said[name]])
        if shape.name == CAPTURE:
            values += [said["id"], said["url"]]
        self.db.execute(self._statement(shape, known), values)

    def _meant(self, shape: Shape, column: str, key: Sequence[Any], meant: Sequence[Any] | None) -> list[Any]:
        """The key of the row that a column points at; where that row is still to come, it is looked for in the end."""
        target = self.shapes[shape.told.points[column]]
        mark = (shape.name, column, _json(key))
        self._later.pop(mark, None)
        if meant is None:
            return [None] * len(target.key)
        where, values = target.where(meant)
        if next(self.db.query(f"select 1 from {target.name} where {where}", values), None) is None:
            self._later[mark] = (key, meant)
        return values

    def _statement(self, shape: Shape, known: tuple[str, ...]) -> str:
        if (shape.name, known) not in self._sql:
            self._sql[shape.name, known] = self._written(shape, known)
        return self._sql[shape.name, known]

    def _written(self, shape: Shape, known: tuple[str, ...]) -> str:
        cells = [self._cell(shape, name) for name in known]
        if shape.name == CAPTURE:
            pairs = ", ".join(f"{name} = {cell}" for name, cell in zip(known, cells, strict=True))
            return f"update capture set {pairs} where id = ? and url = ?"
        renew = ", ".join(f"{name} = excluded.{name}" for name in known if name not in shape.key)
        return (
            f"insert into {shape.name} ({', '.join(known)}) values ({', '.join(cells)}) on conflict ({', '.join(shape.key)}) "
            + (f"do update set {renew}" if renew else "do nothing")
        )

    def _cell(self, shape: Shape, column: str) -> str:
        if column not in shape.told.points:
            return "?"
        target = self.shapes[shape.told.points[column]]
        return f"(select {target.told.local} from {target.name} where {' and '.join(f'{name} = ?' for name in target.key)})"

    def _remove(self, shape: Shape, key: Sequence[Any]) -> None:
        if shape.name == EVENT:
            self.events.pop(str(key[0]), None)
        elif shape.name != CAPTURE:
            where, values = shape.where(key)
            self.db.execute(f"delete from {shape.name} where {where}", values)
            self._later = {
                mark: each for mark, each in self._later.items() if mark[0] != shape.name or mark[2] != _json(key)
            }


def redo(db: Database, told: Sequence[Rows]) -> int:
    """After a kill: put back what was told and whose transaction did not end, but for rows that changed since. How many."""
    changed = frozenset((str(row["tab"]), str(row["key"])) for row in db.query("select tab, key from untold"))
    with db.atomic(), journal.unwatched(db):
        replay = Replay(db)
        for rows in told:
            replay.take(rows, changed)
        replay.finish()
    return replay.taken


def _json(key: Sequence[Any]) -> str:
    return json.dumps(key, separators=(",", ":"), ensure_ascii=False)
