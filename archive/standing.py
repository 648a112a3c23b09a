"""What readings tell of reports and columns, as events: withdrawn, restored, moved; column_broken, column_restored.

Told anew after every build from what is stored, with ids and times that follow from it, so that the same again gives no
event and a rebuild gives the same. What was told once stays told (domain.md, 6, cases 5, 6, 15, 17).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from . import beside, readings
from .absences import Portal, Spell, candidates, spells
from .events import changes, event


@dataclass(slots=True)
class Standing:
    """A page of a report: when it was first seen there, the end of that round, its last version, when it was absent."""

    portal: str
    url: str
    since: str
    settled: str
    version: str
    spells: list[Spell] = field(default_factory=list)

    def shows(self, at: str, moving: bool = False) -> bool:
        """Whether the page shows its report at a time; `moving`: a page that only leads elsewhere does not."""
        inside = (spell for spell in self.spells if spell.at <= at and (spell.until is None or at < spell.until))
        return self.since <= at and not any(moving or not spell.listed for spell in inside)


def tell(db: Database) -> None:
    """Tell what the readings say. Call it when all pages are built."""
    portals = {
        row["portal"]: Portal.of(db, row["portal"]) for row in list(db.query("select distinct portal from reading"))
    }
    with db.atomic():
        for portal in portals.values():
            _tell_columns(db, portal.id)
            absent = [url for url in candidates(db, portal) if spells(db, portal, url)]
            for report in _reports(db, portal.id, absent):
                _tell_report(db, report, portals)
        for said in list(beside.tell(db)):
            event(db, **said)


def _tell_columns(db: Database, portal: str) -> None:
    for spell in readings.spells(db, portal):
        column = spell["column"]
        said = {"why": spell["why"], "entries_before": spell["before"]}
        _event(db, "column_broken", spell["at"], said, portal=portal, url=column)
        if spell["until"]:
            said = {"since": spell["at"], "entries": spell["entries"]}
            _event(db, "column_restored", spell["until"], said, portal=portal, url=column)


def _reports(db: Database, portal: str, absent: Sequence[str]) -> list[str]:
    """The reports that stood on pages that were absent."""
    found: dict[str, None] = {}
    for url in absent:
        rows = db.query(
            "select distinct v.report from sighting s join version v on v.id = s.version where s.page = ?",
            [f"{portal} {url}"],
        )
        found |= dict.fromkeys(str(row["report"]) for row in rows)
    return sorted(found)


def _tell_report(db: Database, report: str, portals: Mapping[str, Portal]) -> None:
    pages = list(_standings(db, report, portals))
    shown = True
    turns = {time for page in pages for spell in page.spells for time in (spell.at, spell.until) if time}
    turns |= {page.since for page in pages}
    for at in sorted(turns)[1:]:  # at the first of them it became known
        showing = [page for page in pages if page.shows(at)]
        if shown and not showing:
            ended = [page for page in pages if any(spell.at == at for spell in page.spells)]
            _event(db, "withdrawn", at, _pages(ended, at), report=report)
        elif showing and not shown:
            _event(db, "restored", at, {"pages": [page.url for page in showing]}, report=report)
        shown = bool(showing)
        for page in pages:
            if spell := next((spell for spell in page.spells if spell.at == at), None):
                _tell_move(db, report, page, spell, pages)


def _pages(ended: list[Standing], at: str) -> dict[str, Any]:
    """What the pages of a report that is withdrawn answered."""
    return {"pages": {page.url: spell.page for page in ended for spell in page.spells if spell.at == at}}


def _tell_move(db: Database, report: str, page: Standing, spell: Spell, pages: list[Standing]) -> None:
    """The event `moved`, where the report stands at another address that came after the round in which this one did."""
    later = [
        other
        for other in pages
        if other is not page and other.since > page.settled and other.shows(spell.at, moving=True)
    ]
    if not later:
        return
    new = max(later, key=lambda other: (other.url == spell.to, other.since, other.url))
    said: dict[str, Any] = {"from": page.url, "to": new.url, "page": spell.page}
    if new.version != page.version:
        said |= changes(db, page.version, new.version)
    _event(db, "moved", spell.at, said, report=report, url=page.url)


def _standings(db: Database, report: str, portals: Mapping[str, Portal]) -> Iterator[Standing]:
    """The pages of a report that portals list, with their spells; files that were imported stand nowhere."""
    rows = db.query(
        "select s.page, min(s.first_seen) as since from sighting s join version v on v.id = s.version "
        "where v.report = ? and s.page in (select portal || ' ' || page from built where portal in (select id from portal)) group by s.page order by s.page",
        [report],
    )
    for row in list(rows):
        id, _, url = row["page"].partition(" ")
        portal = portals.get(id) or Portal.of(db, id)
        version = next(
            db.query(
                "select s.version from sighting s join version v on v.id = s.version where v.report = ? and s.page = ? "
                "order by s.last_seen desc, s.role, s.version limit 1",
                [report, row["page"]],
            )
        )["version"]
        ends = [at for at in portal.ended.values() if at >= row["since"]]
        settled = min(ends) if ends else "9"
        yield Standing(id, url, row["since"], settled, version, spells(db, portal, url))


def _event(
    db: Database,
    kind: str,
    at: str,
    detail: Mapping[str, Any],
    report: str | None = None,
    portal: str = "",
    url: str = "",
) -> None:
    """An event of a report, or of a column of a portal."""
    subject = " ".join(part for part in (report, portal, url) if part)
    db.execute(
        "insert into event (id, kind, report, at, detail, portal, url) values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing",
        [f"{kind} {subject} {at}", kind, report, at, json.dumps(detail, ensure_ascii=False), portal, url],
    )
