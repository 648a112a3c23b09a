"""What the tables, views and columns of the catalogue mean, with their units: `migrations/meanings.toml`, for docs and web pages.

A meaning may be given to a pattern (`t3_*`): it is that of all columns which it fits and which no name of their own has.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from sqlite_utils import Database

FILE = "meanings.toml"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as SQLite knows it; `type` is empty for those of views that are computed."""

    name: str
    type: str
    key: bool


@cache
def meanings() -> dict[str, dict[str, str]]:
    """Table → column (or pattern) → meaning; what a row of the table is stands under the empty name."""
    return tomllib.loads((files(f"{__package__}.migrations") / FILE).read_text(encoding="utf-8"))


def schema(db: Database) -> dict[str, list[Column]]:
    """Tables and views with their columns, in order of name, without those that SQLite and sqlite-utils keep for themselves."""
    names = db.query(
        "select name from pragma_table_list where schema = 'main' and type in ('table', 'virtual', 'view') "
        "and name not like 'sqlite\\_%' escape '\\' and name not like '\\_sqlite%' escape '\\' order by name"
    )
    return {
        str(row["name"]): [
            Column(str(column["name"]), str(column["type"]).lower(), bool(column["pk"]))
            for column in db.query("select name, type, pk from pragma_table_info(?)", [row["name"]])
        ]
        for row in list(names)
    }


def named(table: str, column: str) -> str | None:
    """The name or pattern under which the meaning of a column stands; the first pattern that fits, or None."""
    known = meanings().get(table, {})
    return column if column in known else next((one for one in known if one and fnmatchcase(column, one)), None)


def faults(found: Mapping[str, list[Column]]) -> Iterator[str]:
    """What of a schema has no meaning, and which meanings belong to nothing, in words."""
    for table, columns in found.items():
        if not meanings().get(table, {}).get(""):
            yield f"[{table}] does not say what a row is"
        used = {name: named(table, name) for name in (column.name for column in columns)}
        yield from (f"[{table}] {name} has no meaning" for name, under in used.items() if not under)
        unused = meanings().get(table, {}).keys() - {"", *used.values()}
        yield from (f"[{table}] {name} fits no column" for name in sorted(unused))
    yield from (f"[{table}] is no table or view" for table in meanings().keys() - found.keys())
    if list(meanings()) != sorted(meanings()):
        yield "the tables are not in alphabetical order"
