"""xxgkAnnualReport.jsp: one organ and one year are a page, and there is no list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from ...pages import Entry, Listing, Page, with_parameter

FIRST_YEAR = 2008  # 政府信息公开条例 in force: no report is older
ADDRESS = re.compile(r"/module/xxgk/xxgkAnnualReport\.jsp", re.IGNORECASE)
_YEAR = re.compile(r"^\D{0,6}(20[0-3]\d)\D{0,6}$")


def listing(page: Page) -> Listing:
    """The years of the organ as pages: those that the page offers, else every year up to the one after its own."""
    offered = dict(_offered(page))
    at = page.parameters.get("fbtime", "")
    if not offered:
        newest = max(
            (int(year) for year in (*re.findall(r"20[0-3]\d", page.head.get("date", "")), at) if year.isdecimal()),
            default=0,
        )
        offered = {year: str(year) for year in range(FIRST_YEAR, newest + 1)}
    entries = (
        Entry(with_parameter(page.url, "fbtime", year), text, unsure=True)
        for year, text in sorted(offered.items(), reverse=True)
        if str(year) != at
    )
    return Listing(tuple(entries), says="xxgkAnnualReport.jsp: a page for each organ and year")


def _offered(page: Page) -> Iterator[tuple[int, str]]:
    """The years in the page's menu: options, or links with fbtime, with their text."""
    for option in page.tree.iter("option"):
        text = " ".join("".join(map(str, option.itertext())).split())
        if year := _YEAR.match(option.get("value") or "") or _YEAR.match(text):
            yield int(year[1]), text or year[1]
    area = page.parameters.get("area")
    for _, link in page.links():
        query = dict(parse_qsl(urlsplit(link.url).query))
        if ADDRESS.search(link.url) and query.get("area") == area and (year := _YEAR.match(query.get("fbtime", ""))):
            yield int(year[1]), link.text or year[1]
