"""The rows that no response holds (portals, the frontier, readings, what people entered), told to the WARC as they change.

Triggers write the natural key of every changed row to the table `untold`, in the transaction that changes it. `tell` writes
the rows as they are by then into a `metadata` record (`archive.notes`), before that transaction ends: so the WARC is never
behind what a crawl has done, and replaying the records in their order (`archive.replaying`) gives the same rows. Row numbers
are local; a column that holds one is told as the natural key of the row that is meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from .notes import Rows

CHUNK = 5_000  # rows in one record: it is made and read in memory


@dataclass(frozen=True, slots=True)
class Told:
    """How a table is told. `key`: where it is not the primary key. `when`: which rows, in SQL over `new`.

    `columns`: which columns beside the key, where not all. `local`: a row number that is not told. `points`: columns that hold
    row numbers, with the table that they number.
    """

    key: tuple[str, ...] = ()
    when: str = ""
    columns: tuple[str, ...] = ()
    local: str = ""
    points: Mapping[str, str] = field(default_factory=dict)


# In the order in which they can be put back: what is referred to comes first. `capture` and `event` are made by the records and
# by the build; what is told of them is what these two cannot say.
TABLES: Mapping[str, Told] = {
    "portal": Told(),
    "column_page": Told(),
    "unit": Told(),
    "alias": Told(),
    "roster": Told(),
    "renaming": Told(),
    "deadline": Told(),
    "decision": Told(),
    "verdict": Told(),
    "url": Told(key=("fingerprint", "spider", "portal"), local="id", points={"found_on": "url"}),
    "link": Told(),
    "column_check": Told(),
    "failure": Told(when="new.subject like 'http%'"),  # of addresses; those of documents are made by the build
    "rejected": Told(),
    "listed": Told(),
    "reading": Told(),
    "portal_round": Told(),
    "portal_state": Told(),
    "not_now": Told(),
    "run": Told(),
    "bookmark": Told(),
    "capture": Told(
        when="(new.row is not null or new.refused <> '' or new.type = 'resource')",
        columns=("url", "row", "refused", "round", "status"),
        points={"row": "url"},
    ),
    "event": Told(key=("id",)),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A told table as it is in this catalogue: its key, and all columns that are told, those of the key among them."""

    name: str
    told: Told
    key: tuple[str, ...]
    columns: tuple[str, ...]
    blobs: frozenset[str]

    def key_of(self, row: str) -> str:
        """The key of a row by the name `row`, as SQL that gives JSON."""
        return f"json_array({', '.join(f'hex({row}.{name})' if name in self.blobs else f'{row}.{name}' for name in self.key)})"

    def where(self, key: Sequence[Any]) -> tuple[str, list[Any]]:
        """The row with a key, as SQL with its values."""
        return " and ".join(f"{name} = ?" for name in self.key), self.values(self.key, key)

    def values(self, names: Sequence[str], told: Sequence[Any]) -> list[Any]:
        """Values as they are stored, of values as they are told: blobs are told in hexadecimal."""
        return [
            bytes.fromhex(value) if name in self.blobs and value else value
            for name, value in zip(names, told, strict=True)
        ]


def shapes(db: Database) -> dict[str, Shape]:
    """The told tables that this catalogue has."""
    found = {}
    for name, told in TABLES.items():
        about = list(db.query(f"select name, type, pk from pragma_table_info('{name}') order by cid"))
        if about:
            primary = sorted((row for row in about if row["pk"]), key=lambda row: int(row["pk"]))
            key = told.key or tuple(str(row["name"]) for row in primary)
            every = tuple(str(row["name"]) for row in about if row["name"] != told.local)
            columns = (*key, *told.columns) if told.columns else every
            blobs = frozenset(str(row["name"]) for row in about if row["type"].lower() == "blob")
            found[name] = Shape(name, told, key, columns, blobs)
    return found


def watch(db: Database) -> None:
    """Let every change of a told table be noted from now on; of a table that was not watched, every row is untold."""
    known = shapes(db)
    wanted = {name: sql for shape in known.values() for name, sql in _triggers(shape).items()}
    made = "select name, sql from sqlite_master where type = 'trigger' and substr(name, 1, 7) = 'untold_'"
    if {row["name"]: row["sql"] for row in db.query(made)} == wanted:
        return
    with db.atomic():
        have = {row["name"] for row in list(db.query(made))}
        for name in have:
            db.execute(f"drop trigger {name}")
        for shape in known.values():
            if f"untold_{shape.name}_insert" not in have:
                tell_again(db, shape)
        for sql in wanted.values():
            db.execute(sql)


def tell_again(db: Database, shape: Shape) -> None:
    """Let every row of a table be told once more, in the order in which they came."""
    which = f" where {shape.told.when}" if shape.told.when else ""
    numbered = next(db.query("select wr from pragma_table_list where name = ?", [shape.name]))["wr"] == 0
    db.execute(
        f"insert or ignore into untold (tab, key) select '{shape.name}', {shape.key_of('new')} from {shape.name} new{which}"
        + (" order by new.rowid" if numbered else "")
    )


def _triggers(shape: Shape) -> dict[str, str]:
    """The triggers of a table, by name."""
    name, when = shape.name, f" when {shape.told.when}" if shape.told.when else ""
    some = f" of {', '.join(shape.told.columns)}" if shape.told.columns else ""
    new, old = _note(name, shape.key_of("new")), _note(name, shape.key_of("old"))
    made = {
        f"untold_{name}_insert": f"after insert on {name}{when} begin {new} end",
        f"untold_{name}_update": f"after update{some} on {name}{when} begin {old} {new} end",
        f"untold_{name}_delete": f"after delete on {name}{when.replace('new.', 'old.')} begin {old} end",
    }
    return {trigger: f"CREATE TRIGGER {trigger} {rest}" for trigger, rest in made.items()}


def _note(name: str, key: str) -> str:
    """The statement of a trigger; no `or ignore`, which the statement that fires it would override."""
    known = f"select 1 from untold where tab = '{name}' and key = {key}"
    return f"insert into untold (tab, key) select '{name}', {key} where not exists ({known});"


@contextmanager
def unwatched(db: Database) -> Iterator[None]:
    """Put rows back as they were told: no trigger takes that for something new. Call it inside a transaction."""
    made = list(db.query("select name, sql from sqlite_master where type = 'trigger'"))
    for row in made:
        db.execute(f"drop trigger {row['name']}")
    yield
    for row in made:
        db.execute(row["sql"])


def is_worth(db: Database) -> bool:
    """Whether anything is untold but runs: for them alone no segment is begun."""
    return next(db.query("select 1 from untold where tab <> 'run' limit 1"), None) is not None


def tell(db: Database, write: Callable[[Rows], None]) -> None:
    """Have all that is untold written, in parts. Call it at the end of the transaction that changes the rows."""
    for rows, last in untold(db):
        write(rows)
        db.execute("delete from untold where n <= ?", [last])


def untold(db: Database) -> Iterator[tuple[Rows, int]]:
    """What is untold, in parts, with the number of the last row of `untold` in each."""
    known: dict[str, Shape] = {}
    last = 0
    while keys := list(db.query("select n, tab, key from untold where n > ? order by n limit ?", [last, CHUNK])):
        known = known or shapes(db)
        last = int(keys[-1]["n"])
        by_table: dict[str, list[Sequence[Any]]] = {}
        for row in keys:
            by_table.setdefault(row["tab"], []).append(json.loads(row["key"]))
        yield _rows(db, known, by_table), last


def snapshot(db: Database, write: Callable[[Rows], None], name: str, covers: Sequence[str]) -> None:
    """Have everything written that is told of a catalogue, as a snapshot that stands for what these segments tell."""
    with db.atomic():
        db.execute("delete from untold")
        for shape in shapes(db).values():
            tell_again(db, shape)
        tell(db, lambda rows: write(replace(rows, snapshot=name)))
        write(Rows(snapshot=name, covers=covers))


def _rows(db: Database, known: Mapping[str, Shape], keys: Mapping[str, Sequence[Sequence[Any]]]) -> Rows:
    rows: dict[str, tuple[Sequence[str], list[list[Any]]]] = {}
    gone: dict[str, list[Sequence[Any]]] = {}
    for name in (name for name in known if name in keys):
        found = [(key, _row(db, known, known[name], key)) for key in keys[name]]
        if there := [row for _, row in found if row is not None]:
            rows[name] = (known[name].columns, there)
        if lost := [key for key, row in found if row is None]:
            gone[name] = lost
    return Rows(rows, gone)


def _row(db: Database, known: Mapping[str, Shape], shape: Shape, key: Sequence[Any]) -> list[Any] | None:
    """A row as it is told, or None where it is not there any more."""
    columns = ", ".join(f"hex({name}) as {name}" if name in shape.blobs else name for name in shape.columns)
    where, values = shape.where(key)
    row = next(db.query(f"select {columns} from {shape.name} where {where}", values), None)
    if row is None:
        return None
    for name, table in shape.told.points.items():
        meant = known[table]
        sql = f"select {meant.key_of('t')} as key from {table} t where {meant.told.local} = ?"
        found = next(db.query(sql, [row[name]]), None)
        row[name] = json.loads(found["key"]) if found else None
    return [row[name] for name in shape.columns]
