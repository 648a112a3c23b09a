"""How units stand, year by year: archived, late, missing, or unknown because nobody could look; and what is overdue.

The views `coverage` and `overdue` say it for SQL; here today is that of `clock`, and the years of a unit become a line of marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from .clock import today

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]
MARKS = {  # state → mark in the table, what it means
    "on_time": ("+", "on time"),
    "archived": ("a", "archived, not known whether on time"),
    "late_stated": ("L", "late by its own date"),
    "late_seen": ("l", "late: not there after the last day"),
    "backdated_suspect": ("b", "dated before a day on which it was not there"),
    "withdrawn": ("w", "withdrawn"),
    "missing": ("-", "missing: looked for after the last day"),
    "due_unseen": ("?", "not known: nobody could look after the last day"),
    "not_due": (".", "not due yet"),
}
STATES = tuple(MARKS)
STATUTE = "statute"


def coverage(
    db: Database, region: str = "", unit: str = "", year: int | None = None, states: Iterable[str] = ()
) -> list[Row]:
    """Units and years with their states (the view `coverage`), narrowed."""
    rows = db.query(
        "select * from coverage where region like ?1 || '%' and (unit like '%' || ?2 || '%' or name like '%' || ?2 || '%') "
        "and (?3 is null or year = ?3) order by region, type, unit, year",
        [region, unit, year],
    )
    wanted = set(states)
    found = ({**row, "state": as_of(row, today())} for row in rows)
    return [row for row in found if not wanted or row["state"] in wanted]


def as_of(row: Mapping[str, Any], day: date) -> str:
    """The state of a row on a day: only whether the last day has passed depends on it."""
    state = str(row["state"])
    if state in ("not_due", "due_unseen"):
        return "not_due" if str(day) <= (row["due"] or row["expected_by"]) else "due_unseen"
    return state


def matrix(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Row], str]:
    """A row for each unit with the marks of its `years`, side by side, and the heading over them: the last two digits of each.

    A year for which nothing is owed is empty.
    """
    years = sorted({row["year"] for row in rows})
    marks: dict[str, dict[int, str]] = {}
    found: dict[str, Row] = {}
    for row in rows:
        name = row["unit"].partition("/")[2]
        found.setdefault(row["unit"], {"region": row["region"], "name": name, "type": row["type"]})
        marks.setdefault(row["unit"], {})[row["year"]] = MARKS[row["state"]][0]
    lines = [{**line, "years": "  ".join(marks[unit].get(year, " ") for year in years)} for unit, line in found.items()]
    return lines, " ".join(f"{year % 100:02}" for year in years)


def legend(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The marks that a table shows, with what they mean and how often they occur."""
    counted = Counter(row["state"] for row in rows)
    return [f"{mark} {means} ({counted[state]})" for state, (mark, means) in MARKS.items() if counted[state]]


def overdue(db: Database, region: str = "", unit: str = "", year: int | None = None, every: bool = False) -> list[Row]:
    """Missing reports whose last day has passed, the newest first; by law alone, or by any rule (`every`). `days`: since then."""
    rows = db.query(
        "select * from overdue where region like ?1 || '%' and (unit like '%' || ?2 || '%' or name like '%' || ?2 || '%') "
        "and (?3 is null or year = ?3) and (?4 or basis = ?5) order by year desc, region, type, unit",
        [region, unit, year, int(every), STATUTE],
    )
    return [{**row, "days": (today() - date.fromisoformat(row["due"])).days} for row in rows]
