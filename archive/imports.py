"""Files from a person's disk into the archive: each a `resource` record with its origin, then built like any capture."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database

from extract import titles
from extract.formats import read
from extract.model import Hint, Image, Unreadable

from .captures import Circumstances, Recorder, insert
from .parts import natural, pattern

PAGES = (".html", ".htm", ".shtml")
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp")


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in order; hidden ones are passed over."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
        else:
            yield path


def grouped(files: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Files, each with the one that it belongs to, which comes before it: itself, but for the pictures that a page shows
    and for those of one scan, whose names differ in a number.
    """
    every = list(files)
    shown = _shown(every)
    rows: dict[tuple[Path, str], list[Path]] = {}
    for file in every:
        if page := shown.get(file):
            rows.setdefault((page, ""), [page]).append(file)
            continue
        alike = pattern(file.stem) if file.suffix.lower() in PICTURES else ""
        row = rows.setdefault((file.parent, alike + file.suffix) if alike else (file, ""), [])
        if file not in row:
            row.append(file)
    for row in rows.values():
        first, *others = row if row[0].suffix.lower() in PAGES else sorted(row, key=lambda file: natural(file.name))
        yield from ((file, first) for file in (first, *others))


def _shown(files: Sequence[Path]) -> dict[Path, Path]:
    """The pictures among the files that a page among them shows, with that page."""
    pictures = {file.resolve().as_uri(): file for file in files if file.suffix.lower() in PICTURES}
    found: dict[Path, Path] = {}
    for page in (file for file in files if pictures and file.suffix.lower() in PAGES):
        try:
            text = read(page.read_bytes(), Hint(page.resolve().as_uri()))
        except Unreadable:
            continue  # `build` says why
        for block in text.blocks:
            if isinstance(block, Image) and (file := pictures.get(block.source)):
                found.setdefault(file, page)
    return found


def import_files(recorder: Recorder, db: Database, paths: Sequence[Path], origin: str) -> tuple[int, int]:
    """Record files as captures: (recorded, already there with the same bytes from the same place).

    `origin` stands where a portal stands for a fetch: `identity.import_origin`.
    """
    import hashlib

    recorded, known = 0, 0
    for path, first in grouped(files_in(paths)):
        data = path.read_bytes()
        url = path.resolve().as_uri()
        sha256 = hashlib.sha256(data).hexdigest()
        if next(db.query("select 1 from capture where url = ? and sha256 = ?", [url, sha256]), None):
            known += 1
            continue
        number = next(db.query("select count(*) as n from capture where url = ?", [url]))["n"]
        about = Circumstances(origin, "file", number + 1, link_text=_called(path))
        if path != first:
            about = Circumstances(origin, "attachment", number + 1, first.resolve().as_uri(), path.stem)
        row = recorder.file(url, data, mimetypes.guess_type(path.name)[0] or "", about)
        with db.atomic():
            insert(db, [row])
        recorded += 1
    return recorded, known


def _called(path: Path) -> str:
    """What a file is called: as it is named, else as its folder, where that is the title of a report."""
    return path.parent.name if titles.parse(path.parent.name) and not titles.parse(path.stem) else path.stem
