"""The documented queries: what researchers ask of an archive, one file of SQL each, named and told in two languages.

The first lines of a file say all about it, and are read here: `-- q09 name`, `-- en:`, `-- zh:`, `-- parameter: name type[!]: meaning`
(`!`: it must be given; all others are NULL where they are not), `-- column: name: meaning and unit`. The rest is one statement on
the catalogue, which runs in Datasette as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..bigrams import query as words

if TYPE_CHECKING:
    from sqlite_utils import Database

_HEAD = re.compile(r"-- (?:(?P<id>q\d\d) (?P<name>[a-z-]+)|(?P<key>en|zh|parameter|column): (?P<said>.+))")
_PARAMETER = re.compile(r"(?P<name>[a-z]+) (?P<type>text|integer|real)(?P<needed>!?): (?P<meaning>.+)")
TYPES: Mapping[str, type] = {"text": str, "integer": int, "real": float}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query may be given: `:name` in its SQL."""

    name: str
    type: str
    needed: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A documented query. `columns`: what its columns mean, with units, a line each."""

    id: str
    name: str
    en: str
    zh: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    sql: str

    def rows(self, db: Database, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The answer. Raises ValueError for a parameter that is lacking or that the query does not have."""
        known = {parameter.name for parameter in self.parameters}
        if unknown := sorted(given.keys() - known):
            raise ValueError(f"{self.name} has no parameter {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        for parameter in self.parameters:
            if parameter.needed and given.get(parameter.name) is None:
                raise ValueError(f"{self.name} needs {parameter.name}: {parameter.meaning}")
        db.conn.create_function("escape_fts", 1, words)  # as Datasette has it (web/plugins)
        return list(db.query(self.sql, {name: given.get(name) for name in known}))


@cache
def all_queries() -> dict[str, Query]:
    """The queries by name, in the order of their ids. Raises ValueError for a file that does not say what it is."""
    sources = sorted(
        (path.name, path.read_text(encoding="utf-8"))
        for path in files(__name__).iterdir()
        if path.name.endswith(".sql")
    )
    read = [_read(name, text) for name, text in sources]
    return {query.name: query for query in read}


def _read(file: str, text: str) -> Query:
    said: dict[str, list[str]] = {}
    lines = text.splitlines()
    heads = [line for line in lines if line.startswith("--")]
    for line in heads:
        if not (match := _HEAD.fullmatch(line)):
            raise ValueError(f"{file}: {line!r} is no line of a head")
        for key in ("id", "name"):
            if match[key]:
                said.setdefault(key, []).append(match[key])
        if match["key"]:
            said.setdefault(match["key"], []).append(match["said"])
    missing = [key for key in ("id", "name", "en", "zh", "column") if not said.get(key)]
    if missing or file != f"{said['id'][0]}_{said['name'][0].replace('-', '_')}.sql":
        raise ValueError(f"{file}: lacks {', '.join(missing) or 'the name that its head says'}")
    parameters = tuple(_parameter(file, line) for line in said.get("parameter", []))
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return Query(
        said["id"][0], said["name"][0], said["en"][0], said["zh"][0], parameters, tuple(said["column"]), sql.strip()
    )


def _parameter(file: str, line: str) -> Parameter:
    if not (match := _PARAMETER.fullmatch(line)):
        raise ValueError(f"{file}: parameter {line!r}: not `name type: meaning`")
    return Parameter(match["name"], match["type"], bool(match["needed"]), match["meaning"])
