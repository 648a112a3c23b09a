"""From a document to the bytes that an archive keeps of it: the capture, and the path inside it where it is a bundle."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from extract import bundles, composing
from extract.bundles import BETWEEN, MAX_DEPTH
from extract.model import Unreadable

from . import captures, warc
from .filenames import file_name

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """Where a document's bytes are: the row of the capture, and the path in it, empty where the capture is the document."""

    capture: Row
    document: str
    path: str = ""


def held(db: Database, document: str, version: str = "", depth: int = 0) -> Held | None:
    """Where the bytes of a document are. Of several captures that one by which a version is shown comes first.

    None where no capture holds them: of a report that is put together, ask for its parts.
    """
    row = next(
        db.query(
            "select c.* from capture c left join sighting s on s.version = ?2 and s.capture = c.id "
            "where c.document = ?1 and c.revisit_of is null "
            "order by coalesce(s.role, 'none') = 'best' desc, s.role is null, c.fetched_at, c.id limit 1",
            [document, version],
        ),
        None,
    )
    if row:
        return Held(row, document)
    if depth >= MAX_DEPTH:
        return None
    around = db.query(
        "select p.document, p.path from part p join document d on d.sha256 = p.document where p.sha256 = ? and d.format <> ? "
        "order by p.document, p.n",
        [document, composing.FORMAT],
    )
    for bundle in list(around):
        if outer := held(db, bundle["document"], version, depth + 1):
            path = f"{outer.path}{BETWEEN}{bundle['path']}" if outer.path else str(bundle["path"])
            return Held(outer.capture, document, path)
    return None


def parts(db: Database, document: str) -> list[Row]:
    """What a report is put together from, in order: path (its address) and sha256; none for every other document."""
    rows = db.query(
        "select p.path, p.sha256 from part p join document d on d.sha256 = p.document where p.document = ? and d.format = ? "
        "order by p.n",
        [document, composing.FORMAT],
    )
    return list(rows)


def bytes_of(folder: Path, where: Held) -> bytes:
    """The bytes of a document as they were published. Raises warc.Damaged where they cannot be read back."""
    record = captures.record_of(folder, where.capture)
    return unpacked(record.content(), where.path) if where.path else record.payload


def content_of(folder: Path, where: Held) -> bytes:
    """The bytes of a document as a reader takes them, without encodings of their transfer. Raises warc.Damaged, TooLarge."""
    return unpacked(captures.record_of(folder, where.capture).content(), where.path)


def bundle_of(folder: Path, db: Database, made_of: Sequence[Row]) -> bytes:
    """A ZIP file with the documents that a report is put together from, numbered in their order. Raises warc.Damaged."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for number, part in enumerate(made_of, 1):
            where = held(db, str(part["sha256"]))
            if where is None:
                raise warc.Damaged(f"no capture holds {part['path']}")
            name = where.path.rpartition("/")[2] or file_name(where.capture) or part["sha256"][:16]
            packed.writestr(f"{number:02} {name}", bytes_of(folder, where))
    return file.getvalue()


def unpacked(data: bytes, path: str) -> bytes:
    """A document in a bundle, or in one inside it; the data themselves without a path. Raises warc.Damaged."""
    try:
        return bundles.member(data, path) if path else data
    except Unreadable as error:
        raise warc.Damaged(str(error)) from error


def of_version(db: Database, version: Mapping[str, Any], part: str = "") -> Held:
    """Where the bytes of a version's document are; of a report that is put together, those of a part, else the first."""
    document = str(version["document"])
    made_of = parts(db, document)
    if made_of:
        document = next((str(each["sha256"]) for each in made_of if each["path"] == part), str(made_of[0]["sha256"]))
    found = held(db, document, str(version["id"]))
    if found is None:
        raise LookupError(f"no capture holds the document {document}")
    return found
