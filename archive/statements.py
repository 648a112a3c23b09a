"""Statements of the hot path of a build: rows as tuples without a savepoint, and many rows by one statement.

`Database.query` makes a dict of each row and opens a savepoint, which costs more than most look-ups by a key; and a row by itself
costs twice what it costs among others, because the statement starts anew for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlite_utils import Database

AT_ONCE = 25  # rows of one statement: more of them are hardly faster, and the rest goes row by row

Values = Sequence[Any] | dict[str, Any]


def rows(db: Database, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    found: list[tuple[Any, ...]] = db.conn.execute(sql, values).fetchall()
    return found


def first(db: Database, sql: str, values: Values = ()) -> tuple[Any, ...] | None:
    """The first row of a query, None without one."""
    found: tuple[Any, ...] | None = db.conn.execute(sql, values).fetchone()
    return found


def insert(db: Database, table: str, values: Iterable[Sequence[Any]]) -> None:
    """Put rows into a table, each with a value for every column in their order. Raises sqlite3.IntegrityError."""
    left = list(values)
    if not left:
        return
    width = len(left[0])
    whole = len(left) - len(left) % AT_ONCE
    for start in range(0, whole, AT_ONCE):
        some = left[start : start + AT_ONCE]
        db.conn.execute(_insert(table, width, AT_ONCE), [value for row in some for value in row])
    if left[whole:]:
        db.conn.executemany(_insert(table, width, 1), left[whole:])


def add(db: Database, table: str, row: dict[str, Any]) -> None:
    """Put a row into a table, by the names of its columns. Raises sqlite3.IntegrityError."""
    db.conn.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row)


@cache
def _insert(table: str, width: int, count: int) -> str:
    one = f"({', '.join('?' * width)})"
    return f"insert into {table} values {', '.join([one] * count)}"
