"""Checks between the reports of a unit for two years, and between a county's report and those of its units.

Kept in `cross_check`, under the later or the county's report. What a build touches becomes due by triggers
(`migrations/m008_checks.py`); only that, and what is compared with it, is worked out again, so the cost follows the
reports that changed. The same archive gives the same rows. Units that were renamed follow their chain; scopes are
never mixed; current versions only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from extract import identities
from extract.identities.region import PATH, Region
from extract.identities.years import Values, Years, paths
from extract.model import Check

Row = dict[str, Any]
Told = tuple[Check, str, str, str]  # a check, the other report and its version, a note
UNITS = ("own", "government_office")  # scopes that may be summed (domain.md, 4)
WHOLE = "whole_government"
TOGETHER = 300  # versions whose figures are fetched by one query
_COUNTY = re.compile(r"\d{4}(?!00)\d\d")  # GB/T 2260: …00 is a province or a city


@dataclass(frozen=True, slots=True)
class County:
    """The reports of a county: by id, by (chain of the unit, scope, year), and by (year, scope)."""

    reports: Mapping[str, Row]
    of_unit: Mapping[tuple[str, str, int], list[Row]]
    of_year: Mapping[tuple[int, str], list[Row]]


def settle(db: Database) -> int:
    """Work out what is due, county by county, each in one transaction; the number of reports that were due."""
    count = 0
    for region in [row["region"] for row in db.query("select distinct region from cross_due order by region")]:
        with db.atomic():
            count += _settle_county(db, region)
    with db.atomic():
        _tell_rules(db)
    return count


def _settle_county(db: Database, region: str) -> int:
    county = _county(db, region)
    due = list(
        db.query("select d.*, u.chain from cross_due d left join unit u on u.id = d.unit where d.region = ?", [region])
    )
    if _COUNTY.fullmatch(region):
        _place(db, region)
    touched = [county.reports[id] for id in sorted(_touched(db, county, region, due))]
    compared = {row["current"] for report in touched for row in (report, *_before(county, report))}
    values = _values(db, sorted(compared), paths())
    new = _values(db, sorted(row["current"] for report in touched for row in _with_its_units(county, report)), [PATH])
    rows = [
        (report, told)
        for report in touched
        for told in (*_with_year_before(county, report, values), *_with_units(county, report, new))
    ]
    _write(db, [report["id"] for report in touched], rows)
    db.execute(
        "delete from cross_check where report in (select report from cross_due where region = ?) and report not in (select id from report)",
        [region],
    )
    db.execute("delete from cross_due where region = ?", [region])
    return len(due)


def _county(db: Database, region: str) -> County:
    sql = "select r.id, r.unit, r.scope, r.year, r.current, u.chain from report r join unit u on u.id = r.unit where r.region = ? order by r.id"
    reports = {str(row["id"]): row for row in db.query(sql, [region])}
    of_unit: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    of_year: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in reports.values():
        of_unit[row["chain"], row["scope"], row["year"]].append(row)
        of_year[row["year"], row["scope"]].append(row)
    return County(reports, of_unit, of_year)


def _touched(db: Database, county: County, region: str, due: Iterable[Row]) -> set[str]:
    """The reports that are due, the year after each, those compared with one that changed its unit or is gone, and the county's."""
    others = db.query(
        "select report from cross_check where other in (select report from cross_due where region = ?)", [region]
    )
    found = {str(row["report"]) for row in others} & county.reports.keys()
    for row in due:
        near = (
            *county.of_unit.get((row["chain"], row["scope"], row["year"]), ()),
            *county.of_unit.get((row["chain"], row["scope"], row["year"] + 1), ()),
            *county.of_year.get((row["year"], WHOLE), ()),
        )
        found |= {str(report["id"]) for report in near}
    return found


def _before(county: County, report: Row) -> list[Row]:
    """The report of the year before; where two units of one chain reported for it, that of the same name, else none."""
    found = county.of_unit.get((report["chain"], report["scope"], report["year"] - 1), [])
    return found if len(found) < 2 else [row for row in found if row["unit"] == report["unit"]]


def _with_its_units(county: County, report: Row) -> list[Row]:
    """A county's report and those of its units for the year; nothing for other reports."""
    if report["scope"] != WHOLE:
        return []
    return [report, *(row for scope in UNITS for row in county.of_year.get((report["year"], scope), ()))]


def _with_year_before(county: County, report: Row, values: Mapping[str, Values]) -> Iterator[Told]:
    for earlier in _before(county, report):
        note = "" if earlier["unit"] == report["unit"] else f"{earlier['unit']} was its name in {earlier['year']}"
        for check in identities.between(Years(values[earlier["current"]], values[report["current"]])):
            yield check, earlier["id"], earlier["current"], note


def _with_units(county: County, report: Row, new: Mapping[str, Values]) -> Iterator[Told]:
    """A county's report against those of its units, with how many of them are known."""
    own, *units = _with_its_units(county, report) or [report]
    if own["scope"] != WHOLE or PATH not in new[own["current"]]:
        return
    said = {str(row["id"]): new[row["current"]].get(PATH) for row in units}
    known = sum(1 for value in said.values() if value is not None)
    note = f"{known} of {len(said)} reports of units have the figure"
    for check in identities.regional(Region(new[own["current"]][PATH], said)):
        yield check, "", "", note


def _values(db: Database, versions: list[str], wanted: list[str]) -> dict[str, Values]:
    """The figures of versions at some paths, as numbers; None where a figure is none."""
    found: dict[str, dict[str, Decimal | None]] = {version: {} for version in versions}
    marks = ", ".join("?" * len(wanted))
    for start in range(0, len(versions), TOGETHER):
        some = versions[start : start + TOGETHER]
        rows = db.execute(
            f"select version, path, value from figure where version in ({', '.join('?' * len(some))}) and path in ({marks})",
            [*some, *wanted],
        )
        for version, path, value in rows:
            found[version][path] = _decimal(value)
    return dict(found)


def _decimal(value: float | None) -> Decimal | None:
    """A stored number as it was printed: whole without a decimal point."""
    if value is None:
        return None
    return Decimal(int(value)) if float(value).is_integer() else Decimal(str(value))


def _write(db: Database, reports: Iterable[str], rows: Iterable[tuple[Row, Told]]) -> None:
    """The rows of reports, in place of the earlier ones; each with what it is compared with, and a note."""
    db.conn.executemany("delete from cross_check where report = ?", [(report,) for report in reports])
    db.conn.executemany(
        "insert into cross_check values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (report["id"], c.id, c.scope, report["current"], other, version, c.result.value, c.expected, c.found, note)
            for report, (c, other, version, note) in rows
        ],
    )


def _place(db: Database, region: str) -> None:
    """T2.REG of organs whose name does not say that they lie in a county: the code of their region does."""
    rows = db.query(
        "select c.version_n, c.found from cross_due d cross join version v on v.report = d.report cross join version_check c on c.version_n = v.n "
        "and c.id = 'T2.REG' and c.scope = 'regulations' where d.region = ? and c.result = 'not_assessable'",
        [region],
    )
    for row in list(rows):
        if re.search(r"[1-9]", row["found"] or ""):
            db.execute(
                "update version_check set result = 'fail' where version_n = ? and id = 'T2.REG'", [row["version_n"]]
            )


def _tell_rules(db: Database) -> None:
    """The identities as rows, for those who read the database alone."""
    rows = {
        rule.id: (rule.id, rule.severity, " ".join(rule.forms), rule.scope, rule.meaning)
        for rule in identities.all_rules().values()
    }
    if {row["id"]: tuple(row.values()) for row in db.query("select * from check_rule")} != rows:
        db.execute("delete from check_rule")
        db.conn.executemany("insert into check_rule values (?, ?, ?, ?, ?)", [rows[id] for id in sorted(rows)])
