"""Which reports ought to be there, until when, and the proof where they were not: the table `expected`; the event `overdue`.

A unit of a county's roster owes the years that the roster says. Without a roster a unit owes a report from the first that it
published on; one that publishes nothing for LAPSE years, and has no page on the portal, is taken to be dissolved. All is
made anew after every build, from what is stored alone: no clock says that a report is missing, only a reading does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import Any

from sqlite_utils import Database

from . import deadlines, evidence
from .clock import china_day
from .deadlines import Due
from .evidence import Look, Portal
from .identity import NO_REGION

Row = dict[str, Any]
LAPSE = 2  # years without a report: then a unit that nothing else names is taken to be dissolved
ALIKE = 2  # first characters that the names of one organ share before and after a reform (教育局, 教育体育局)
COLUMNS = "unit year source due expected_by basis absent_at proved_at column_url why".split()


@dataclass(slots=True)
class Chain:
    """An organ under all its names: report years held (with when first seen; whether then new), roster lines, since when it is known.

    `units`: ids, the oldest name first. `listed`: since when the portal has a page for it, time.
    """

    id: str
    region: str
    name: str
    type: str
    units: list[str] = field(default_factory=list)
    held: dict[int, tuple[str, bool]] = field(default_factory=dict)
    roster: list[Row] = field(default_factory=list)
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A row of `expected`."""

    unit: str
    year: int
    source: str
    due: Due
    absent_at: str | None = None
    proved_at: str | None = None
    column_url: str = ""
    why: str = ""

    def row(self) -> tuple[Any, ...]:
        """In the order of COLUMNS."""
        day = self.due.due
        return (
            self.unit, self.year, self.source, str(day) if day else None, str(self.due.expected_by), self.due.basis, self.absent_at,
            self.proved_at, self.column_url, self.why,
        )  # fmt: skip


def settle(db: Database) -> None:
    """Make `expected` anew, and tell what is overdue. Call it when reports, units and readings are settled."""
    days = cache(partial(deadlines.last_days, tuple(deadlines.rules(db))))
    portals = evidence.portals(db)
    where, listed = evidence.by_report(db)
    last = _last_year(db)
    chains = list(_chains(db, portals))
    rostered = {chain.region for chain in chains for row in chain.roster if row["to_year"] is None}
    begun = _begun(chains)
    of_county: dict[str, list[Portal]] = defaultdict(list)  # where a unit would publish that has published nothing yet
    for portal in portals.values():
        of_county[portal.region].append(portal)
    with db.atomic():
        db.execute("delete from expected")
        for chain in chains:
            seen_on = sorted(where.get(chain.id, ()))
            here = [portals[id] for id in seen_on if id in portals] or of_county[chain.region]
            found = list(_of_chain(chain, days, here, listed, last, chain.region in rostered, begun))
            marks = ", ".join("?" * len(COLUMNS))
            db.conn.executemany(f"insert into expected values ({marks})", [owed.row() for owed in found])
            for owed in found:
                _tell(db, chain, owed, here)


def _last_year(db: Database) -> int:
    """The last year that had ended when the archive last looked."""
    row = next(
        db.query(
            "select max(at) as at from (select max(ended_at) as at from portal_round union select max(last_seen) from report)"
        )
    )
    return china_day(row["at"]).year - 1 if row["at"] else 0


def _chains(db: Database, portals: dict[str, Portal]) -> Iterator[Chain]:
    """Every organ that may owe reports: not those that are another's spelling, nor those of files without a county."""
    spelt = evidence.aliases(db)
    own = {unit for portal in portals.values() for unit in portal.own.values()}
    found: dict[str, Chain] = {}
    rows = db.query(
        "select u.*, c.name as now, c.type as now_type from unit u join unit c on c.id = u.chain where u.region <> ? "
        "order by u.chain, coalesce(u.from_year, 0), u.id = u.chain, u.id",
        [NO_REGION],
    )
    for row in rows:
        chain = found.setdefault(
            row["chain"], Chain(row["chain"], row["chain"].partition("/")[0], row["now"], row["now_type"])
        )
        chain.units.append(row["id"])
        if (row["home"] and row["portal"] in portals) or row["id"] in own:
            chain.listed = max(chain.listed, row["found_at"])
    of_unit = {unit: chain for chain in found.values() for unit in chain.units}
    for row in db.query("select * from roster"):
        if of := of_unit.get(f"{row['region']}/{row['name']}"):
            of.roster.append(row)
    for row in db.query(
        "select u.chain, r.year, min(r.first_seen) as at, max(e.kind = 'new') as new from report r join unit u on u.id = r.unit "
        "left join event e on e.report = r.id and e.kind in ('new', 'backfill') group by u.chain, r.year"
    ):
        if holder := found.get(row["chain"]):
            holder.held[row["year"]] = (row["at"], bool(row["new"]))
    return (chain for chain in found.values() if chain.held or not all(unit in spelt for unit in chain.units))


def _begun(chains: Iterable[Chain]) -> dict[tuple[str, int], list[Chain]]:
    """By county and year, the organs that published first for that year."""
    found: dict[tuple[str, int], list[Chain]] = defaultdict(list)
    for chain in chains:
        if chain.held:
            found[chain.region, min(chain.held)].append(chain)
    return found


def years(chain: Chain, last: int, rostered: bool) -> tuple[str, list[int]]:
    """Why a unit owes reports, and for which years, up to `last`; `rostered`: its county has a roster."""
    first, latest = (min(chain.held), max(chain.held)) if chain.held else (None, 0)
    until = min([last, *(row["to_year"] for row in chain.roster if row["to_year"])])
    if rostered:
        owed = {year for row in chain.roster for year in _by_roster(chain, row, first, last)}
        return "roster", sorted(owed)
    if first is not None:
        end = until if chain.listed else min(until, latest + LAPSE)
        return "published", list(range(first, end + 1))
    if chain.listed:
        return "listed", list(range(china_day(chain.listed).year - 1, until + 1))
    return "", []


def _by_roster(chain: Chain, row: Row, first: int | None, last: int) -> range:
    """The years that a line of a roster says; without a first year, from the first report on, else from when it was entered."""
    begins = row["from_year"]
    if (
        begins is None or f"{row['region']}/{row['name']}" != chain.units[0]
    ):  # then it says when the name began, not the organ
        begins = min(year for year in (begins, first, china_day(row["entered_at"]).year - 1) if year)
    return range(begins, min(last, row["to_year"] or last) + 1)


def _of_chain(
    chain: Chain,
    days: Callable[[str, str, int], Due | None],
    portals: Sequence[Portal],
    listed: dict[tuple[str, int, str], int],
    last: int,
    rostered: bool,
    begun: dict[tuple[str, int], list[Chain]],
) -> Iterator[Owed]:
    source, owes = years(chain, last, rostered)
    for year in owes:
        due = days(chain.region, chain.type, year)
        if due is None:
            continue
        owed = Owed(chain.id, year, source, due)
        if year in chain.held:
            seen, new = chain.held[year]
            before = {portal.id: listed.get((chain.id, year, portal.id)) for portal in portals}
            yield _proved(owed, chain, portals, seen, before) if new else owed
        elif doubt := _doubt(chain, year, portals, begun) or _dissolved(chain, owed, portals, last):
            yield replace(owed, why=doubt)
        else:
            yield _proved(owed, chain, portals, None, {})


def _doubt(chain: Chain, year: int, portals: Iterable[Portal], begun: dict[tuple[str, int], list[Chain]]) -> str:
    """Why a report that is not there may be there nevertheless: an entry that is not filed, an organ that goes on under
    another name.
    """
    for portal in portals:
        for entry in portal.open:
            if entry.year == year and entry.unit in ("", *chain.units):
                return f"an entry that is not filed may be it: {entry.text}"
    for other in () if chain.roster else begun.get((chain.region, year), ()):
        if other.type == chain.type and other.name[:ALIKE] == chain.name[:ALIKE] and other.id != chain.id:
            return f"{other.name} published first for {year}; if it is the same organ: nianbao units rename {chain.id} {other.name} --from {year}"
    return ""


def _dissolved(chain: Chain, owed: Owed, portals: Sequence[Portal], last: int) -> str:
    """Why nobody knows whether an older report was owed: the organ published no later one, and nobody watched then."""
    ended = owed.source == "published" and not chain.listed and max(chain.held) < owed.year < last
    if not ended or _watched(portals, owed.due.limit):
        return ""
    return f"nothing later either; if it was dissolved: nianbao units end {chain.id} --to {max(chain.held)}"


def _proved(
    owed: Owed, chain: Chain, portals: Sequence[Portal], seen: str | None, listed: dict[str, int | None]
) -> Owed:
    """With the readings that did not show the report: the last of them, and the first after the last day, on every portal."""
    limit = owed.due.limit
    absent: list[Look] = []
    proof: list[Look] = []
    why = "" if portals else "no portal of its county is read"
    for portal in portals:
        looks = [look for look in portal.looks(chain.units) if _before(look, seen, listed.get(portal.id))]
        whole = [look for look in looks if look.whole]
        absent += whole[-1:]
        proof += next(([look] for look in whole if china_day(look.at) > limit), [])
        if seen is None and looks and not looks[-1].whole:
            why = why or f"{looks[-1].column}: {looks[-1].why}"
    if not portals or len(absent) < len(portals):
        return replace(owed, why=why if seen is None else "")
    last = min(absent, key=lambda look: look.at)
    first = max(proof, key=lambda look: look.at) if len(proof) == len(portals) else None
    told = first or last
    return replace(
        owed, absent_at=last.at, proved_at=first.at if first else None, column_url=told.column, why="" if first else why
    )


def _before(look: Look, seen: str | None, listed: int | None) -> bool:
    """Whether a round was before a report was listed, or seen."""
    return (look.round < listed if listed is not None else True) and (seen is None or look.at < seen)


def _watched(portals: Sequence[Portal], day: date) -> bool:
    """Whether every portal was crawled already when a day ended."""
    return bool(portals) and all(portal.baseline and china_day(portal.baseline) <= day for portal in portals)


def _tell(db: Database, chain: Chain, owed: Owed, portals: Sequence[Portal]) -> None:
    """The event `overdue`, once for a unit and year, by what a statute says; never for what was late before the first crawl."""
    day, proved = owed.due.due, owed.proved_at
    if day is None or proved is None or not _watched(portals, day):
        return
    ids = [f"overdue {unit} {owed.year}" for unit in chain.units]
    if next(db.query(f"select 1 from event where id in ({','.join('?' * len(ids))})", ids), None):
        return
    said = {"unit": chain.id, "name": chain.name, "year": owed.year, "due": str(day), "source": owed.source}
    db.execute(
        "insert into event (id, kind, at, detail, portal, url) values (?, 'overdue', ?, ?, ?, ?)",
        [ids[0], proved, json.dumps(said, ensure_ascii=False), portals[0].id, owed.column_url],
    )
