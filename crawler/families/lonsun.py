"""LonSun, the platform of Anhui and others: organs under /public/column/{organId}, lists by pageIndex (portals.md 3.1).

Structure: `ul.xxgk_nav_list > li > a[title] + span.date`; the number of pages stands in an inline script as
`pageCount:N`. Where the list is filled by a script, the same rows come from /site/label/8888.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin, urlsplit

from .. import pagers
from ..pages import MAX_PAGES, Family, Fetch, Listing, Page, with_parameter

_PATH = re.compile(
    r"/public/column/\d+|/public/\d+/\d+\.html|/site/label/8888|/site/tpl/\d+|/(?:grassroots|content)/column/\d+"
)
_DETAIL = re.compile(r"/public/\d+/\d+\.html$")
_MARKS = re.compile(r"xxgk_nav_list|j-fontContent|table_suoyin|/site/label/8888")
_PAGES = re.compile(r"pageCount\s*:\s*(\d+)")
_SETTING = re.compile(r"\b(siteId|organId|type|catId)\s*:\s*[\"']?(\d+)")
_TEMPLATE = re.compile(r"\b(file|labelName)\s*[:=]\s*[\"']?(/?[\w/-]+)")


def claims(page: Page) -> bool:
    """By its addresses, or the classes of its lists and details."""
    return bool(_MARKS.search(page.source)) or page.leads_to(_PATH)


def listing(page: Page) -> Listing:
    """The rows of the list, and the other pages up to pageCount."""
    entries = page.entries("//ul[contains(@class,'xxgk_nav_list') or contains(@class,'doc_list')]/li//a")
    entries = entries or page.rows(_DETAIL)
    count = _PAGES.search(page.source)
    pages = range(1, min(int(count[1]), MAX_PAGES) + 1) if count else range(0)
    if not entries and (label := _label(page)):
        return Listing((), tuple(Fetch(with_parameter(label, "pageIndex", n), script=True) for n in pages or (1,)))
    if not count:
        return Listing(entries, pagers.further(page))
    script = "/site/label/" in page.path
    at = page.parameters.get("pageIndex", "1")
    numbered = (Fetch(with_parameter(page.url, "pageIndex", n), script=script) for n in pages if n > 1 and str(n) != at)
    return Listing(entries, tuple(numbered))


def _label(page: Page) -> str | None:
    """The address that fills an empty list: its parameters stand in the page's script."""
    settings = dict(_SETTING.findall(page.source))
    if 'id="publicList"' not in page.source or "organId" not in settings or "/site/label/" in page.path:
        return None
    prefix = urlsplit(page.url).path.partition("/public/")[0]
    named = {"labelName": "publicInfoList", "file": "/xxgk/publicInfoList"} | dict(_TEMPLATE.findall(page.source))
    query = {
        "IsAjax": "1", "dataType": "html", "pageSize": "15", "action": "list", "isDate": "true",
        "dateFormat": "yyyy-MM-dd", "length": "80", **named, **settings,
    }  # fmt: skip
    return urljoin(page.url, f"{prefix}/site/label/8888?{urlencode(query)}")


FAMILY = Family("lonsun", 40, claims, listing)
