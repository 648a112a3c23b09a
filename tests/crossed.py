"""Archives for the tests of checks: reports put into the catalogue as a build writes them, without any document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive import crosschecks, database
from extract import cells

AT = "2026-01-10T00:00:00.000000Z"
REGION = "340602"
Row = dict[str, Any]


def catalogue(folder: Path) -> Database:
    """An empty catalogue."""
    return database.connect(folder, create=True)


def report(
    db: Database, unit: str, year: int, figures: Mapping[str, str], scope: str = "own", region: str = REGION
) -> str:
    """A report with these cells as printed, or another version of it, as `archive/reports.py` writes them; its id."""
    id, name = f"{region}/{unit}/{scope}/{year}", f"{region}/{unit}"
    digest = hashlib.sha256(repr((id, sorted(figures.items()))).encode()).hexdigest()
    version = digest[:16]
    db.execute("insert or ignore into unit (id, region, name, found_at) values (?, ?, ?, ?)", [name, region, unit, AT])
    db.execute("insert or ignore into document (sha256, bytes, reader, read_at) values (?, 1, '1', ?)", [digest, AT])
    db.execute(
        "insert or ignore into report (id, region, unit, scope, year, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?)",
        [id, region, name, scope, year, AT, AT],
    )
    db.execute(
        "insert or ignore into version (id, report, document, content, first_seen, last_seen) values (?, ?, ?, ?, ?, ?)",
        [version, id, digest, digest, AT, AT],
    )
    for path, written in figures.items():
        reading = cells.read(written)
        value = None if reading.value is None else float(reading.value)
        db.execute(
            "insert or ignore into version_figure (version_n, path, value, state, written, form) select n, ?, ?, ?, ?, 'y2021' from version where id = ?",
            [path, value, reading.state.value, written, version],
        )
    db.execute("update report set current = ? where id = ?", [version, id])
    return id


def drop(db: Database, id: str) -> None:
    """Take a report away, as `archive/events.py` does."""
    for version in [row["id"] for row in db.query("select id from version where report = ?", [id])]:
        for table in ("version_figure", "version_check"):
            db.execute(f"delete from {table} where version_n = (select n from version where id = ?)", [version])
        db.execute("delete from version where id = ?", [version])
    db.execute("delete from report where id = ?", [id])


def crossed(db: Database, check: str = "") -> dict[tuple[str, str, str], tuple[str, str | None, str | None]]:
    """The rows of `cross_check` after a build: (report, id, scope) → (result, expected, found)."""
    crosschecks.settle(db)
    rows = db.query("select * from cross_check where ? in ('', id)", [check])
    return {(row["report"], row["id"], row["scope"]): (row["result"], row["expected"], row["found"]) for row in rows}


def contents(db: Database) -> list[Row]:
    """The whole of `cross_check`, in order."""
    return list(db.query("select * from cross_check order by report, id, scope"))
