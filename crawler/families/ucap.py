"""开普 UCAP: lists {stem}.shtml in /{site}/{column}/, details c01_{n}.shtml or {32hex}.shtml (portals.md 3.5).

`createPageHTML('page_div', 22, 1, 'common_list', 'shtml', 325)`: container, pages, current page from 1, stem, ending,
rows; page k ≥ 2 is {stem}_{k}.{ending} in the same directory (`?page=N` has no effect).
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from ..pages import MAX_PAGES, Entry, Family, Fetch, Listing, Page

_PAGER = re.compile(
    r"createPageHTML\(\s*[\"'][^\"']*[\"']\s*,\s*(\d+)\s*,\s*\d+\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']",
    re.IGNORECASE,
)
_DETAIL = re.compile(r"/\d{6}/(?:[0-9a-f]{32}|c\d\d_\d+)\.shtml$", re.IGNORECASE)
_LIST = re.compile(
    r"/c\d{5,6}[a-z]?/[\w/]*\.shtml$|/(?:zfxxgk_gknbz|zfxxgk_gknrz|xxgk_navs|common_list|xxgk_list|zfxxgk_list)(?:_\d+)?\.shtml$",
    re.IGNORECASE,
)
_MONTH = re.compile(r"/(20\d\d)(\d\d)/[^/]+$")
_BODY = re.compile(r"UCAP-CONTENT|<UCAPCONTENT|<UCAPTITLE|redirect_firstChannel", re.IGNORECASE)


def claims(page: Page) -> bool:
    """By the six-argument pager call, the tags of its details, or the shapes of its addresses."""
    if _PAGER.search(page.source) or _BODY.search(page.source):
        return True
    return page.leads_to(_DETAIL) or page.leads_to(_LIST)


def listing(page: Page) -> Listing:
    """The rows; the pages {stem}_2 to the last."""
    entries = tuple(_dated(entry) for entry in page.rows(_DETAIL))
    pager = _PAGER.search(page.source)
    if not pager:
        return Listing(entries)
    total, stem, ending = int(pager[1]), pager[2], pager[3]
    pages = (urljoin(page.url, f"{stem}_{number}.{ending}") for number in range(2, min(total, MAX_PAGES) + 1))
    return Listing(entries, tuple(Fetch(url) for url in pages if url != page.url))


def _dated(entry: Entry) -> Entry:
    """An entry whose row prints month and day only: the year stands in its address (portals.md 3.5)."""
    found = _MONTH.search(entry.url)
    if entry.date or not found or not entry.day:
        return entry
    return replace(entry, date=f"{found[1]}-{entry.day}") if entry.day.startswith(found[2]) else entry


FAMILY = Family("ucap", 60, claims, listing)
