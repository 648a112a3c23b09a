"""What the survey learns of a portal besides its columns: its name, its county, its hosts, the organs with pages of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.clock import now
from archive.identity import unit
from extract import titles

from .findings import Stored
from .pages import Page
from .session import Session

_OF_SITE = re.compile(r"(?:人民政府)?(?:门户)?(?:网站|网)?$")


def name_portal(db: Database, portal: str, head: Mapping[str, str]) -> str:
    """Name, 网站标识码 and county from the head of the home page, as far as a person has not said them. The county's name."""
    site = head.get("site", "") or head.get("title", "")
    db.execute(
        "update portal set name = iif(name = '', ?, name), region_name = iif(region_name = '', ?, region_name), site_code = ? where id = ?",
        [site, _OF_SITE.sub("", titles.squeeze(site)), head.get("site_code", ""), portal],
    )
    return str(next(db.query("select region_name from portal where id = ?", [portal]))["region_name"])


def is_own(session: Session, portal: str, page: Page) -> bool:
    """Whether a page is of the portal, and not of its city: by its host, or by the portal's 网站标识码 on it."""
    if session.portals[portal].owns(page.url):
        return True
    row = next(session.db.query("select site_code, hosts from portal where id = ?", [portal]))
    if not row["site_code"] or page.head.get("site_code") != row["site_code"]:
        return False
    hosts = dict.fromkeys([*row["hosts"].split(), urlsplit(page.url).hostname or ""])
    session.db.execute("update portal set hosts = ? where id = ?", [" ".join(hosts), portal])
    return True


def unit_row(db: Database, portal: str, name: str, url: str) -> Stored:
    """A unit with a page of its own, inside the portal's county."""
    row = next(db.query("select region, region_name, id from portal where id = ?", [portal]))
    region = row["region"] or row["id"]
    made = unit(region, row["region_name"], name)
    values = {"region": region, "portal": portal, "home": url, "found_at": now()}
    if made:
        values |= {"id": made.id, "name": made.name, "full_name": made.full_name, "type": made.type}
    else:
        values |= {"id": f"{region}/{name}", "name": name, "full_name": name, "type": "department"}
    return Stored("unit", values, ("id",), keep=True)
