"""Checks between the reports of a unit for two years, and between a county's report and those of its units.

Kept in `cross_check`, under the later or the county's report. What a build touches becomes due by triggers
(`migrations/m008_checks.py`); only that, and what is compared with it, is worked out again, so the cost follows the
reports that changed. The same archive gives the same rows. Units that were renamed follow their chain; scopes are
never mixed; current versions only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from extract import identities
from extract.identities.region import PATH, Region
from extract.identities.years import Values, Years, paths
from extract.model import Check

Row = dict[str, Any]
UNITS = ("own", "government_office")  # scopes that may be summed (domain.md, 4)
WHOLE = "whole_government"
_COUNTY = re.compile(r"\d{4}(?!00)\d\d")  # GB/T 2260: …00 is a province or a city
_REPORT = "select r.id, r.region, r.unit, r.scope, r.year, r.current, u.chain from report r join unit u on u.id = r.unit where "


def settle(db: Database) -> int:
    """Work out what is due, county by county, each in one transaction; the number of reports that were due."""
    count = 0
    for region in [row["region"] for row in db.query("select distinct region from cross_due order by region")]:
        with db.atomic():
            due = list(
                db.query(
                    "select d.*, u.chain from cross_due d left join unit u on u.id = d.unit where d.region = ?",
                    [region],
                )
            )
            _place(db, region, [row["report"] for row in due])
            for report in sorted(_touched(db, due), key=lambda row: str(row["id"])):
                _write(db, report, [*_with_year_before(db, report), *_with_units(db, report)])
            db.execute("delete from cross_due where region = ?", [region])
            count += len(due)
    with db.atomic():
        _tell_rules(db)
    return count


def _tell_rules(db: Database) -> None:
    """The identities as rows, for those who read the database alone."""
    rows = {
        rule.id: (rule.id, rule.severity, " ".join(rule.forms), rule.scope, rule.meaning)
        for rule in identities.all_rules().values()
    }
    if {row["id"]: tuple(row.values()) for row in db.query("select * from check_rule")} != rows:
        db.execute("delete from check_rule")
        db.conn.executemany("insert into check_rule values (?, ?, ?, ?, ?)", [rows[id] for id in sorted(rows)])


def _touched(db: Database, due: Sequence[Row]) -> list[Row]:
    """The reports that are due, the year after each, those compared with one that changed its unit or is gone, and the county's.

    Rows of reports that are gone are taken away.
    """
    found: dict[str, Row] = {}
    for row in due:
        db.execute(
            "delete from cross_check where report = ? and report not in (select id from report)", [row["report"]]
        )
        span = [row["chain"], row["scope"], row["year"], row["year"] + 1]
        rows = [
            *db.query(f"{_REPORT} u.chain = ? and r.scope = ? and r.year in (?, ?)", span),
            *db.query(f"{_REPORT} r.id in (select report from cross_check where other = ?)", [row["report"]]),
        ]
        found |= {report["id"]: report for report in rows}
    for region, year in sorted({(row["region"], row["year"]) for row in due}):
        rows = list(db.query(f"{_REPORT} r.region = ? and r.year = ? and r.scope = ?", [region, year, WHOLE]))
        found |= {report["id"]: report for report in rows}
    return list(found.values())


def _write(db: Database, report: Row, rows: Iterable[tuple[Check, str, str, str]]) -> None:
    """The rows of a report, in place of the earlier ones; each with the report and version it is compared with, and a note."""
    db.execute("delete from cross_check where report = ?", [report["id"]])
    db.conn.executemany(
        "insert into cross_check values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (report["id"], c.id, c.scope, report["current"], other, version, c.result.value, c.expected, c.found, note)
            for c, other, version, note in rows
        ],
    )


def _with_year_before(db: Database, report: Row) -> Iterator[tuple[Check, str, str, str]]:
    """Against the year before; where two units of one chain reported for it, against the one of the same name, else none."""
    span = [report["chain"], report["scope"], report["year"] - 1]
    before = list(db.query(f"{_REPORT} u.chain = ? and r.scope = ? and r.year = ? order by r.id", span))
    if len(before) > 1:
        before = [row for row in before if row["unit"] == report["unit"]]
    for earlier in before:
        note = "" if earlier["unit"] == report["unit"] else f"{earlier['unit']} was its name in {earlier['year']}"
        for check in identities.between(Years(_values(db, earlier["current"]), _values(db, report["current"]))):
            yield check, earlier["id"], earlier["current"], note


def _with_units(db: Database, report: Row) -> Iterator[tuple[Check, str, str, str]]:
    """A county's report against those of its units for the same year, with how many of them are known."""
    stated = _values(db, report["current"], [PATH])
    if report["scope"] != WHOLE or PATH not in stated:
        return
    rows = db.query(
        f"select r.id, f.value, f.path from report r left join figure f on f.version = r.current and f.path = ? "
        f"where r.region = ? and r.year = ? and r.scope in ({', '.join('?' * len(UNITS))}) order by r.id",
        [PATH, report["region"], report["year"], *UNITS],
    )
    units = {str(row["id"]): _decimal(row["value"]) for row in rows}
    known = sum(1 for value in units.values() if value is not None)
    note = f"{known} of {len(units)} reports of units have the figure"
    for check in identities.regional(Region(stated[PATH], units)):
        yield check, "", "", note


def _values(db: Database, version: str, wanted: Sequence[str] = ()) -> Values:
    chosen = list(wanted or paths())
    rows = db.query(
        f"select path, value from figure where version = ? and path in ({', '.join('?' * len(chosen))})",
        [version, *chosen],
    )
    return {str(row["path"]): _decimal(row["value"]) for row in rows}


def _decimal(value: float | None) -> Decimal | None:
    """A stored number as it was printed: whole without a decimal point."""
    if value is None:
        return None
    return Decimal(int(value)) if float(value).is_integer() else Decimal(str(value))


def _place(db: Database, region: str, reports: Sequence[str]) -> None:
    """T2.REG of organs whose name does not say that they lie in a county: the code of their region does."""
    if not _COUNTY.fullmatch(region):
        return
    for report in reports:
        rows = db.query(
            "select c.version, c.found from check_result c join version v on v.id = c.version "
            "where v.report = ? and c.id = 'T2.REG' and c.result = 'not_assessable'",
            [report],
        )
        for row in list(rows):
            if re.search(r"[1-9]", row["found"] or ""):
                db.execute(
                    "update check_result set result = 'fail' where version = ? and id = 'T2.REG'", [row["version"]]
                )
