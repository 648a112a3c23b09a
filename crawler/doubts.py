"""Pages under a report's title that hold nothing of one: what tells a soft 404 from an odd report. Pure.

A portal that answers every address with the same page shows itself twice: two different addresses give one text, and so
does an address that nobody published. Texts are compared by their Chinese characters, so that stamps, counters and
addresses in them make no difference.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urljoin
from zlib import crc32

from lxml.html import HtmlElement

from .pages import Page
from .refusals import MIN_SECTIONS, sections, unlinked

MIN_PROSE = 400  # characters of text beside links: a list or an error page has fewer, a report has more
MENTIONS = 3  # of its own subject in a long text without a report's headings: then it is an odd report
_ABOUT = re.compile("信息公开|依申请公开|年度报告")
_HAN = re.compile("[一-鿿]+")
NOTE = "holds nothing of a report: text "
INDEXES = ("index.html", "index.htm", "index.shtml")


def doubtful(page: Page) -> str:
    """A note with the page's fingerprint where it holds nothing of a report, or nothing. It has no files by then."""
    if sections(page) >= MIN_SECTIONS or next(page.tree.iter("table"), None) is not None:
        return ""
    text = unlinked(page.tree)
    if len(text) >= MIN_PROSE and len(_ABOUT.findall(text)) >= MENTIONS:
        return ""
    return NOTE + fingerprint(page.tree)


def fingerprint(tree: HtmlElement) -> str:
    """What a page says, told by its Chinese characters outside of links; by all letters where it has none."""
    text = unlinked(tree)
    said = "".join(_HAN.findall(text)) or re.sub(r"[\W\d]", "", text)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def unknown_address(url: str, salt: str) -> str:
    """An address beside a page's own that nobody published; the same at every call in one round."""
    return urljoin(url, f"nb{crc32(f'{salt} {url}'.encode()):08x}.html")


def next_index(url: str, tried: int) -> str:
    """What a bare directory may have in it, when it is refused itself: index.html, then .htm, then .shtml."""
    directory = url.partition("?")[0].rpartition("/")[0] + "/"
    return directory + INDEXES[tried] if tried < len(INDEXES) and (tried or url == directory) else ""
