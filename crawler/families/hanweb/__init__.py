"""大汉 Hanweb (jcms, jpaas): columns /col/col{N}/index.html, details /art/{Y}/{M}/{D}/art_{col}_{id}.html (portals.md 3.4).

Four list mechanisms: records embedded in the page as XML; more of them by POST to a data proxy, three pages at a time; the
search of the 信息公开 catalogue; the unit service of jpaas. And xxgkAnnualReport.jsp, where an organ and a year are a page.
"""

from __future__ import annotations

import re
from html import unescape

from ...pages import Family, Listing, Page
from . import annual, records, search, unit
from .detail import DETAIL

_PATH = re.compile(r"/col/col\d+/(?:index\.html)?(?:\?|$)|/module/(?:xxgk|web|jpage|jslib)/|/jpaas-publish-server/")
_MARKS = re.compile(
    r"<recordset>|dataproxy\.jsp|jpaas-publish-server|\bqueryData\s*=|/module/xxgk/search\.jsp|dataStore\s*=\s*\["
)
_QUERY_DATA = re.compile(r"""\bqueryData\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def claims(page: Page) -> bool:
    """By its addresses, its blocks of records, or the services that its scripts name."""
    return bool(_MARKS.search(page.source)) or page.leads_to(_PATH) or page.leads_to(DETAIL)


def listing(page: Page) -> Listing:
    """What the mechanism of the page gives."""
    if annual.ADDRESS.search(page.path):
        return annual.listing(page)
    if isinstance(page.json, dict):
        return unit.answer(page, page.json)
    if "/module/xxgk/search.jsp" in page.path:
        return search.answer(page)
    if records.PROXY.search(page.path):
        return records.answer(page)
    if queried := _QUERY_DATA.findall(page.source):
        return unit.column(page, [unescape(double or single) for double, single in queried])
    if "<record" in page.source or "dataproxy" in page.source:
        return records.column(page)
    if "/module/xxgk/search.jsp" in page.source:
        return Listing(page.rows(DETAIL), (search.first_page(page, 1),))
    return Listing(page.rows(DETAIL))


FAMILY = Family("hanweb", 30, claims, listing)
