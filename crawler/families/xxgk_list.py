"""The PHP system of Ji'an, Dazhou and Anqing: xxgk-list-{slug}.html, xxgk-show-{id}.html, gknb_show.php?id= (portals.md 3.8)."""

from __future__ import annotations

import re

from .. import pagers
from ..pages import Family, Listing, Page

_DETAIL = re.compile(r"/xxgk-show-\d+\.html$|/\w*_show\.php\?(?:.*&)?id=\d+")
_LIST = re.compile(r"/xxgk-list-[\w-]+\.html$|/gknb(?:_list)?\.php\b")


def claims(page: Page) -> bool:
    """By its addresses."""
    return page.leads_to(_DETAIL) or page.leads_to(_LIST)


def listing(page: Page) -> Listing:
    """The rows and the linked pages."""
    return Listing(page.rows(_DETAIL), pagers.further(page))


FAMILY = Family("xxgk_list", 110, claims, listing)
