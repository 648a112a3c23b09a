"""Lists as XML records in the page (a), and more of them by POST to a data proxy, three pages at a time (b)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin

from ...pages import MAX_PAGES, Entry, Fetch, Listing, Page
from .detail import DETAIL, SETTING, number

MAX_ROW = 5_000  # characters of one row of a list
CALL = 3  # pages that a call of the data proxy asks for, as the sites' own script does
_LITERAL = re.compile(r"dataStore\s{0,9}=\s{0,9}\[")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_TOTAL = re.compile(r"totalRecord\s*[:=]\s*[\"']?(\d+)|<totalrecord>(\d+)</totalrecord>", re.IGNORECASE)
_SIZE = re.compile(r"perPage\s*[:=]\s*[\"']?(\d+)|[?&]perpage=(\d+)", re.IGNORECASE)
PROXY = re.compile(
    r"(/module/[\w/]{0,80}?(?:dataproxy|morecolumndataproxy)\.jsp)(\?[^\"'<>\s\]]{0,2000})?", re.IGNORECASE
)


def records(page: Page) -> tuple[Entry, ...]:
    """The rows of XML records or of a JavaScript literal, read as HTML at the page's address."""
    pieces = list(_embedded(page.source)) or list(_literal(page.source))
    if not pieces:
        return ()
    return page.inside("".join(f"<div>{piece}</div>" for piece in pieces)).rows(DETAIL)


def _embedded(source: str) -> Iterator[str]:
    """The CDATA of each record."""
    at = source.find("<record>")
    while at >= 0:
        begin = source.find("<![CDATA[", at)
        end = source.find("]]>", begin)
        if begin < 0 or end < 0:
            return
        yield source[begin + 9 : end]
        at = source.find("<record>", end)


def _literal(source: str) -> Iterator[str]:
    """The strings of the first JavaScript array of that name."""
    opened = _LITERAL.search(source)
    at = opened.end() if opened else len(source)
    while string := _STRING.search(source, at, at + MAX_ROW):
        if "]" in source[at : string.start()]:
            return
        yield re.sub(r"\\(.)", r"\1", string[1] or string[2] or "")
        at = string.end()


def column(page: Page) -> Listing:
    """The embedded records, and calls of the data proxy for all that are not among them."""
    entries = records(page) or page.rows(DETAIL)
    proxy, total = PROXY.search(page.source), _TOTAL.search(page.source)
    if not proxy:
        return Listing(entries)
    size = number(_SIZE.search(page.source)) or 15
    count = number(total) if total else size * CALL
    given = dict(parse_qsl(unescape(proxy[2] or "").lstrip("?"), keep_blank_values=True))
    shown = sum(1 for _ in _embedded(page.source))
    if total and shown >= count:
        return Listing(entries)
    if not given.get("columnid", "0").isdecimal():
        return Listing(entries, (_next_group(page, proxy),))
    form = _form(page, given)
    first = shown // size * size + 1
    starts = range(first, min(count, MAX_PAGES * size) + 1, size * CALL)
    return Listing(entries, tuple(_call(page, proxy[1], form, start, size) for start in starts))


def answer(page: Page) -> Listing:
    """The rows of an answer; where it names the group after it, as sites with encrypted parameters do, that one too."""
    proxy = PROXY.search(page.source)
    entries = records(page)
    follows = entries and proxy is not None and "<nextgroup" in page.source
    return Listing(entries, (_next_group(page, proxy),) if follows and proxy else ())


def _next_group(page: Page, proxy: re.Match[str]) -> Fetch:
    """The address that the page itself gives for what follows (columnid or unitid are encrypted in it)."""
    return Fetch(urljoin(page.url, unescape(proxy[0])), script=True)


def _call(page: Page, proxy: str, form: tuple[tuple[str, str], ...], start: int, size: int) -> Fetch:
    query = urlencode({"startrecord": start, "endrecord": start + size * CALL - 1, "perpage": size})
    return Fetch(f"{urljoin(page.url, proxy)}?{query}", form, script=True)


def _form(page: Page, given: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What the proxy wants posted: as the page's own call has it, else from the settings in its script."""
    form = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0", "webname": ""}
    for name in (
        "webid",
        "columnid",
        "unitid",
        "appid",
        "path",
        "webname",
        "sourceContentType",
        "permissiontype",
        "col",
    ):
        found = re.search(SETTING.format(name), page.source)
        if found and found[1]:
            form[name] = found[1]
    form |= {
        name: value for name, value in given.items() if name not in ("page", "startrecord", "endrecord", "perpage")
    }
    return tuple(form.items())
