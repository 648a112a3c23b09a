"""What a family takes and gives: a Page in; a Listing of entries, or the attachments of a detail page, out. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from extract import pagehead, titles
from extract.formats.html import parse

MAX_PAGES = 400  # list pages of one column: 6,000 entries at 15 a page; more is a pager that never ends
MAX_TITLE = 200  # characters: what is longer is a paragraph with a link in it
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar)(?:$|[?#])", re.IGNORECASE)
_DOWNLOAD = re.compile(r"/module/download/downfile\.jsp|/_content/download\.jsp|/downfile\.jsp", re.IGNORECASE)
_NOT_BODY = {"nav", "header", "footer"}
_CUT = ("…", "...", "。。。")


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute URL and the text of the link."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list: absolute URL, title as whole as the page has it, stated date (YYYY-MM-DD) where one stands."""

    url: str
    title: str
    date: str | None = None

    @property
    def cut(self) -> bool:
        """Whether the list shows only the beginning of the title, so that the detail page must decide."""
        return self.title.endswith(_CUT)

    @property
    def is_report(self) -> bool:
        """Whether the title is that of an annual report, or may be."""
        return self.cut or titles.parse(self.title) is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page shows: its entries in order, and the URLs of further pages of the same list."""

    entries: tuple[Entry, ...] = ()
    further: tuple[str, ...] = ()


class Page:
    """An HTML page: its URL, its text, its tree, what its head says. Raises extract.model.Unreadable for no HTML."""

    def __init__(self, url: str, body: bytes, charset: str | None = None) -> None:
        self.url = url
        self.tree = parse(body, charset)
        base = self.tree.find(".//base[@href]")
        self.base = urljoin(url, base.get("href")) if base is not None else url

    @cached_property
    def html(self) -> str:
        """The page as text, for the words that scripts hold."""
        return str(etree.tostring(self.tree, encoding="unicode", method="html"))

    @cached_property
    def head(self) -> dict[str, str]:
        """Title, column, column_type, site, site_code … (extract.pagehead)."""
        return pagehead.read(self.tree)

    @property
    def path(self) -> str:
        """Path and query of the URL."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def absolute(self, href: str) -> str | None:
        """The absolute URL of an href; None for scripts, mail and anchors. Back-slashes and blanks are mended."""
        href = href.strip().replace("\\", "/")
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            return None
        try:
            url = urljoin(self.base, href)
            return url.partition("#")[0] if urlsplit(url).scheme in ("http", "https") else None
        except ValueError:
            return None

    def links(self, path: str = "//a[@href]") -> Iterator[tuple[HtmlElement, Link]]:
        """Anchors with their absolute link; the text is the title attribute where that is longer."""
        for node in self.tree.xpath(path):
            if url := self.absolute(node.get("href") or ""):
                text = " ".join(node.text_content().split())
                titled = " ".join((node.get("title") or "").split())
                yield node, Link(url, titled if len(titled) > len(text) or (text.endswith(_CUT) and titled) else text)

    def entries(self, path: str) -> tuple[Entry, ...]:
        """The rows of a list: anchors by XPath, each with the date in its row; a link that stands twice is one entry."""
        found: dict[str, Entry] = {}
        for node, link in self.links(path):
            if link.text and len(link.text) <= MAX_TITLE:
                found.setdefault(link.url, Entry(link.url, link.text, _row_date(node)))
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Family:
    """A content system: how to tell its pages, how to read its lists. Attachments are found alike in all."""

    name: str
    order: int
    claims: Callable[[Page], bool]
    listing: Callable[[Page], Listing]


def attachments(page: Page) -> tuple[Link, ...]:
    """The files that a detail page links in its content: by the ending of the link or by a known download address."""
    found: dict[str, Link] = {}
    for node, link in page.links():
        if (_FILE.search(link.url) or _DOWNLOAD.search(link.url)) and not any(
            ancestor.tag in _NOT_BODY for ancestor in node.iterancestors()
        ):
            found.setdefault(link.url, link)
    return tuple(found.values())


def _row_date(node: HtmlElement) -> str | None:
    """The date in the row of an anchor: in its nearest ancestor that holds one and no second link."""
    for ancestor in [node, *list(node.iterancestors())[:4]]:
        if ancestor is not node and sum(1 for _ in ancestor.iter("a")) > 1:
            return None
        text = "".join(ancestor.itertext())
        own = "".join(node.itertext())
        if found := pagehead.date(text.replace(own, "", 1) if ancestor is not node else ""):
            return found
    return None
