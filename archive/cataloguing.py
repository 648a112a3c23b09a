"""Rows of the catalogue from the records of segments: after a kill, and for a rebuild."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlite_utils import Database

from . import notes, replaying, warc
from .captures import FOLDER, UNKNOWN, Circumstances, Row, hexadecimal, http_fields, insert, row_of
from .warc import Record, Written

Look = Callable[[int, int, Record], None]


def repair(folder: Path, db: Database) -> list[str]:
    """After a kill: close open segments and catalogue what reached the WARC only, captures and rows. Says what was done.

    A segment is copied, then catalogued, then its open file removed; killed in between, it is done again.
    """
    said = []
    for path in warc.left_open(folder / FOLDER):
        segment, torn = warc.close_copy(path)
        rows = list(catalogue(segment, db)) if segment.exists() else []
        known = {row["id"] for row in db.query("select id from capture where segment = ?", [segment.name])}
        fresh = [row for row in rows if row["id"] not in known]
        with db.atomic():
            insert(db, fresh)
            again = replaying.redo(db, list(_unstored(segment, db)))
            db.execute("insert or replace into told values (?, ?)", [segment.name, _end(segment)])
        path.unlink()
        db.execute("delete from told where segment = ?", [segment.name])
        tail = f", its torn tail of {torn} bytes is kept as {segment.name}{warc.TORN}" if torn else ""
        rest = f", {again} rows of the crawl stored now" if again else ""
        said.append(f"{segment.name} was left open: {len(rows)} captures kept, {len(fresh)} catalogued now{rest}{tail}")
    return said


def _unstored(segment: Path, db: Database) -> Iterator[notes.Rows]:
    """The rows that a segment tells and whose transaction did not end."""
    last = next(db.query("select start from told where segment = ?", [segment.name]), {"start": -1})["start"]
    if segment.exists():
        yield from (
            notes.read(record) for start, _, record in warc.records(segment) if start > last and notes.is_rows(record)
        )


def _end(segment: Path) -> int:
    return segment.stat().st_size if segment.exists() else 0


def catalogue(segment: Path, db: Database, look: Look | None = None) -> Iterator[Row]:
    """The catalogue rows of a segment's captures, from its records; `db` knows what a revisit refers to elsewhere.

    `look` is shown every record with its offset and length.
    """
    seen: dict[tuple[str, str], str] = {}
    about: dict[str, Circumstances] = {}
    for start, length, record in warc.records(segment):
        if look:
            look(start, length, record)
        if record.type == "metadata" and "WARC-Concurrent-To" in record.headers:
            about[record.headers["WARC-Concurrent-To"]] = _circumstances(record)
        elif record.type in warc.CAPTURES:
            url, date = record.headers["WARC-Target-URI"], record.headers["WARC-Date"]
            written = Written(segment.name, start, length, date)
            row = row_of(url, written, record.type, about.get(record.headers["WARC-Record-ID"], Circumstances()))
            row |= http_fields(record.status or 200, record.http_headers)
            if record.type == "resource":
                row["media_type"] = record.headers.get("Content-Type", "").replace(UNKNOWN, "")
            row["sha256"] = hexadecimal(record.headers["WARC-Payload-Digest"])
            row["revisit_of"] = _original(record, seen, db) if record.type == "revisit" else None
            seen[url, date] = row["id"]
            yield row


def _original(record: Record, seen: Mapping[tuple[str, str], str], db: Database) -> str | None:
    key = (record.headers["WARC-Refers-To-Target-URI"], record.headers["WARC-Refers-To-Date"])
    rows = db.query("select id from capture where url = ? and fetched_at = ?", list(key))
    return seen.get(key) or next((str(row["id"]) for row in rows), None)


def _circumstances(record: Record) -> Circumstances:
    known = {name: value for name, value in notes.fields(record).items() if name in Circumstances.__dataclass_fields__}
    return Circumstances(**{**known, "round": int(known.get("round", "0"))})  # type: ignore[arg-type]
