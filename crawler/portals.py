"""A portal is a row: adding, naming and correcting portals, and importing lists of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.clock import now

from .session import is_private

_NETLOC = re.compile(r"(?:(?:[\w-]+\.)+[\w-]+|localhost|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
EDITABLE = ("name", "region", "region_name", "home", "hosts", "delay", "allow_private", "note")


class BadPortal(ValueError):
    """A portal that cannot be taken; the message says what is wrong with it. Raised by `add`."""


def portal_id(url: str) -> str:
    """The natural key of a portal: host (and port where it is not the usual one) and the folder of its home page."""
    parts = urlsplit(url)
    return parts.netloc.lower() + parts.path.rstrip("/")


def add(db: Database, url: str, **said: Any) -> str:
    """Add a portal by its home page; its id. Raises BadPortal for an address that is none, or one that is there."""
    url = url.strip() if "://" in url else f"http://{url.strip()}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not _NETLOC.fullmatch(parts.netloc):
        raise BadPortal(f"{url!r} is no address of a home page, such as http://www.example.gov.cn/")
    if is_private(parts.hostname or "") and not said.get("allow_private"):
        raise BadPortal(f"{parts.hostname} is a private address; add --allow-private if that is meant")
    delay = said.get("delay")
    if delay is not None and not 0 <= float(delay) <= 600:
        raise BadPortal(f"a delay of {delay} seconds is not between 0 and 600")
    id = portal_id(url)
    if next(db.query("select 1 from portal where id = ?", [id]), None):
        raise BadPortal(f"the portal {id} is there already; `nianbao portals edit {id}` changes it")
    values = {key: value for key, value in said.items() if key in EDITABLE and value not in (None, "")}
    db.table("portal").insert({"id": id, "home": url if parts.path else url + "/", "added_at": now(), **values})
    return id


def import_csv(db: Database, file: Path) -> Iterator[tuple[int, str | BadPortal]]:
    """Add the portals of a CSV file with the columns url, name, region, region_name: (line, id or what is wrong)."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        for line, row in enumerate(csv.DictReader(source), start=2):
            try:
                yield (
                    line,
                    add(
                        db,
                        row.get("url") or row.get("home") or "",
                        **{k: v for k, v in row.items() if k in EDITABLE and k != "home"},
                    ),
                )
            except BadPortal as error:
                yield line, error


def find(db: Database, name: str) -> dict[str, Any]:
    """The portal with this id, address, or a part of its id or name that only it has. Raises BadPortal."""
    id = portal_id(name) if "://" in name else name.rstrip("/")
    rows = list(db.query("select * from portal where id = ?", [id])) or list(
        db.query("select * from portal where id like ? or name like ? or region_name like ?", [f"%{name}%"] * 3)
    )
    if len(rows) != 1:
        said = (
            f"no portal is named {name!r}"
            if not rows
            else f"{name!r} is {len(rows)} portals: {', '.join(row['id'] for row in rows[:5])}"
        )
        raise BadPortal(f"{said}; `nianbao portals` lists them")
    return rows[0]


def listing(db: Database) -> list[dict[str, Any]]:
    """All portals with the number of their columns, units and reports."""
    return list(
        db.query(
            "select p.id as portal, p.name, p.region, p.region_name, p.family, p.state, p.delay, p.home, p.hosts, p.allow_private, p.note, "
            "(select count(*) from column_page c where c.portal = p.id and c.state <> 'removed') as columns, "
            "(select count(*) from unit u where u.portal = p.id) as units from portal p order by p.id"
        )
    )
