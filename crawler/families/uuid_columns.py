"""The system of Shijiazhuang: /columns/{uuid}/index.html, details /columns/{uuid}/{YYYYMM}/{DD}/{uuid}.html (portals.md 3.8)."""

from __future__ import annotations

import re

from .. import pagers
from ..pages import Family, Listing, Page

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_COLUMN = re.compile(rf"/columns/{_UUID}/")
_DETAIL = re.compile(rf"/columns/{_UUID}/\d{{6}}/\d\d/{_UUID}\.html$")


def claims(page: Page) -> bool:
    """By its addresses."""
    return page.leads_to(_COLUMN)


def listing(page: Page) -> Listing:
    """The rows and the linked pages."""
    return Listing(page.rows(_DETAIL), pagers.further(page))


FAMILY = Family("uuid_columns", 120, claims, listing)
