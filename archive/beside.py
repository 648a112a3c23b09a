"""Pages of one report that show different figures at the same time: a corrected version beside the original, or a conflict.

Told anew after every build, like what stands in `standing.py`: ids and times follow from what was seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from .differences import cells

CORRECTED = re.compile(r"更正|修订|修正|订正|勘误")


@dataclass(frozen=True, slots=True)
class Seen:
    """A version on a page: from when to when, where it stands, whether its title calls it corrected."""

    portal: str
    url: str
    version: str
    since: str
    last: str
    corrected: bool
    backfill: bool


def tell(db: Database) -> Iterator[dict[str, Any]]:
    """The events: id, kind, report, version, at, detail (JSON)."""
    several = db.query(
        "select v.report from sighting s join version v on v.id = s.version where s.role = 'best' "
        "group by v.report having count(distinct s.page) > 1 and count(distinct s.version) > 1 order by v.report"
    )
    for row in list(several):
        yield from _of_report(db, str(row["report"]))


def is_corrected(title: str, link_text: str) -> bool:
    """Whether a report is called a corrected one."""
    return bool(CORRECTED.search(title) or CORRECTED.search(link_text))


def _of_report(db: Database, report: str) -> Iterator[dict[str, Any]]:
    seen = list(_seen(db, report))
    for new in seen:
        if new.backfill:
            continue
        before = [one for one in seen if one.url != new.url and one.version != new.version and one.since < new.since]
        if any(one.version == new.version and one.since < new.since for one in seen):
            continue  # this version is known from another page
        if new.corrected:
            if before and (differ := cells(db, before[-1].version, new.version)):
                said = {"cells": differ, "beside": before[-1].url}
                yield _event("revised", report, new, new.since, f"{new.version} {new.url}", said)
            continue
        for one in before:
            at = None if one.corrected else _again(db, one, new)
            if at and (differ := cells(db, one.version, new.version)):
                said = {"documents": [one.url, new.url], "cells": differ}
                yield _event("conflict", report, new, at, f"{one.version} {new.version}", said)


def _event(kind: str, report: str, new: Seen, at: str, subject: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{kind} {report} {subject}", "kind": kind, "report": report, "version": new.version, "at": at,
        "detail": json.dumps(detail, ensure_ascii=False),
    }  # fmt: skip


def _seen(db: Database, report: str) -> Iterator[Seen]:
    """The versions with figures that pages of portals showed, in the order of time."""
    rows = db.query(
        "select s.page, s.version, s.first_seen, s.last_seen, s.link_text, s.backfill, v.title from sighting s "
        "join version v on v.id = s.version where v.report = ? and s.role = 'best' "
        "and exists (select 1 from version_figure f where f.version_n = v.n) "
        "and substr(s.page, 1, instr(s.page, ' ') - 1) in (select id from portal) order by s.first_seen, s.page",
        [report],
    )
    for row in list(rows):
        portal, _, url = row["page"].partition(" ")
        corrected = is_corrected(row["title"], row["link_text"])
        yield Seen(portal, url, row["version"], row["first_seen"], row["last_seen"], corrected, bool(row["backfill"]))


def _again(db: Database, one: Seen, new: Seen) -> str | None:
    """When a page was seen to show what it shows beside a newer page, in the round of that page or later; None if never."""
    since = (
        "round >= (select round from capture where portal = :portal and url = :new and fetched_at <= :since order by fetched_at desc limit 1)"
        if one.portal == new.portal
        else "fetched_at >= :since"
    )
    row = next(
        db.query(
            "select min(fetched_at) as at from capture where portal = :portal and url = :old and status in (200, 304) "
            f"and refused = '' and kind <> 'missing' and fetched_at <= :last and {since}",
            {"portal": one.portal, "old": one.url, "new": new.url, "since": new.since, "last": one.last},
        )
    )
    return max(row["at"], new.since) if row["at"] else None
