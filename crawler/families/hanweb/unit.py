"""Lists by the unit service of jpaas, GET with the number of the page inside of paramJson (d)."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode, urljoin

from ...pages import MAX_PAGES, Fetch, Listing, Page, with_parameter
from .detail import DETAIL

MAX_SETTINGS = 4_000  # characters of the attribute queryData
_PAGER = re.compile(
    r"""<\w[^<>]{0,200}?\brows=["']?(\d{1,4})["']?[^<>]{0,200}?\bcount=["']?(\d{1,7})"""
    r"""|<\w[^<>]{0,200}?\bcount=["']?(\d{1,7})["']?[^<>]{0,200}?\brows=["']?(\d{1,4})"""
)
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def column(page: Page, scripts: list[str]) -> Listing:
    """The rows that are in the page already, and the service's pages: all where a pager says how many, else the first.

    A page may have several such scripts (the list, and a box of news): what each gives is looked at.
    """
    entries, (size, count) = page.rows(DETAIL), _pager(page.source)
    address = re.search(rf"(?:(?<![\w/.-])[\w/.-]{{1,100}})?{_UNIT}", page.source)
    service = urljoin(page.url, address[0] if address else _UNIT)
    first = 2 if entries and count else 1
    last = max(-(-count // size) if size else 0, 1)
    numbers = range(first, min(last, MAX_PAGES) + 1)
    read = [settings for said in scripts if (settings := _settings(said))]
    calls = dict.fromkeys(_unit(service, settings, n, size) for n in numbers for settings in read)
    return Listing(entries, tuple(calls)[:MAX_PAGES])


def _settings(said: str) -> dict[str, object]:
    """The parameters of a script: JSON, with single quotes for double ones, or merely like it."""
    try:
        settings = json.loads(said.replace("'", '"'))
    except ValueError:
        settings = dict(re.findall(r"""(?<!\w)(\w{1,40})["']?\s{0,5}:\s{0,5}["']([^"']*)["']""", said[:MAX_SETTINGS]))
    return settings if isinstance(settings, dict) else {}


def _unit(service: str, settings: dict[str, object], number: int, size: int) -> Fetch:
    """A call of the service; the number of the page is understood only inside of paramJson."""
    query = {name: str(value) for name, value in settings.items() if name != "paramJson"}
    query["paramJson"] = json.dumps({"pageNo": number, "pageSize": size or 15}, separators=(",", ":"))
    return Fetch(f"{service}?{urlencode(query)}", script=True)


def answer(page: Page, answer: dict[str, object]) -> Listing:
    """The rows of the HTML in the answer; after the first page, the others as its pager counts them."""
    data = answer.get("data")
    text = data.get("html") if isinstance(data, dict) else None
    if not isinstance(text, str) or not text.strip():
        return Listing()
    entries = page.inside(text).rows(DETAIL)
    size, count = _pager(text)
    try:
        said = json.loads(page.parameters.get("paramJson", "{}"))
    except ValueError:
        said = {}
    if not size or not isinstance(said, dict) or said.get("pageNo") != 1:
        return Listing(entries)
    numbers = range(2, min(-(-count // size), MAX_PAGES) + 1)
    pages = (
        with_parameter(page.url, "paramJson", json.dumps({**said, "pageNo": n}, separators=(",", ":"))) for n in numbers
    )
    return Listing(entries, tuple(Fetch(url, script=True) for url in pages))


def _pager(text: str) -> tuple[int, int]:
    """Rows of a page and of the whole list, as attributes of the pager say; zeros where there is none."""
    found = _PAGER.search(text)
    if not found:
        return 0, 0
    return (int(found[1]), int(found[2])) if found[1] else (int(found[4]), int(found[3]))
