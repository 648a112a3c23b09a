"""Old ASP and ASPX sites: every page by numbers in the query, lists in tables or paragraphs (portals.md 3.8, 3.9).

Seen: list.asp?class=991, class.asp?class=1150, index.aspx?lanmuid=76&sublanmuid=973, InfoPublic.aspx?cid=&pid=&page=1 (rows
`p > a + span`), GovOpenShow.aspx?id=, List_wj.aspx?lmid=. Often GBK under the name gb2312.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .. import pagers
from ..pages import Family, Listing, Page

_PATH = re.compile(r"\.aspx?$", re.IGNORECASE)


def claims(page: Page) -> bool:
    """By the ending of its address."""
    return bool(_PATH.search(urlsplit(page.url).path))


def listing(page: Page) -> Listing:
    """Rows with a date or a report's title, and the linked pages."""
    return Listing(page.rows(), pagers.further(page))


FAMILY = Family("asp", 140, claims, listing)
