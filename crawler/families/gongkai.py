"""The system of Jinan and Zibo: /gongkai/channel_{24hex}/, details …/channel_{id}/doc_{24hex}.html (portals.md 3.8).

Organs are /gongkai/site_{slug}/; the lists of some installations are built by Vue and are reported as needing a browser.
"""

from __future__ import annotations

import re

from .. import pagers
from ..pages import Family, Listing, Page

_PATH = re.compile(r"/gongkai/(?:site_\w+/)?(?:channel_[0-9a-f]{24}|doc_[0-9a-f]{24})")
_DETAIL = re.compile(r"/doc_[0-9a-f]{24}\.html$")


def claims(page: Page) -> bool:
    """By its addresses."""
    return page.leads_to(_PATH)


def listing(page: Page) -> Listing:
    """The rows and the linked pages."""
    return Listing(page.rows(_DETAIL), pagers.further(page))


FAMILY = Family("gongkai", 130, claims, listing)
