"""博达 VSB: lists /{slug}.htm, details /info/{tree}/{news}.htm, pages numbered backwards (portals.md 3.6).

Page 1 is /{slug}.htm, page P of N is /{slug}/{N-P+1}.htm, the last /{slug}/1.htm; the text says 共1432条 1/144. The files
are renumbered when N grows, so every round starts at page 1 and no page's address is kept.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from .. import pagers
from ..pages import MAX_PAGES, Family, Fetch, Listing, Page

_DETAIL = re.compile(r"/info/\d+/\d+\.htm$|/content\.jsp\?urltype=news\.")
_MARKS = re.compile(
    r"""id=["']vsb_content|class=["'][^"']*\bv_news_content|_content/download\.jsp|_newscontent_fromname|_showDynClicks"""
    r"""|id=["']?line_u\d+_\d+|/system/resource/(?:js|css|images)/|content=["'][^"']*SiteBuilder""",
    re.IGNORECASE,
)
_STANDS_AT = re.compile(r"共\s{0,5}\d{1,7}\s{0,5}条(?:[^<\d]|<[^<>]{0,100}>){0,12}?(\d{1,5})\s{0,5}/\s{0,5}(\d{1,5})")


def claims(page: Page) -> bool:
    """By the marks of its templates or the shape of its detail pages."""
    return bool(_MARKS.search(page.source)) or page.leads_to(_DETAIL)


def listing(page: Page) -> Listing:
    """The rows; on page 1 the pages below it, N-1 down to 1."""
    entries = page.rows(_DETAIL)
    stands = _STANDS_AT.search(page.source.replace("&nbsp;", " "))
    parts = urlsplit(page.url)
    directory, _, file = parts.path.rpartition("/")
    if not stands or not file.endswith(".htm"):
        return Listing(entries, pagers.further(page))
    at, count = int(stands[1]), int(stands[2])
    if at != 1:
        return Listing(entries)
    slug = file.removesuffix(".htm")
    numbers = range(min(count - 1, MAX_PAGES), 0, -1)
    return Listing(entries, tuple(Fetch(urljoin(page.url, f"{directory}/{slug}/{number}.htm")) for number in numbers))


FAMILY = Family("vsb", 80, claims, listing)
