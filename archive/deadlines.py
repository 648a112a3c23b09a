"""Until when reports are to be published: rules by kind of unit, year and region, on statute, local rule or convention.

The law names departments and governments, not towns, streets and zones (domain.md, 3), so only what rests on a statute can
be overdue; all else is expected by a day. Of several rules of a basis the one for the nearest region holds.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from .clock import now
from .units import TYPES

STATUTE = "statute"
BASES = (STATUTE, "convention", "local")  # the later comes nearer to what a unit goes by
ALL = "all"  # said of a kind of unit: a rule for each


class BadDeadline(ValueError):
    """A rule that cannot be taken; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`month_day` is in the year after the report year; 02-29 is the end of February in any year."""

    region: str
    unit_type: str
    from_year: int
    to_year: int | None
    month_day: str
    basis: str

    def holds(self, region: str, kind: str, year: int) -> bool:
        """Whether it holds for a kind of unit of a county and a report year."""
        in_time = self.from_year <= year and (self.to_year is None or year <= self.to_year)
        return in_time and self.unit_type == kind and region.startswith(self.region)

    def day(self, year: int) -> date:
        """The last day for the report of a year."""
        month, day = map(int, self.month_day.split("-"))
        return date(year + 1, month, min(day, calendar.monthrange(year + 1, month)[1]))


@dataclass(frozen=True, slots=True)
class Due:
    """The last day by law, where a law names such units; the last day by the nearest rule, and what that rests on."""

    due: date | None
    expected_by: date
    basis: str

    @property
    def limit(self) -> date:
        """The day after which a report that is not there is missing."""
        return self.due or self.expected_by


def rules(db: Database) -> list[Rule]:
    """All rules, those of the country and those that people entered."""
    rows = db.query("select region, unit_type, from_year, to_year, month_day, basis from deadline")
    return [Rule(**row) for row in rows]


def last_days(known: Iterable[Rule], region: str, kind: str, year: int) -> Due | None:
    """Until when a kind of unit of a county has to publish the report of a year; None where no rule says it."""
    held = [rule for rule in known if rule.holds(region, kind, year)]
    if not held:
        return None
    nearest = max(held, key=lambda rule: (len(rule.region), BASES.index(rule.basis), rule.from_year))
    by_law = [rule for rule in held if rule.basis == STATUTE]
    law = max(by_law, key=lambda rule: (len(rule.region), rule.from_year)) if by_law else None
    return Due(law.day(year) if law else None, nearest.day(year), nearest.basis)


def enter(
    db: Database, region: str, kind: str, from_year: int, to_year: int | None, month_day: str, basis: str, source: str
) -> None:
    """Take a rule for a region. Raises BadDeadline."""
    if not re.fullmatch(r"\d\d-\d\d", month_day) or not _is_day(month_day):
        raise BadDeadline(
            f"{month_day!r} is no day of a year: 02-28 is the 28th of February, 02-29 its end in any year"
        )
    if to_year is not None and to_year < from_year:
        raise BadDeadline(f"the last year {to_year} comes before the first, {from_year}")
    for each in _kinds(kind):
        row = {
            "region": region, "unit_type": each, "from_year": from_year, "to_year": to_year, "month_day": month_day,
            "basis": basis, "source": source, "entered_at": now(),
        }  # fmt: skip
        db.table("deadline").insert(row, pk=("region", "unit_type", "basis", "from_year"), replace=True)


def remove_rule(db: Database, region: str, kind: str, basis: str, from_year: int) -> None:
    """Take away a rule that a person entered. Raises BadDeadline where there is none."""
    where = "region = ? and unit_type = ? and basis = ? and from_year = ? and entered_at is not null"
    gone = [db.execute(f"delete from deadline where {where}", [region, each, basis, from_year]).rowcount for each in _kinds(kind)]  # fmt: skip
    if not any(gone):
        raise BadDeadline(
            f"nobody entered such a rule for {region}; `nianbao units deadlines --region {region}` lists them"
        )


def _kinds(kind: str) -> tuple[str, ...]:
    if kind not in (*TYPES, ALL):
        raise BadDeadline(f"the type {kind!r} is none of {', '.join(TYPES)}, nor {ALL!r}")
    return TYPES if kind == ALL else (kind,)


def _is_day(month_day: str) -> bool:
    month, day = map(int, month_day.split("-"))
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2024, month)[1]  # a leap year
