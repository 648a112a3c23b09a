"""What happened to a report: backfill, new, revised. Idempotent: an event's id is what it says, its time that of a capture.

A report that was on the portal when its first crawl ended is `backfill` (domain.md, 6, case 21); a further version of a
report is `revised`, with the cells that differ. The order of versions is the order in which they were first seen.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from sqlite_utils import Database


def record_version(db: Database, report: str, portal: str) -> None:
    """Bring versions, current version and events of one report in line with its versions. Call it in the transaction."""
    versions = list(
        db.query(
            "select id, first_seen, stated_date, seq, document from version where report = ? "
            "order by first_seen, coalesce(stated_date, ''), id",
            [report],
        )
    )
    for seq, version in enumerate(versions, start=1):
        if version["seq"] != seq:
            db.execute("update version set seq = ? where id = ?", [seq, version["id"]])
    db.execute("update report set current = ? where id = ?", [versions[-1]["id"], report])
    baseline = _baseline(db, portal)
    first = versions[0]
    kind = "backfill" if baseline is None or first["first_seen"] <= baseline else "new"
    _event(db, kind, report, None, first["first_seen"], {})
    for before, after in pairwise(versions):
        if baseline is not None and after["first_seen"] > baseline:
            _event(db, "revised", report, after["id"], after["first_seen"], _changes(db, before["id"], after["id"]))


def _baseline(db: Database, portal: str) -> str | None:
    """When the portal's first crawl ended; None while it has not, and for imported files."""
    row = next(db.query("select baseline_at from portal where id = ?", [portal]), None)
    return row["baseline_at"] if row else None


def _event(db: Database, kind: str, report: str, version: str | None, at: str, detail: dict[str, Any]) -> None:
    """`new` and `backfill` exclude each other: a report becomes known once."""
    group = "known" if kind in ("new", "backfill") else kind
    db.execute(
        "insert into event (id, kind, report, version, at, detail) values (?, ?, ?, ?, ?, ?) on conflict (id) do update "
        "set at = min(at, excluded.at)",
        [
            f"{group} {report} {version or ''}".strip(),
            kind,
            report,
            version,
            at,
            json.dumps(detail, ensure_ascii=False),
        ],
    )


def _changes(db: Database, before: str, after: str) -> dict[str, Any]:
    """The cells that differ between two versions, old and new as printed; a change of text alone has none."""
    rows = db.query(
        "select path, o.written as old, n.written as new from figure o join figure n using (path) "
        "where o.version = :before and n.version = :after and (o.value is not n.value or o.state <> n.state)",
        {"before": before, "after": after},
    )
    cells = {row["path"]: [row["old"], row["new"]] for row in rows}
    lost = db.query(
        "select path, written from figure where version = ? and path not in (select path from figure where version = ?)",
        [before, after],
    )
    cells |= {row["path"]: [row["written"], None] for row in lost}
    gained = db.query(
        "select path, written from figure where version = ? and path not in (select path from figure where version = ?)",
        [after, before],
    )
    cells |= {row["path"]: [None, row["written"]] for row in gained}
    return {"cells": cells} if cells else {"text": True}
