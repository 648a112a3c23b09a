"""Reports whose page states a date after which their column was read without them (domain.md, 6, case 13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlite_utils import Database

from .clock import china_day

MARGIN = 2  # days between what a page states and its place in the list: offices date what an editor publishes later


def suspect(db: Database, report: str, first_seen: str) -> dict[str, Any] | None:
    """What speaks against the stated date of a report that is new: the date, the last reading without it. None without.

    Only whole readings of the column that lists it count, before the round in which it was first listed. A report that
    several columns list from the same time on is suspect by any of them.
    """
    found = [said for page in _pages(db, report, first_seen) if (said := _of_page(db, *page))]
    return min(found, key=lambda said: (said["stated"], said["read"])) if found else None


def _pages(db: Database, report: str, first_seen: str) -> Iterator[tuple[str, str, date]]:
    """Portal, address and stated date of the pages on which a report was first seen."""
    rows = db.query(
        "select s.page, v.stated_date from sighting s join version v on v.id = s.version "
        "where v.report = ? and s.first_seen = ? and v.stated_date is not null group by s.page order by s.page",
        [report, first_seen],
    )
    for row in list(rows):
        portal, _, url = row["page"].partition(" ")
        try:
            yield portal, url, date.fromisoformat(row["stated_date"][:10])
        except ValueError:
            continue  # a date that does not exist is none


def _of_page(db: Database, portal: str, url: str, stated: date) -> dict[str, Any] | None:
    row = next(
        db.query(
            "select r.at from listed l join reading r on r.portal = l.portal and r.column_url = l.column_url and r.round < l.first_round "
            "where l.portal = ?1 and l.url = ?2 and r.whole and l.first_round = (select min(first_round) from listed where portal = ?1 and url = ?2) "
            "order by r.round desc limit 1",
            [portal, url],
        ),
        None,
    )
    if row is None or (china_day(row["at"]) - stated).days < MARGIN:
        return None
    return {"stated": str(stated), "read": str(china_day(row["at"]))}
