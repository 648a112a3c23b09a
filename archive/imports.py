"""Files from a person's disk into the archive: each a `resource` record with its origin, then built like any capture."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database

from .captures import Circumstances, Recorder, insert


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in order; hidden ones are passed over."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
        else:
            yield path


def import_files(recorder: Recorder, db: Database, paths: Sequence[Path], origin: str) -> tuple[int, int]:
    """Record files as captures: (recorded, already there with the same bytes from the same place).

    `origin` stands where a portal stands for a fetch: `identity.import_origin`.
    """
    import hashlib

    recorded, known = 0, 0
    for path in files_in(paths):
        data = path.read_bytes()
        url = path.resolve().as_uri()
        sha256 = hashlib.sha256(data).hexdigest()
        if next(db.query("select 1 from capture where url = ? and sha256 = ?", [url, sha256]), None):
            known += 1
            continue
        number = next(db.query("select count(*) as n from capture where url = ?", [url]))["n"]
        about = Circumstances(origin, "file", number + 1, link_text=path.stem)
        row = recorder.file(url, data, mimetypes.guess_type(path.name)[0] or "", about)
        with db.atomic():
            insert(db, [row])
        recorded += 1
    return recorded, known
