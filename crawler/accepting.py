"""What a person accepts of what `status` says: that a portal has moved, that its lists have become shorter."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive import health, readings

from .due import settle
from .portals import BadPortal, column


def accept_move(db: Database, portal: dict[str, Any]) -> list[str]:
    """Take what `status` says of where a portal or its columns have moved; the new addresses. Raises BadPortal."""
    moved: dict[str, str] = json.loads(portal["moved"] or "{}")
    if not moved:
        raise BadPortal(
            f"{portal['id']} has not moved, as far as its last round tells: `nianbao status {portal['id']}`"
        )
    hosts = dict.fromkeys(portal["hosts"].split())
    for old, new in moved.items():
        hosts[urlsplit(new).hostname or ""] = None
        known = next(
            db.query("select unit, title, family from column_page where portal = ? and url = ?", [portal["id"], old]),
            None,
        )
        if known:
            column(db, portal, new, **known, state="confirmed")
            db.execute("update column_page set state = 'removed' where portal = ? and url = ?", [portal["id"], old])
        if old == portal["home"]:
            db.execute("update portal set home = ? where id = ?", [new, portal["id"]])
    db.execute(
        "update portal set hosts = ?, moved = '', surveyed_at = null where id = ?", [" ".join(hosts), portal["id"]]
    )
    db.execute("update portal set due = '' where id = ?", [portal["id"]])
    return list(moved.values())


def accept_lists(db: Database, portal: str) -> None:
    """A person says that the columns of a portal are as they should be: shorter lists are no alarm any more."""
    if readings.accept(db, portal):
        health.accept(db, portal)
        settle(db, portal)
