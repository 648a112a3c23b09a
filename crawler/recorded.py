"""Recorded pages: what a family made of a page, as a fixture for its tests and for a person to read.

A fixture is a folder with the page as it was served, under a first line that says its address, and expected.json.
"""

from __future__ import annotations

import json
import re
from itertools import chain, count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive import captures
from archive.export import write_folder

from .attachments import attachments
from .families import family_of
from .pages import Page

_LAST_SEEN = (
    "select c.url, c.family, (select coalesce(revisit_of, id) from capture where url = c.url and status in (200, 304) "
    "and portal = c.portal order by fetched_at desc limit 1) as holder from column_page c "
    "where c.portal = ? and c.state in ('found', 'confirmed') and holder is not null order by c.unit, c.url"
)
_ABOUT = re.compile(rb"^<!-- url: (\S+)(?: form: (\S+))?(?: base: (\S+))? -->\r?\n")


class NotRecorded(ValueError):
    """A fixture whose first line does not say its address. Raised by `load`."""


def load(case: Path) -> Page:
    """The page of a fixture's folder."""
    (file,) = case.glob("page.*")
    source = file.read_bytes()
    about = _ABOUT.match(source)
    if not about:
        raise NotRecorded(f"{file}: the first line must be <!-- url: ADDRESS -->")
    url, form, base = (part.decode() if part else "" for part in about.groups())
    return Page(url, source[about.end() :], form=form, base=base)


def reading(page: Page) -> dict[str, Any]:
    """What a page is read as: its family, entries, further pages and attachments."""
    family = family_of(page)
    listing = family.listing(page)
    return {
        "family": family.name,
        **({"says": listing.says} if listing.says else {}),
        "entries": [[entry.url, entry.title, entry.date, entry.is_report] for entry in listing.entries],
        "further": [[fetch.url, fetch.body] if fetch.form else fetch.url for fetch in listing.further],
        "attachments": [[link.url, link.text] for link in attachments(page)],
    }


def record(folder: Path, db: Database, portal: str, target: Path) -> list[Path]:
    """Write a fixture for every column of a portal, as it was last seen: target/<family>/<host>[-n]/. Their folders."""
    written = []
    for row in db.query(_LAST_SEEN, [portal]):
        holder = next(db.query("select * from capture where id = ?", [row["holder"]]))
        first_line = f"<!-- url: {row['url']} -->\n".encode()
        case = _place(target / row["family"] / (urlsplit(row["url"]).hostname or portal), first_line)
        page = first_line + captures.record_of(folder, holder).content()
        write_folder(case, {"page.html": page})
        expected = json.dumps(reading(load(case)), ensure_ascii=False, indent=1)
        write_folder(case, {"expected.json": f"{expected}\n".encode()})
        written.append(case)
    return written


def _place(case: Path, first_line: bytes) -> Path:
    """The folder itself, or with the first number that is not taken by another page."""
    numbered = (case.with_name(f"{case.name}-{number}") for number in count(2))
    return next(folder for folder in chain([case], numbered) if _is_free(folder / "page.html", first_line))


def _is_free(file: Path, first_line: bytes) -> bool:
    return not file.exists() or file.read_bytes().startswith(first_line)
