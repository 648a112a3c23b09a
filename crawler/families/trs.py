"""TRS WCM: directories as columns, details t{YYYYMMDD}_{id}, pages index_{k} counted from 0 (portals.md 3.3).

`createPageHTML(total, current, "index", "html")`: four arguments, the first a number (UCAP's call of that name begins
with a string). Pages beyond the last answer with stubs, so no page number above the total is asked for.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from ..pages import MAX_PAGES, Family, Listing, Page

_PAGER = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*\d+\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']")
_DETAIL = re.compile(r"/t\d{8}_\d+\.s?html?$")


def claims(page: Page) -> bool:
    """By the pager call, the body classes, or the shape of its detail pages."""
    if _PAGER.search(page.html) or _DETAIL.search(page.path) or "TRS_Editor" in page.html or "TRS_UEDITOR" in page.html:
        return True
    return any(_DETAIL.search(entry.url) for entry in page.entries("//li//a[@href]"))


def listing(page: Page) -> Listing:
    """The rows that lead to details or to anything with a date beside it; the pages index_1 to the last."""
    rows = page.entries("//li//a[@href]")
    entries = tuple(row for row in rows if _DETAIL.search(row.url) or row.date or row.is_report)
    pager = _PAGER.search(page.html)
    if not pager:
        return Listing(entries)
    total, stem, ending = int(pager[1]), pager[2], pager[3]
    return Listing(
        entries, tuple(urljoin(page.url, f"{stem}_{number}.{ending}") for number in range(1, min(total, MAX_PAGES)))
    )


FAMILY = Family("trs", 70, claims, listing)
