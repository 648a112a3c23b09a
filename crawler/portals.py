"""A portal is a row: adding, naming and correcting portals, and importing lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.clock import now
from archive.options import rows_of_csv

from .session import is_private

_NETLOC = re.compile(r"(?:(?:[\w-]+\.)+[\w-]+|localhost|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
MAX_DELAY = 600  # seconds: a longer pause is `portals pause`
EDITABLE = ("name", "region", "region_name", "hosts", "delay", "allow_private", "note")


class BadPortal(ValueError):
    """A portal that cannot be taken; the message says what is wrong with it. Raised by `add`."""


def portal_id(url: str) -> str:
    """The natural key of a portal: host (and port where it is not the usual one) and the folder of its home page."""
    parts = urlsplit(url)
    return parts.netloc.lower() + parts.path.rstrip("/")


def add(db: Database, url: str, **said: Any) -> str:
    """Add a portal by its home page, or take up one that was removed; its id. Raises BadPortal, saying what is wrong."""
    url = url.strip() if "://" in url else f"http://{url.strip()}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not _NETLOC.fullmatch(parts.netloc):
        raise BadPortal(f"{url!r} is no address of a home page, such as http://www.example.gov.cn/")
    values = checked(said)
    if is_private(parts.hostname or "") and not values.get("allow_private"):
        raise BadPortal(f"{parts.hostname} is a private address; add --allow-private if that is meant")
    id = portal_id(url)
    known = next(db.query("select state from portal where id = ?", [id]), None)
    if known and known["state"] != "removed":
        raise BadPortal(f"the portal {id} is there already; `nianbao portals edit {id}` changes it")
    row = {"id": id, "home": url if parts.path else url + "/", "state": "new", **values}
    if known:
        db.table("portal").update(id, row)
    else:
        db.table("portal").insert({**row, "added_at": now()})
    return id


def checked(said: dict[str, Any]) -> dict[str, Any]:
    """What a person says of a portal, without what is not said, in the types of its columns. Raises BadPortal."""
    values = {key: value for key, value in said.items() if key in EDITABLE and value not in (None, "")}
    if "delay" in values:
        try:
            values["delay"] = float(values["delay"])
        except ValueError as error:
            raise BadPortal(f"the delay {values['delay']!r} is no number of seconds") from error
        if not 0 <= values["delay"] <= MAX_DELAY:
            raise BadPortal(f"a delay of {values['delay']:g} seconds is not between 0 and {MAX_DELAY}")
    if "allow_private" in values:
        values["allow_private"] = int(str(values["allow_private"]).lower() in ("1", "true", "yes", "ja", "是"))
    return values


def import_csv(db: Database, file: Path) -> Iterator[tuple[int, str | BadPortal]]:
    """Add the portals of a CSV file with the columns url, name, region, region_name: (line, id or what is wrong)."""
    for line, row in rows_of_csv(file, "url"):
        try:
            yield line, add(db, row.pop("url", "") or row.pop("home", ""), **row)
        except BadPortal as error:
            yield line, error


def find(db: Database, name: str) -> dict[str, Any]:
    """The portal with this id, address, or a part of its id or name that only it has. Raises BadPortal."""
    id = portal_id(name) if "://" in name else name.rstrip("/")
    rows = list(db.query("select * from portal where id = ? and state <> 'removed'", [id])) or list(
        db.query(
            "select * from portal where state <> 'removed' and (id like ? or name like ? or region_name like ?)",
            [f"%{name}%"] * 3,
        )
    )
    if len(rows) != 1:
        said = (
            f"no portal is named {name!r}"
            if not rows
            else f"{name!r} is {len(rows)} portals: {', '.join(row['id'] for row in rows[:5])}"
        )
        raise BadPortal(f"{said}; `nianbao portals list` names them")
    return rows[0]


def listing(db: Database) -> list[dict[str, Any]]:
    """All portals with the number of their columns, units and reports."""
    return list(
        db.query(
            "select p.id as portal, p.name, p.region, p.region_name, p.family, p.state, p.delay, p.home, p.hosts, p.allow_private, p.note, "
            "(select count(*) from column_page c where c.portal = p.id and c.state in ('found', 'confirmed')) as columns, "
            "(select count(*) from unit u where u.portal = p.id) as units from portal p where p.state <> 'removed' order by p.id"
        )
    )
