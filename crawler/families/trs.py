"""TRS WCM: directories as columns, details t{YYYYMMDD}_{id}, pages index_{k} counted from 0 (portals.md 3.3).

`createPageHTML(total, current, "index", "html")`: four arguments, the first a number (UCAP's call of that name begins
with a string). The ending follows the fourth. Pages beyond the last, and deep pages of some sites, answer with stubs
of 300 bytes: a page without entries, after which the others are still asked for, because lists have gaps.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from ..pages import MAX_PAGES, Family, Fetch, Listing, Page

_PAGER = re.compile(
    r"createPageHTML\(\s*(\d+)\s*,\s*\d+\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](s?html?)[\"']", re.IGNORECASE
)
_DETAIL = re.compile(r"/t\d{6,8}_\d+(?:_wap)?\.s?html?$")
_BODY = re.compile(r"TRS_Editor|TRS_UEDITOR|trs_editor_view|TRS_PreAppend")


def claims(page: Page) -> bool:
    """By the pager call, the body classes, or the shape of its detail pages."""
    return bool(_PAGER.search(page.source) or _BODY.search(page.source)) or page.leads_to(_DETAIL)


def listing(page: Page) -> Listing:
    """The rows that lead to details or to anything with a date beside it; the pages index_1 to the last."""
    entries = page.rows(_DETAIL)
    pager = _PAGER.search(page.source)
    if not pager:
        return Listing(entries)
    total, stem, ending = int(pager[1]), pager[2], pager[3]
    pages = (urljoin(page.url, f"{stem}_{number}.{ending}") for number in range(1, min(total, MAX_PAGES)))
    return Listing(entries, tuple(Fetch(url) for url in pages if url != page.url))


FAMILY = Family("trs", 70, claims, listing)
