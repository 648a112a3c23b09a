"""Checks as people see them, and what people say of those that fail: confirmed, or dismissed.

A verdict goes with its report, its check and its numbers, not with rows that a build makes: it stays through every
build and applies as long as the same is expected and the same is found. Where the numbers change it is `stale`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from extract.identities import all_rules

from .clock import now
from .search import Filter

Row = dict[str, Any]
VERDICTS = ("confirmed", "dismissed")
RESULTS = ("pass", "fail", "not_assessable", "not_applicable")
BETWEEN = ("X.", "G.")  # how the ids of checks between reports begin
KEY = ("report", "id", "scope", "expected", "found")

_COLUMNS = "select r.id as report, r.year, coalesce(nullif(u.full_name, ''), u.name) as unit, c.id as 'check', c.scope, c.result, c.expected, c.found"
_UNIT = "cross join unit u on u.id = r.unit where {}"
# `cross join` keeps SQLite to this order.
_BY_REPORT = (
    f"{_COLUMNS}, '' as other, '' as note from report r cross join unit u on u.id = r.unit "
    "cross join version v on v.id = r.current cross join version_check c on c.version_n = v.n where {}",
    f"{_COLUMNS}, c.other, c.note from report r cross join unit u on u.id = r.unit cross join cross_check c on c.report = r.id where {{}}",
)
_BY_CHECK = (
    f"{_COLUMNS}, '' as other, '' as note from version_check c cross join version v on v.n = c.version_n "
    f"cross join report r on r.id = v.report and r.current = v.id {_UNIT}",
    f"{_COLUMNS}, c.other, c.note from cross_check c cross join report r on r.id = c.report {_UNIT}",
)
_SAME = 'v.report = told.report and v.id = told."check" and v.scope = told.scope'
_SAID = ", ".join(
    f"coalesce((select {column} from verdict v where {_SAME} and v.expected is told.expected and v.found is told.found), "
    f"(select {other} from verdict v where {_SAME}), '') as {column}"
    for column, other in (("verdict", "'stale'"), ("remark", "remark"))
)


@dataclass(frozen=True, slots=True)
class Which:
    """What narrows a listing of checks; empty is everything. `ids` may be beginnings: T3."""

    results: tuple[str, ...] = ("fail",)
    ids: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    between: bool = False

    def where(self) -> tuple[str, dict[str, str]]:
        """SQL conditions over the checks c, and their parameters."""
        results = ", ".join(
            f"'{result}'" for result in self.results if result in RESULTS
        )  # as text: an index is of 'fail'
        marks = {f"id{index}": id for index, id in enumerate(id for id in all_rules() if self._has(id))}
        same = f"c.result = {results}" if len(self.results) == 1 else f"c.result in ({results})"
        return f"{same} and c.id in ({', '.join(f':{mark}' for mark in marks)})", dict(marks)

    def said(self) -> tuple[str, dict[str, str]]:
        """SQL condition over the verdict, and its parameters."""
        marks = {f"verdict{index}": verdict for index, verdict in enumerate(self.verdicts)}
        return f"verdict in ({', '.join(f':{mark}' for mark in marks)})" if marks else "1", marks

    def _has(self, id: str) -> bool:
        named = not self.ids or id.startswith(self.ids)
        severe = not self.severities or all_rules()[id].severity in self.severities
        return named and severe and (not self.between or id.startswith(BETWEEN))


def checks(db: Database, narrow: Filter, which: Which) -> list[Row]:
    """Checks of current versions, between reports too, with their severity and what people said of them.

    Where reports are named, from these to their checks; else from the checks that fail, which have an index.
    """
    where, parameters = narrow.where()
    more, marks = which.where()
    only, words = which.said()
    inside, between = _BY_REPORT if narrow != Filter() else _BY_CHECK
    rows = db.query(
        f"with told as ({inside.format(f'{where} and {more}')} union all {between.format(f'{where} and {more}')}) "
        f'select * from (select told.*, {_SAID} from told) where {only} order by report, "check", scope',
        {**parameters, **marks, **words},
    )
    return [{**row, "severity": all_rules()[row["check"]].severity} for row in rows]


def failing(db: Database, report: str, check: str, scope: str = "") -> list[Row]:
    """The checks of a report that fail, of one id and, if it is given, one scope."""
    sql = "select report, id, scope, expected, found from checks where report = ? and id = ? and result = 'fail' and ? in ('', scope) order by scope"
    return list(db.query(sql, [report, check, scope]))


def fingerprint(row: Row) -> str:
    """16 hexadecimal digits over report, check, scope, expected and found; what is not there is not an empty text."""
    said = "\n".join("-" if row[key] is None else f"={row[key]}" for key in KEY)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def give(db: Database, rows: Iterable[Row], verdict: str, remark: str = "", at: str = "") -> None:
    """Say of checks that they are right (`confirmed`) or mean nothing (`dismissed`); an earlier word of the same goes.

    Verdicts on other numbers of the same check go too: this one takes their place.
    """
    for row in rows:
        withdraw(db, row["report"], row["id"], row["scope"])
        values = {key: row[key] for key in KEY}
        said = {"verdict": verdict, "remark": remark, "at": at or now()}
        db.table("verdict").insert({"fingerprint": fingerprint(row), **values, **said})


def withdraw(db: Database, report: str, check: str, scope: str = "") -> int:
    """Take verdicts back, stale ones too; how many there were."""
    gone = db.execute("delete from verdict where report = ? and id = ? and ? in ('', scope)", [report, check, scope])
    return int(gone.rowcount)


def given(db: Database) -> list[Row]:
    """Every verdict: `state` is applies, stale (the numbers are others now), or gone (there is no such check any more)."""
    rows = db.query(
        "select v.report, v.id as 'check', v.scope, v.expected, v.found, v.verdict, v.remark, v.at, "
        "case when c.report is null then 'gone' when c.expected is v.expected and c.found is v.found then 'applies' else 'stale' end as state "
        "from verdict v left join checks c on c.report = v.report and c.id = v.id and c.scope = v.scope order by v.report, v.id, v.scope"
    )
    return list(rows)


def take(db: Database, rows: Sequence[Row]) -> None:
    """Verdicts as `given` lists them, from a file; an empty cell is nothing expected or found. The later word stays."""
    for row in rows:
        key = {name: row[name] or None if name in ("expected", "found") else row[name] for name in KEY}
        known = next(
            db.query(
                "select at from verdict where report = ? and id = ? and scope = ?",
                [key["report"], key["id"], key["scope"]],
            ),
            None,
        )
        if known is None or known["at"] <= (row["at"] or now()):
            give(db, [key], row["verdict"], row["remark"], row["at"])
