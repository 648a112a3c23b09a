"""The systems of Shaanxi and Xi'an: lists 1.html, 2.html …, details by a number of 19 digits or 24 hex (portals.md 3.8).

The 19 digits are a snowflake id, the 24 hex one of MongoDB (the first eight are its time); neither address says a date.
"""

from __future__ import annotations

import re

from .. import pagers
from ..pages import Family, Listing, Page

_DETAIL = re.compile(r"/(?:\d{19}|[0-9a-f]{24})\.html$")


def claims(page: Page) -> bool:
    """By the shape of its detail pages."""
    return page.leads_to(_DETAIL)


def listing(page: Page) -> Listing:
    """The rows and the further files beside 1.html."""
    return Listing(page.rows(_DETAIL), pagers.further(page))


FAMILY = Family("shaanxi", 100, claims, listing)
