"""The named fallback for every other system: rows with a date or a report's title, and a link to the next page.

Pagers in the order of portals.md, section 4, rule 10: an anchor 下一页, else numbered anchors of the same address.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..pages import Family, Listing, Page

_NEXT = re.compile(r"^[\[\s]*(?:下一?页|后一?页|>|›|»|next)[\]\s]*[>›»]*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\[?\d{1,3}\]?$|^(?:尾页|末页|最后一页)$")


def claims(page: Page) -> bool:
    """Always: what no other family claims is read by what lists have in common."""
    return True


def listing(page: Page) -> Listing:
    """Anchors with a date in their row or with a report's title; the next page, or the numbered ones."""
    entries = tuple(entry for entry in page.entries("//a[@href]") if entry.date or entry.is_report)
    following = [link.url for node, link in page.links() if _NEXT.match(" ".join(node.text_content().split()))]
    if not following:
        here = urlsplit(page.url)
        following = [
            link.url
            for node, link in page.links()
            if _NUMBERED.match(" ".join(node.text_content().split())) and urlsplit(link.url).netloc == here.netloc
        ]
    return Listing(entries, tuple(dict.fromkeys(url for url in following if url != page.url)))


FAMILY = Family("plain", 1000, claims, listing)
