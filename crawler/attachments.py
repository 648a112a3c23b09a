"""The files of a detail page: linked, embedded in a viewer, or the pictures that stand in place of text or tables. Pure.

By the ending of the address or by a known way of downloading (portals.md, 1.5); attachments may lie on another host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from extract.page import body_of

from .pages import Link, Page

MAX_BODY = 200  # characters: a page with less text of its own is a row of scanned pictures
MIN_FIGURES = 100  # figures in the tables of a body: a report prints about 200; with fewer, tables may be pictures
TABLE_THREE, OTHERS = "予以公开", ("行政许可", "维持")  # words of table 三; of 二 and 四
MAX_IMAGES = 60  # a scanned report has 5 to 20 pages

_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar)(?:$|[?#&])", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"/module/download/downfile\.jsp|/_content/download\.jsp|/downfile\.jsp|[?&](?:filename|fileid|wbfileid|attachid)=",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,]+")
_IMAGE = re.compile(r"\.(?:jpe?g|png|bmp|tiff?)(?:$|[?#])", re.IGNORECASE)
_DECORATION = re.compile(
    r"logo|icon|share|weixin|wechat|qrcode|ewm|banner|btn|button|blank|loading|print", re.IGNORECASE
)
_REDIRECT = re.compile(r"""location(?:\.href)?\s*=\s*["']([^"']+)["']""")
_IN_SCRIPT = re.compile(r"""["']([^"'<>\s]+\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar))["']""", re.IGNORECASE)
_SOURCES = ("data-original", "data-src", "_src", "src")  # a picture that is loaded late has a placeholder as its src
_NOT_BODY = {"nav", "header", "footer"}


def attachments(page: Page) -> tuple[Link, ...]:
    """The files that a detail page gives, each once, in the order of the page."""
    found: dict[str, Link] = {}
    for link in (*_linked(page), *_embedded(page)):
        found.setdefault(link.url, link)
    if not found:
        found = {link.url: link for link in (*_scripted(page), *_pictures(page))}
    return tuple(found.values())


def is_file(url: str) -> bool:
    """Whether an address is that of a file by its ending or its way of downloading."""
    return bool(_FILE.search(url) or _DOWNLOAD.search(url))


def _linked(page: Page) -> Iterator[Link]:
    """Links to files in the content."""
    for node, link in page.links():
        if is_file(link.url) and not any(ancestor.tag in _NOT_BODY for ancestor in node.iterancestors()):
            yield link


def _embedded(page: Page) -> Iterator[Link]:
    """Files in a frame, in an object, in the parameter of a viewer's address, or to which a script leads."""
    for node in page.tree.iter("iframe", "embed", "object", "frame"):
        address = page.absolute(node.get("src") or node.get("data") or "")
        if address:
            inner = [value for _, value in parse_qsl(urlsplit(node.get("src") or "").query) if _FILE.search(value)]
            for url in [page.absolute(value) for value in inner] or [address]:
                if url and is_file(url):
                    yield Link(url, " ".join((node.get("title") or "").split()))
    for script in page.tree.iter("script"):
        for said in _REDIRECT.findall(script.text or ""):
            if (url := page.absolute(said)) and _FILE.search(url):
                yield Link(url, "")


def _scripted(page: Page) -> Iterator[Link]:
    """Files that a script names, as viewers are given them: PDFObject.embed("/files/a.pdf")."""
    for script in page.tree.iter("script"):
        for said in _IN_SCRIPT.findall(script.text or ""):
            if url := page.absolute(said):
                yield Link(url, "")


def _pictures(page: Page) -> Iterator[Link]:
    """The pictures of a body that has next to no text, or prints few figures: scanned pages, tables as pictures."""
    if not any(_is_picture(page, node) for node in page.tree.iter("img")):
        return  # most pages: where the body is, is costly to tell
    body, how = body_of(page.tree)
    if how == "taking the whole page" or (_is_text(body) and _prints_tables(body)):
        return
    count = 0
    for node in body.iter("img"):
        url = page.absolute(_source(node))
        if url and _is_picture(page, node):
            count += 1
            if count <= MAX_IMAGES:
                yield Link(url, " ".join((node.get("alt") or node.get("title") or "").split()))


def _is_text(body: HtmlElement) -> bool:
    return len("".join(body.text_content().split())) > MAX_BODY


def _prints_tables(body: HtmlElement) -> bool:
    """Whether the tables of a body hold as many figures as a report, those of table 三 not without the other two."""
    cells = ["".join(cell.text_content().split()) for cell in body.iter("td", "th")]
    if sum(1 for cell in cells if _NUMBER.fullmatch(cell)) < MIN_FIGURES:
        return False
    words = "".join(cells)
    return TABLE_THREE not in words or all(word in words for word in OTHERS)


def _is_picture(page: Page, node: HtmlElement) -> bool:
    source = _source(node)
    url = page.absolute(source)
    return url is not None and bool(_IMAGE.search(url)) and not _is_decoration(node, source)


def _source(node: HtmlElement) -> str:
    return next((value for name in _SOURCES if (value := node.get(name))), "")


def _is_decoration(node: HtmlElement, source: str) -> bool:
    width = re.match(r"\d+", node.get("width") or "")
    return bool(_DECORATION.search(source.rpartition("/")[2])) or (width is not None and int(width[0]) < 100)
