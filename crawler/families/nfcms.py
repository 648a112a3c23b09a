"""NFCMS, the portals of Guangdong: lists index.html, index_2.html …, details content/post_{id}.html (portals.md 3.7)."""

from __future__ import annotations

import re

from .. import pagers
from ..pages import Family, Listing, Page

_DETAIL = re.compile(r"/content/m?post_\d+\.html$")
_MARKS = re.compile(r"\bNFCMS_\w+")


def claims(page: Page) -> bool:
    """By the names in its scripts or the shape of its detail pages; those of the catalogue platform are gkmlpt's."""
    if "/gkmlpt/" in page.path:
        return False
    return bool(_MARKS.search(page.source)) or page.leads_to(_DETAIL)


def listing(page: Page) -> Listing:
    """The rows and the linked pages."""
    return Listing(page.rows(_DETAIL), pagers.further(page))


FAMILY = Family("nfcms", 90, claims, listing)
