"""大汉 Hanweb (jcms, jpaas): columns /col/col{N}/index.html, details /art/{Y}/{M}/{D}/art_{col}_{id}.html (portals.md 3.4).

Four list mechanisms: records embedded in the page as XML; more of them by POST to a data proxy, three pages at a time; the
search of the 信息公开 catalogue; the unit service of jpaas. And xxgkAnnualReport.jsp, where an organ and a year are a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from ..pages import MAX_PAGES, Entry, Family, Fetch, Listing, Page, with_parameter

CALL = 3  # pages that a call of the data proxy asks for, as the sites' own script does
FIRST_YEAR = 2008  # 政府信息公开条例 in force: no report is older

_DETAIL = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/art_\d+_\d+|art_[0-9a-f]{32})\.html$")
_PATH = re.compile(r"/col/col\d+/(?:index\.html)?(?:\?|$)|/module/(?:xxgk|web|jpage|jslib)/|/jpaas-publish-server/")
_MARKS = re.compile(
    r"<recordset>|dataproxy\.jsp|jpaas-publish-server|\bqueryData\s*=|/module/xxgk/search\.jsp|dataStore\s*=\s*\["
)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_LITERAL = re.compile(r"dataStore\s*=\s*\[(.*?)\]\s*;?", re.DOTALL)
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_TOTAL = re.compile(r"totalRecord\s*[:=]\s*[\"']?(\d+)|<totalrecord>(\d+)</totalrecord>", re.IGNORECASE)
_SIZE = re.compile(r"perPage\s*[:=]\s*[\"']?(\d+)|[?&]perpage=(\d+)", re.IGNORECASE)
_PROXY = re.compile(r"(/module/[\w/]*?(?:dataproxy|morecolumndataproxy)\.jsp)(\?[^\"'<>\s\]]*)?", re.IGNORECASE)
_SETTING = r"""["']?\b{}["']?\s*(?:[:=]|,\s*value\s*[:=])\s*["']?([\w/.-]*)"""
_QUERY_DATA = re.compile(r"""\bqueryData\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_PAGER = re.compile(
    r"""<[^>]*\brows=["']?(\d+)["']?[^>]*\bcount=["']?(\d+)|<[^>]*\bcount=["']?(\d+)["']?[^>]*\brows=["']?(\d+)"""
)
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ANNUAL = re.compile(r"/module/xxgk/xxgkAnnualReport\.jsp", re.IGNORECASE)
_YEAR = re.compile(r"^\D{0,6}(20[0-3]\d)\D{0,6}$")


def claims(page: Page) -> bool:
    """By its addresses, its blocks of records, or the services that its scripts name."""
    return bool(_MARKS.search(page.source)) or page.leads_to(_PATH) or page.leads_to(_DETAIL)


def listing(page: Page) -> Listing:
    """What the mechanism of the page gives."""
    if _ANNUAL.search(page.path):
        return _annual(page)
    if isinstance(page.json, dict):
        return _unit_answer(page, page.json)
    if "/module/xxgk/search.jsp" in page.path:
        return _search_answer(page)
    if _PROXY.search(page.path):
        return Listing(_records(page))
    if queried := _QUERY_DATA.findall(page.source):
        return _unit_column(page, [unescape(double or single) for double, single in queried])
    if "<record" in page.source or "dataproxy" in page.source:
        return _proxy_column(page)
    if "/module/xxgk/search.jsp" in page.source:
        return Listing(page.rows(_DETAIL), (_search(page, 1),))
    return Listing(page.rows(_DETAIL))


# a, b: records in the page, more by the data proxy


def _records(page: Page) -> tuple[Entry, ...]:
    """The rows of XML records or of a JavaScript literal, read as HTML at the page's address."""
    pieces = _RECORD.findall(page.source)
    if not pieces and (literal := _LITERAL.search(page.source)):
        pieces = [re.sub(r"\\(.)", r"\1", single or double) for single, double in _STRING.findall(literal[1])]
    if not pieces:
        return ()
    return page.inside("".join(f"<div>{piece}</div>" for piece in pieces)).rows(_DETAIL)


def _proxy_column(page: Page) -> Listing:
    """The embedded records, and calls of the data proxy for all that are not among them."""
    entries = _records(page) or page.rows(_DETAIL)
    proxy, total = _PROXY.search(page.source), _TOTAL.search(page.source)
    if not proxy:
        return Listing(entries)
    size = _number(_SIZE.search(page.source)) or 15
    count = _number(total) if total else size * CALL
    form = _form(page, dict(parse_qsl(unescape(proxy[2] or "").lstrip("?"), keep_blank_values=True)))
    first = len(_RECORD.findall(page.source)) // size * size + 1
    starts = range(first, min(count, MAX_PAGES * size) + 1, size * CALL)
    return Listing(entries, tuple(_call(page, proxy[1], form, start, size) for start in starts))


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
        found = re.search(_SETTING.format(name), page.source)
        if found and found[1]:
            form[name] = found[1]
    form |= {
        name: value for name, value in given.items() if name not in ("page", "startrecord", "endrecord", "perpage")
    }
    return tuple(form.items())


# c: the search of the 信息公开 catalogue


def _search(page: Page, number: int) -> Fetch:
    """A page of the search, by the settings that the column has in its script or its hidden fields."""
    hidden = {str(node.get("name") or node.get("id")): node.get("value") or "" for node in page.tree.iter("input")}
    column = re.search(r"/col/col(\d+)", page.url)
    form = {
        "infotypeId": page.parameters.get("number", ""), "jdid": "", "area": page.parameters.get("vc_xxgkarea", ""),
        "divid": f"div{column[1]}" if column else "", "vc_title": "", "vc_number": "", "currpage": str(number),
    }  # fmt: skip
    for name in ("infotypeId", "jdid", "area", "divid"):
        said = re.search(_SETTING.format(name), page.source)
        form[name] = hidden.get(name) or (said[1] if said else "") or form[name]
    form["jdid"] = form["jdid"] or (web[1] if (web := re.search(_SETTING.format("webid"), page.source)) else "")
    return Fetch(_search_url(page.url, number), tuple(form.items()), script=True)


def _search_url(base: str, number: int) -> str:
    query = {
        "standardXxgk": "1", "isAllList": "1", "texttype": "0", "fbtime": "-1", "vc_all": "", "vc_filenumber": "",
        "vc_title": "", "vc_number": "", "currpage": str(number), "sortfield": ",createdatetime:0,orderid:0",
    }  # fmt: skip
    return urljoin(base, f"/module/xxgk/search.jsp?{urlencode(query)}")


def _search_answer(page: Page) -> Listing:
    """The rows; the next page as long as there are rows, because the answer does not always say how many there are."""
    entries = page.rows(_DETAIL)
    at = page.parameters.get("currpage", "1")
    if not entries or not at.isdigit() or int(at) >= MAX_PAGES:
        return Listing(entries)
    following = {**page.form, "currpage": str(int(at) + 1)}
    return Listing(
        entries, (Fetch(with_parameter(page.url, "currpage", int(at) + 1), tuple(following.items()), script=True),)
    )


# d: the unit service of jpaas


def _unit_column(page: Page, scripts: list[str]) -> Listing:
    """The rows that are in the page already, and the service's pages: all where a pager says how many, else the first.

    A page may have several such scripts (the list, and a box of news): what each gives is looked at.
    """
    entries, (size, count) = page.rows(_DETAIL), _pager(page.source)
    address = re.search(rf"[\w/.-]*{_UNIT}", page.source)
    service = urljoin(page.url, address[0] if address else _UNIT)
    first = 2 if entries and count else 1
    last = max(-(-count // size) if size else 0, 1)
    numbers = range(first, min(last, MAX_PAGES) + 1)
    read = [settings for said in scripts if (settings := _settings(said))]
    return Listing(entries, tuple(_unit(service, settings, n, size) for n in numbers for settings in read))


def _settings(said: str) -> dict[str, object]:
    """The parameters of a script: JSON, with single quotes for double ones, or merely like it."""
    try:
        settings = json.loads(said.replace("'", '"'))
    except ValueError:
        settings = dict(re.findall(r"""["']?(\w+)["']?\s*:\s*["']([^"']*)["']""", said))
    return settings if isinstance(settings, dict) else {}


def _unit(service: str, settings: dict[str, object], number: int, size: int) -> Fetch:
    """A call of the service; the number of the page is understood only inside of paramJson."""
    query = {name: str(value) for name, value in settings.items() if name != "paramJson"}
    query["paramJson"] = json.dumps({"pageNo": number, "pageSize": size or 15}, separators=(",", ":"))
    return Fetch(f"{service}?{urlencode(query)}", script=True)


def _unit_answer(page: Page, answer: dict[str, object]) -> Listing:
    """The rows of the HTML in the answer; after the first page, the others as its pager counts them."""
    data = answer.get("data")
    text = data.get("html") if isinstance(data, dict) else None
    if not isinstance(text, str) or not text.strip():
        return Listing()
    entries = page.inside(text).rows(_DETAIL)
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


# the page of one organ and one year


def _annual(page: Page) -> Listing:
    """The years of the organ as pages: those that the page offers, else every year up to the one after its own."""
    offered = dict(_offered(page))
    at = page.parameters.get("fbtime", "")
    if not offered:
        newest = max(
            (int(year) for year in (*re.findall(r"20[0-3]\d", page.head.get("date", "")), at) if year.isdigit()),
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
        if _ANNUAL.search(link.url) and query.get("area") == area and (year := _YEAR.match(query.get("fbtime", ""))):
            yield int(year[1]), link.text or year[1]


def _number(found: re.Match[str] | None) -> int:
    return int(next(filter(None, found.groups()), 0)) if found else 0


FAMILY = Family("hanweb", 30, claims, listing)
