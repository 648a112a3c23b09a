"""What happened to reports: backfill, new, revised; and which version of a report is the current one.

Idempotent: an event's id is what it says, its time that of a capture. A report whose page was found while its column was
crawled for the first time is `backfill` (domain.md, 6, case 21). A page that shows another version of a report than it
showed before is `revised`, with the cells that differ; a title whose figures follow later is not.
"""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from . import backdating, beside, differences, findings, statements
from .contents import OF_VERSION
from .pages import Page, Showing
from .search import index_report, unindex

_VERSION = ("id", "first_seen", "last_seen", "title", "stated")


def forget_page(db: Database, page: str) -> set[str]:
    """Take back what an earlier build said of a page; the reports that it showed, for `settle`."""
    reports = statements.rows(
        db, "select distinct v.report from sighting s join version v on v.id = s.version where s.page = ?", [page]
    )
    touched = {str(report) for (report,) in reports}
    db.execute("delete from sighting where page = ?", [page])
    db.execute("delete from finding where page = ?", [page])
    return touched


def record_change(db: Database, page: Page, showing: Showing, report: str, before: str | None, after: str) -> None:
    """The event `revised`, where a page that showed one version of a report shows another; `figures`, where the one was
    a title whose figures followed in a file.
    """
    if before in (None, after) or page.is_backfill(showing.at):
        return
    had, has = (_has_figures(db, str(version)) for version in (before, after))
    if not had:
        if has:
            event(db, f"figures {report} {after} document", "figures", report, after, showing.at, '{"by": "document"}')
        return
    detail = json.dumps(changes(db, str(before), after), ensure_ascii=False)
    event(db, f"revised {report} {after} {showing.round}", "revised", report, after, showing.at, detail)


def settle(db: Database, report: str) -> None:
    """Bring a report in line with its sightings: its versions in order, the current one, when it became known, the index.

    Current is the newest of the versions that its pages showed last: a page that returns to an older text makes that one
    current again. A report that no page shows any more goes.
    """
    unseen = "select id from version where report = ? and id not in (select version from sighting)"
    for (version_id,) in statements.rows(db, unseen, [report]):
        _drop_version(db, str(version_id))
    db.execute(
        "update version set first_seen = (select min(first_seen) from sighting s where s.version = version.id), "
        "last_seen = (select max(last_seen) from sighting s where s.version = version.id) where report = ?",
        [report],
    )
    versions = [
        dict(zip(_VERSION, row, strict=True))
        for row in statements.rows(
            db,
            "select id, first_seen, last_seen, title, coalesce(stated_date, '') as stated from version where report = ? order by first_seen, stated, id",
            [report],
        )
    ]
    if not versions:
        _drop_report(db, report)
        return
    if len(versions) > 1:
        versions.sort(key=lambda version: _order(db, version))
    for seq, version in enumerate(versions, start=1):
        db.execute("update version set seq = ? where id = ?", [seq, version["id"]])
    live, read = _live(db, report), _with_figures(db, report)
    shown = [version["id"] for version in versions if version["id"] in live]
    current = next((version for version in reversed(shown) if version in read), shown[-1])
    first, last = versions[0]["first_seen"], max(version["last_seen"] for version in versions)
    db.execute(
        "update report set current = ?, title = (select title from version where id = ?), first_seen = ?, last_seen = ? where id = ?",
        [current, current, first, last, report],
    )
    listed = "select max(backfill) from sighting s join version v on v.id = s.version where v.report = ?"
    ((backfill,),) = statements.rows(db, listed, [report])
    _tell(db, report, first, bool(backfill))
    index_report(db, report)


def _tell(db: Database, report: str, first: str, backfill: bool) -> None:
    """That a report is known, what its stated date leaves in doubt, and what was found of its versions."""
    event(db, f"known {report}", "backfill" if backfill else "new", report, None, first, "{}")
    if not backfill and (said := backdating.suspect(db, report, first)):
        event(db, f"backdated_suspect {report}", "backdated_suspect", report, None, first, json.dumps(said))
    for found in findings.told(db, report):
        id = f"{found['kind']} {report} {found['version']} {found['document']}"
        event(db, id, found["kind"], report, found["version"], found["at"], found["detail"])


def _order(db: Database, version: dict[str, Any]) -> tuple[str, bool, str, str, str]:
    """The place of a version among those of its report: by the round that first showed it, in which lists are newest first;
    of one round by what is called corrected, the stated date, the time.
    """
    rows = db.query(
        "select s.link_text, coalesce((select min(r.fetched_at) from capture r where r.portal = p.id and r.round = (select c.round from capture c "
        "where c.portal = p.id and c.url = substr(s.page, length(p.id) + 2) and c.fetched_at >= s.first_seen order by c.fetched_at limit 1)), "
        "s.first_seen) as began from sighting s left join portal p on p.id = substr(s.page, 1, instr(s.page, ' ') - 1) where s.version = ?",
        [version["id"]],
    )
    seen = list(rows)
    corrected = any(beside.is_corrected(version["title"], row["link_text"]) for row in seen)
    return min(row["began"] for row in seen), corrected, version["stated"], version["first_seen"], version["id"]


def _has_figures(db: Database, version: str) -> bool:
    return statements.first(db, "select 1 from figure where version = ? limit 1", [version]) is not None


def _live(db: Database, report: str) -> set[str]:
    """The versions that the report's pages showed last."""
    rows = statements.rows(
        db,
        "select page, version, max(s.last_seen) from sighting s join version v on v.id = s.version "
        "where v.report = ? and role = 'best' group by page",
        [report],
    )
    return {str(version) for _, version, _ in rows}


def _with_figures(db: Database, report: str) -> set[str]:
    """The versions of which a figure was read: a page that shows only the title does not stand before them."""
    read = (
        "select id from version v where report = ? and exists (select 1 from version_figure f where f.version_n = v.n)"
    )
    return {str(version) for (version,) in statements.rows(db, read, [report])}


def _drop_version(db: Database, version: str) -> None:
    unindex(db, "b.version = ?", version)
    db.execute("delete from event where version = ?", [version])
    for table in OF_VERSION.values():
        db.execute(f"delete from {table} where version_n = (select n from version where id = ?)", [version])
    db.execute("delete from finding where version = ?", [version])
    db.execute("delete from version where id = ?", [version])


def _drop_report(db: Database, report: str) -> None:
    db.execute("delete from event where report = ?", [report])
    db.execute("delete from indexed where n in (select n from report where id = ?)", [report])
    db.execute("delete from report where id = ?", [report])


def event(db: Database, id: str, kind: str, report: str, version: str | None, at: str, detail: str) -> None:
    """`new` and `backfill` exclude each other: a report becomes known once, and stays what it was then."""
    db.execute(
        "insert into event (id, kind, report, version, at, detail) values (?, ?, ?, ?, ?, ?) "
        "on conflict (id) do update set at = min(at, excluded.at)",
        [id, kind, report, version, at, detail],
    )


def changes(db: Database, before: str, after: str) -> dict[str, Any]:
    """The cells that differ between two versions, old and new as printed (null: not printed); text alone has none."""
    cells = differences.cells(db, before, after)
    return {"cells": cells} if cells else {"text": True}
