"""Holds the segments against the catalogue: what `nianbao verify` says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from . import warc
from .captures import FOLDER, Row, hexadecimal
from .warc import Damaged


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` says of a segment. `open`: it is being written, or the next run will close it; it is not read."""

    segment: str
    captures: int
    wrong: tuple[str, ...] = ()
    open: bool = False


def verify(folder: Path, db: Database) -> Iterator[Verdict]:
    """Hold the segments against the catalogue.

    Each row is re-read by offset, length and sha256; the number of records must equal the number of rows.
    """
    unread = {path.name.removesuffix(warc.OPEN) for path in warc.left_open(folder / FOLDER)}
    on_disk = {path.name for path in (folder / FOLDER).glob("*.warc.gz")}
    known = {row["segment"] for row in db.query("select distinct segment from capture")}
    for segment in sorted(on_disk | known | unread):
        if segment in unread:
            yield Verdict(segment, 0, open=True)
        else:
            rows = list(db.query("select * from capture where segment = ? order by start", [segment]))
            yield _verify_segment(folder, segment, rows)


def _verify_segment(folder: Path, segment: str, rows: Sequence[Row]) -> Verdict:
    wrong: list[str] = []
    path = folder / FOLDER / segment
    if not path.exists():
        return Verdict(segment, 0, (f"the file is gone; {len(rows)} captures are catalogued in it",))
    count, end = 0, 0
    try:
        for start, length, record in warc.records(path):
            count += record.type in warc.CAPTURES
            end = start + length
    except Damaged as error:
        wrong.append(str(error))
    if not wrong and end != path.stat().st_size:
        wrong.append(f"torn: {path.stat().st_size - end} bytes after byte {end} are no complete record")
    if count != len(rows):
        wrong.append(f"{count} captures in the file, {len(rows)} in the catalogue")
    for row in rows:
        try:
            record = warc.read(folder / FOLDER, segment, row["start"], row["length"])
        except Damaged as error:
            wrong.append(str(error))
            continue
        stated = hexadecimal(record.headers.get("WARC-Payload-Digest", ""))
        real = stated if record.type == "revisit" else hashlib.sha256(record.payload).hexdigest()
        if not stated == real == row["sha256"] or record.headers["WARC-Target-URI"] != row["url"]:
            wrong.append(f"the record at {row['start']} is not the one catalogued ({row['url']})")
        if record.type == "revisit" and not row["revisit_of"]:
            wrong.append(f"the revisit at {row['start']} refers to no capture ({row['url']})")
    return Verdict(segment, count, tuple(wrong))
