"""The second platform of Anhui, Openness or Xxgk: organs by number, lists page_{n}.html (portals.md 3.2).

List `/OpennessContent/showList/{organ}/{category}/page_{n}.html`, details `/OpennessAnnualReport/show/{id}.html` (or Xxgk in
place of Openness, with or without /openness/ before); an address with AnnualReport serves annual reports alone.
"""

from __future__ import annotations

import re

from .. import pagers
from ..pages import MAX_PAGES, Family, Fetch, Listing, Page

_PATH = re.compile(r"/(?:Xxgk|Openness)(?:Content|AnnualReport|Branch)/|/xxgk/opennessContent/", re.IGNORECASE)
_DETAIL = re.compile(r"/(?:Xxgk|Openness)(?:Content|AnnualReport)/show/\d+\.html$", re.IGNORECASE)
_PAGE = re.compile(r"/page_(\d+)\.html$")


def claims(page: Page) -> bool:
    """By its addresses."""
    return page.leads_to(_PATH)


def listing(page: Page) -> Listing:
    """The rows; all pages where their number is said, else the next ones that are linked."""
    entries = page.rows(_DETAIL)
    at = _PAGE.search(page.path)
    count = pagers.page_count(page)
    if at and count > 1:
        before = page.url[: page.url.rindex("/page_")]
        numbers = [number for number in range(2, min(count, MAX_PAGES) + 1) if number != int(at[1])]
        return Listing(entries, tuple(Fetch(f"{before}/page_{number}.html") for number in numbers))
    return Listing(entries, pagers.further(page))


FAMILY = Family("openness", 50, claims, listing)
