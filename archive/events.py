"""What happened to reports: backfill, new, revised; and which version of a report is the current one.

Idempotent: an event's id is what it says, its time that of a capture. A report whose page was found while its column was
crawled for the first time is `backfill` (domain.md, 6, case 21). A page that shows another version of a report than it
showed before is `revised`, with the cells that differ; a title whose figures follow later is not.
"""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from .pages import Page, Showing
from .search import index_report, unindex


def forget_page(db: Database, page: str) -> set[str]:
    """Take back what an earlier build said of a page; the reports that it showed, for `settle`."""
    reports = db.query(
        "select distinct v.report from sighting s join version v on v.id = s.version where s.page = ?", [page]
    )
    touched = {str(row["report"]) for row in reports}
    db.execute("delete from sighting where page = ?", [page])
    return touched


def record_change(db: Database, page: Page, showing: Showing, report: str, before: str | None, after: str) -> None:
    """The event `revised`, where a page that showed one version of a report shows another."""
    if before in (None, after) or page.is_backfill(showing.at):
        return
    if not next(db.query("select 1 from figure where version = ? limit 1", [before]), None):
        return  # a title whose figures follow
    detail = json.dumps(changes(db, str(before), after), ensure_ascii=False)
    _event(db, f"revised {report} {after} {showing.round}", "revised", report, after, showing.at, detail)


def settle(db: Database, report: str) -> None:
    """Bring a report in line with its sightings: its versions in order, the current one, when it became known, the index.

    Current is the newest of the versions that its pages showed last: a page that returns to an older text makes that one
    current again. A report that no page shows any more goes.
    """
    for row in list(
        db.query("select id from version where report = ? and id not in (select version from sighting)", [report])
    ):
        _drop_version(db, str(row["id"]))
    db.execute(
        "update version set first_seen = (select min(first_seen) from sighting s where s.version = version.id), "
        "last_seen = (select max(last_seen) from sighting s where s.version = version.id) where report = ?",
        [report],
    )
    versions = list(
        db.query(
            "select id, first_seen, last_seen from version where report = ? order by first_seen, coalesce(stated_date, ''), id",
            [report],
        )
    )
    if not versions:
        _drop_report(db, report)
        return
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
    backfill = next(
        db.query(
            "select max(backfill) as b from sighting s join version v on v.id = s.version where v.report = ?", [report]
        )
    )
    _event(db, f"known {report}", "backfill" if backfill["b"] else "new", report, None, first, "{}")
    index_report(db, report)


def _live(db: Database, report: str) -> set[str]:
    """The versions that the report's pages showed last."""
    rows = db.query(
        "select page, version, max(s.last_seen) from sighting s join version v on v.id = s.version "
        "where v.report = ? and role = 'best' group by page",
        [report],
    )
    return {str(row["version"]) for row in rows}


def _with_figures(db: Database, report: str) -> set[str]:
    """The versions of which a figure was read: a page that shows only the title does not stand before them."""
    rows = db.query("select distinct version from figure join version v on v.id = version where v.report = ?", [report])
    return {str(row["version"]) for row in rows}


def _drop_version(db: Database, version: str) -> None:
    unindex(db, "b.version = ?", version)
    db.execute("delete from event where version = ?", [version])
    for table in ("figure", "section", "number", "check_result"):
        db.execute(f"delete from {table} where version = ?", [version])
    db.execute("delete from version where id = ?", [version])


def _drop_report(db: Database, report: str) -> None:
    db.execute("delete from event where report = ?", [report])
    db.execute("delete from indexed where n in (select n from report where id = ?)", [report])
    db.execute("delete from report where id = ?", [report])


def _event(db: Database, id: str, kind: str, report: str, version: str | None, at: str, detail: str) -> None:
    """`new` and `backfill` exclude each other: a report becomes known once, and stays what it was then."""
    db.execute(
        "insert into event (id, kind, report, version, at, detail) values (?, ?, ?, ?, ?, ?) "
        "on conflict (id) do update set at = min(at, excluded.at)",
        [id, kind, report, version, at, detail],
    )


def changes(db: Database, before: str, after: str) -> dict[str, Any]:
    """The cells that differ between two versions, old and new as printed (null: not printed); text alone has none."""
    rows = db.query(
        "select path, o.written as old, n.written as new from figure o join figure n using (path) "
        "where o.version = :before and n.version = :after and (o.value is not n.value or o.state <> n.state)",
        {"before": before, "after": after},
    )
    cells = {row["path"]: [row["old"], row["new"]] for row in rows}
    only = (
        "select path, written from figure where version = ? and path not in (select path from figure where version = ?)"
    )
    cells |= {row["path"]: [row["written"], None] for row in db.query(only, [before, after])}
    cells |= {row["path"]: [None, row["written"]] for row in db.query(only, [after, before])}
    return {"cells": cells} if cells else {"text": True}
