"""What a family takes and gives: a Page in; a Listing of entries, or the attachments of a detail page, out. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml.html import HtmlElement, document_fromstring

from extract import pagehead, titles
from extract.page import characters, parse

from .rows import plain, row_date, row_day, text_of

MAX_PAGES = 400  # list pages of one column: 6,000 entries at 15 a page; more is a pager that never ends
MAX_URL = 2_000  # characters: browsers and servers take no longer ones
MAX_TITLE = 200  # characters: what is longer is a paragraph with a link in it
SHORT = 16  # characters of a title that is cut: fewer say too little
_MAY_BE = re.compile(r"20[0-3]\d|公开|年报|年度")
CUT = ("…", "...", "。。。")
_MOBILE = re.compile(r"_wap(?=\.s?html?$)")  # twins of detail pages for telephones (portals.md, 1.6)
_SCRIPT_LINK = re.compile(
    r"""(?:location(?:\.href)?\s*=|\b(?:open|goto|go|jump|href|view|show)\w{0,20}\s{0,5}\()\s*["']([^"'<>\s]+)["']""",
    re.IGNORECASE,
)
_LINKS = "//a | //*[@onclick and (self::li or self::tr or self::td or self::div or self::span or self::p)]"


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute URL and the text of the link."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list: absolute URL, title as whole as the page has it, stated date (YYYY-MM-DD) where one stands.

    `unsure`: the list does not say what the page is (a year in a menu), so that the page itself must. `day`: MM-DD,
    where the row prints no year.
    """

    url: str
    title: str
    date: str | None = None
    unsure: bool = False
    day: str = ""

    @property
    def is_report(self) -> bool:
        """Whether the title is that of an annual report, or may be: the list shows only a part of it, or nothing; or of several."""
        return self.unsure or self.is_cut or titles.parse(self.title) is not None or titles.is_collection(self.title)

    @property
    def is_cut(self) -> bool:
        """Whether the title is shown in part, and what is shown may be a part of a report's."""
        shown = any(mark in self.title for mark in CUT)
        return shown and (len(self.title) <= SHORT or _MAY_BE.search(self.title) is not None)

    @property
    def is_named(self) -> bool:
        """Whether the list itself says that this is an annual report."""
        return titles.parse(self.title.rstrip("….。")) is not None


@dataclass(frozen=True, slots=True)
class Fetch:
    """A further page of a list: its URL, and what is posted to it. `script`: asked for as a script of the page does."""

    url: str
    form: tuple[tuple[str, str], ...] = ()
    script: bool = False

    @property
    def body(self) -> str:
        """The form as it is sent."""
        return urlencode(self.form)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page shows: its entries in order, and the further pages of the same list.

    `says`: why the family knows that this is a column of annual reports, where the page alone tells (a node of that
    name in a tree, an address that serves nothing else).
    """

    entries: tuple[Entry, ...] = ()
    further: tuple[Fetch, ...] = ()
    says: str = ""


class Page:
    """An answer to a request for a page: HTML, or the JSON or XML that a script asks for.

    Gives its URL, its characters, its tree, what its head says. `form`: what was posted to get it. `base`: the page whose
    script asked, to which links in the answer are relative. Raises extract.model.Unreadable for bytes that are no text.
    """

    def __init__(self, url: str, body: bytes, charset: str | None = None, form: str = "", base: str = "") -> None:
        self.url = url
        self.form = dict(parse_qsl(form, keep_blank_values=True))
        self.source = characters(body, charset)
        self.tree = document_fromstring("<html></html>") if self.is_json else parse(self.source)
        said = self.tree.find(".//base[@href]")
        self.base = url
        self.base = base or (self.absolute(said.get("href") or "") if said is not None else None) or url

    def inside(self, pieces: str) -> Page:
        """HTML that an answer carries in XML, JSON or a script, as a page at the same address."""
        return Page(self.url, f"<html><body>{pieces}</body></html>".encode(), "utf-8", base=self.base)

    @property
    def is_json(self) -> bool:
        """Whether the answer begins as JSON does."""
        return self.source.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")

    @cached_property
    def json(self) -> Any:
        """The JSON of the answer; None where it is none."""
        try:
            return json.loads(self.source) if self.is_json else None
        except (ValueError, RecursionError):
            return None

    @cached_property
    def head(self) -> dict[str, str]:
        """Title, column, column_type, site, site_code … (extract.pagehead)."""
        return pagehead.read(self.tree)

    @cached_property
    def title(self) -> str:
        """The title that `head` has, without reading the rest of it."""
        return pagehead.title(self.tree)

    @property
    def path(self) -> str:
        """Path and query of the URL."""
        return path_of(self.url)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query of the URL, the first value of each name."""
        return dict(reversed(parse_qsl(urlsplit(self.url).query, keep_blank_values=True)))

    def on_host(self, url: str) -> bool:
        """Whether a URL is of the page's own host, www. or not."""
        return bare_host(url) == bare_host(self.url)

    @cached_property
    def own_paths(self) -> tuple[str, ...]:
        """Paths and queries of all links to the page's own host: what a family is known by."""
        return tuple(path_of(link.url) for _, link in self.links() if self.on_host(link.url))

    def leads_to(self, pattern: re.Pattern[str]) -> bool:
        """Whether a link of the page's own host has an address of this shape, or the page itself."""
        return bool(pattern.search(self.path)) or any(pattern.search(path) for path in self.own_paths)

    def absolute(self, href: str) -> str | None:
        """The absolute URL of an href; None for scripts, mail and anchors. Back-slashes and blanks are mended."""
        href = href.strip().replace("\\", "/")
        if (
            not href
            or len(href) > MAX_URL
            or href.lower().startswith(("#", "javascript:", "mailto:", "tel:", "data:", "about:"))
        ):
            return None
        try:
            url = urljoin(self.base, "".join(href.split()))
            parts = urlsplit(url)
            _ = parts.port  # raises for a port that is none
            return url.partition("#")[0] if parts.scheme in ("http", "https") and parts.hostname else None
        except ValueError:
            return None

    def target(self, node: HtmlElement) -> str | None:
        """Where an anchor leads: its href, or the address in its onclick where the href is a script or an anchor."""
        if url := self.absolute(node.get("href") or ""):
            return url
        script = f"{node.get('href') or ''} {node.get('onclick') or ''}"[:MAX_URL]
        addresses = (said for said in _SCRIPT_LINK.findall(script) if re.search(r"[/.?=]", said))  # not gotoPage('2')
        return next((url for said in addresses if (url := self.absolute(said))), None)

    def links(self, path: str = _LINKS) -> Iterable[tuple[HtmlElement, Link]]:
        """Anchors with their absolute link; the text is the title attribute where that is longer, or a picture's alt."""
        return self._all_links if path == _LINKS else self._links(path)

    @cached_property
    def _all_links(self) -> tuple[tuple[HtmlElement, Link], ...]:
        return tuple(self._links(_LINKS))

    def _links(self, path: str) -> Iterator[tuple[HtmlElement, Link]]:
        nodes: list[HtmlElement] = self.tree.xpath(path)  # type: ignore[assignment]
        for node in nodes:
            if url := self.target(node):
                text = plain(text_of(node))
                if not text:
                    text = " ".join(" ".join(picture.get("alt") or "" for picture in node.iter("img")).split())
                titled = plain(node.get("title") or "")
                whole = len(titled) > len(text) or (text.endswith(CUT) and titled)
                yield node, Link(url, titled if whole or (titles.parse(titled) and not titles.parse(text)) else text)

    def entries(self, path: str = _LINKS) -> tuple[Entry, ...]:
        """The rows of a list: anchors by XPath, each with the date in its row; a link that stands twice is one entry."""
        found: dict[str, Entry] = {}
        for node, link in self.links(path):
            if link.text and len(link.text) <= MAX_TITLE:
                url = _MOBILE.sub("", link.url)
                date = row_date(node)
                found.setdefault(url, Entry(url, link.text, date, day="" if date else row_day(node)))
        return tuple(found.values())

    def rows(self, detail: re.Pattern[str] | None = None) -> tuple[Entry, ...]:
        """The entries that are rows of a list: of the address of a detail page, with a date beside, or a report's title."""
        return tuple(
            entry
            for entry in self.entries()
            if (detail and self.on_host(entry.url) and detail.search(path_of(entry.url)))
            or entry.date
            or entry.is_named
        )


@dataclass(frozen=True, slots=True)
class Family:
    """A content system: how to tell its pages, how to read its lists. Attachments are found alike in all."""

    name: str
    order: int
    claims: Callable[[Page], bool]
    listing: Callable[[Page], Listing]


def path_of(url: str) -> str:
    """Path and query of a URL."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def bare_host(url: str) -> str:
    """Host and port of a URL without `www.`."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


def with_parameter(url: str, name: str, value: object) -> str:
    """The URL with one parameter of its query set, in its place."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if name in dict(query):
        query = [(key, str(value) if key == name else old) for key, old in query]
    else:
        query.append((name, str(value)))
    return parts._replace(query=urlencode(query)).geturl()
