"""What was seen of a unit's columns: when they were read whole without a report, and which entries may be one.

Only a whole reading proves that a report is not there. A unit's own columns tell, where it has any that list something; else
all columns of its portal that are nobody's own. What a round read is a record, so the same proof comes out at every build.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from extract import titles

from . import identity
from .clock import china_day

Row = dict[str, Any]
_REPORT = re.compile(r"年报|年度报告|公开.{0,6}报告")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Look:
    """What a round saw of a unit's columns: whether they were read whole; a column, and why it was not."""

    round: int
    at: str
    whole: bool
    column: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """An entry or document that may be a report and is filed as none: its unit and year, as far as they are known."""

    unit: str
    year: int | None
    text: str


@dataclass(slots=True)
class Portal:
    """A portal with its county, its rounds (readings by column), the units of its columns, and what is open.

    `own`: column → unit (id). `baseline`: when its first crawl had ended.
    """

    id: str
    region: str
    baseline: str | None
    rounds: dict[int, dict[str, Row]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    open: list[Open] = field(default_factory=list)
    _looks: dict[frozenset[str], list[Look]] = field(default_factory=dict)

    def looks(self, units: Iterable[str]) -> list[Look]:
        """What each round saw of the columns of a unit (ids of all its names), in the order of rounds."""
        mine = frozenset(url for url, unit in self.own.items() if unit in units)
        if mine not in self._looks:
            filled = {url for readings in self.rounds.values() for url, row in readings.items() if row["entries"]}
            self._looks[mine] = list(self._of(mine & filled))
        return self._looks[mine]

    def _of(self, mine: frozenset[str]) -> Iterator[Look]:
        for number, readings in sorted(self.rounds.items()):
            wanted = [row for url, row in readings.items() if url in mine]
            wanted = wanted or [row for url, row in readings.items() if url not in self.own]
            if wanted:
                bad = next((row for row in wanted if not row["whole"]), None)
                told = bad or wanted[0]
                yield Look(number, told["at"], bad is None, told["column_url"], bad["why"] if bad else "")


def portals(db: Database) -> dict[str, Portal]:
    """Every portal that is not removed, with all that was seen of it."""
    found: dict[str, Portal] = {}
    names: dict[str, str] = {}
    for row in db.query("select id, region, region_name, baseline_at from portal where state <> 'removed'"):
        found[row["id"]] = Portal(row["id"], row["region"] or row["id"], row["baseline_at"])
        names[row["id"]] = row["region_name"]
    same = aliases(db)
    for row in db.query("select portal, url, unit from column_page where unit <> '' and state <> 'removed'"):
        if (portal := found.get(row["portal"])) and (
            made := identity.unit(portal.region, names[portal.id], row["unit"])
        ):
            portal.own[row["url"]] = same.get(made.id, made.id)
    for row in db.query("select * from reading order by portal, round, column_url"):
        if portal := found.get(row["portal"]):
            portal.rounds.setdefault(row["round"], {})[row["column_url"]] = row
    for row in _entries(db):
        if portal := found.get(row["portal"]):
            portal.open.append(_open(row, portal, names[portal.id], same))
    return found


def aliases(db: Database) -> dict[str, str]:
    """The units that are only other spellings, with those that are meant."""
    return {f"{row['region']}/{row['alias']}": row["unit"] for row in db.query("select region, alias, unit from alias")}


def _entries(db: Database) -> Iterator[Row]:
    """Entries that are called reports and gave none, and documents that a person has to file."""
    rows = db.query(
        "select u.portal, u.link_text as text, u.column_url, u.added_at as at from url u where u.spider = 'reports' and u.kind = 'detail' "
        "and u.state not in ('not_report', 'other_county') and not exists (select 1 from sighting s where s.page = u.portal || ' ' || u.url) "
        "and not exists (select 1 from decision d where d.page = u.portal || ' ' || u.url and not d.is_report)"
    )
    yield from (row for row in rows if _REPORT.search(row["text"]))
    for row in db.query("select page, title as text, at from review where report = '' and kind <> 'credit_code'"):
        yield {**row, "portal": row["page"].partition(" ")[0], "column_url": ""}


def _open(row: Row, portal: Portal, region_name: str, same: Mapping[str, str]) -> Open:
    parsed = titles.parse(row["text"])
    made = identity.unit(portal.region, region_name, parsed.unit) if parsed and parsed.unit else None
    unit = same.get(made.id, made.id) if made else portal.own.get(row["column_url"], "")
    years = _YEAR.findall(row["text"])
    year = parsed.year if parsed else int(years[-1]) if years else china_day(row["at"]).year - 1
    return Open(unit, year, row["text"])


def by_report(db: Database) -> tuple[dict[str, set[str]], dict[tuple[str, int, str], int]]:
    """Where units publish: the portals on which a chain's reports were seen; and by chain, year and portal, in which round
    a report that was new there was listed first.
    """
    where: dict[str, set[str]] = defaultdict(set)
    page = "substr(s.page, 1, instr(s.page, ' ') - 1) as portal, substr(s.page, instr(s.page, ' ') + 1) as url"
    joined = "from sighting s join version v on v.id = s.version join report r on r.id = v.report join unit u on u.id = r.unit"
    for row in db.query(f"select distinct u.chain, substr(s.page, 1, instr(s.page, ' ') - 1) as portal {joined}"):
        where[row["chain"]].add(row["portal"])
    listed: dict[tuple[str, int, str], int] = {}
    rows = db.query(
        f"with seen as (select distinct u.chain, r.year, {page} {joined} join event e on e.report = r.id and e.kind = 'new') "
        "select seen.chain, seen.year, seen.portal, min(l.first_round) as round from seen join listed l on l.portal = seen.portal and l.url = seen.url "
        "group by 1, 2, 3"
    )
    for row in rows:
        listed[row["chain"], row["year"], row["portal"]] = row["round"]
    return where, listed
