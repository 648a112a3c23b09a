"""LonSun, the platform of Anhui and others: organs under /public/column/{organId}, lists by pageIndex (portals.md 3.1).

Structure: `ul.xxgk_nav_list > li > a[title] + span.date`; the number of pages stands in an inline script as
`pageCount:N`. Where the list is filled by a script, the same rows come from /site/label/8888.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from ..pages import MAX_PAGES, Family, Listing, Page

_PATH = re.compile(r"/public/column/\d+|/public/\d+/\d+\.html|/site/label/8888|/site/tpl/\d+|/grassroots/column/\d+")
_PAGES = re.compile(r"pageCount\s*:\s*(\d+)")
_SETTING = re.compile(r"\b(siteId|organId|type|catId)\s*:\s*'?(\d+)")


def claims(page: Page) -> bool:
    """By its paths, or the class of its lists."""
    return bool(_PATH.search(page.path)) or "xxgk_nav_list" in page.html or "/site/label/8888" in page.html


def listing(page: Page) -> Listing:
    """The rows of the list, and the other pages up to pageCount."""
    entries = page.entries("//ul[contains(@class,'xxgk_nav_list') or contains(@class,'doc_list')]/li//a[@href]")
    count = _PAGES.search(page.html)
    pages = range(1, min(int(count[1]), MAX_PAGES) + 1) if count else range(0)
    if not entries and (label := _label(page)):
        return Listing((), tuple(_numbered(label, number) for number in pages or (1,)))
    return Listing(entries, tuple(_numbered(page.url, number) for number in pages if number > 1))


def _numbered(url: str, number: int) -> str:
    """The URL of a page of the list: the same URL with its pageIndex."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "pageIndex"]
    return parts._replace(query=urlencode([*query, ("pageIndex", number)])).geturl()


def _label(page: Page) -> str | None:
    """The address that fills an empty list: its parameters stand in the page's script."""
    settings = dict(_SETTING.findall(page.html))
    if 'id="publicList"' not in page.html or "organId" not in settings or "/site/label/" in page.path:
        return None
    prefix = page.path.partition("/public/")[0]
    query = {
        "IsAjax": "1", "dataType": "html", "labelName": "publicInfoList", "pageSize": "15", "action": "list",
        "isDate": "true", "dateFormat": "yyyy-MM-dd", "length": "80", "file": "/xxgk/publicInfoList", **settings,
    }  # fmt: skip
    return urljoin(page.url, f"{prefix}/site/label/8888?{urlencode(query)}")


FAMILY = Family("lonsun", 40, claims, listing)
