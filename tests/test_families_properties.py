"""What holds for every family and whatever a server sends: recorded pages cut off, overwritten, with tags put in between.

`claims` and `listing` never raise; further pages never hold the page itself, none twice, at most MAX_PAGES; addresses of
entries are absolute. A family is asked about pages of others, too: the column's family reads what only `plain` claims.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.attachments import attachments
from crawler.doors import onward, waits_for_script
from crawler.families import all_families
from crawler.pages import MAX_PAGES, Fetch, Page
from crawler.recorded import load
from extract.model import Unreadable

CASES = sorted(path.parent for path in (Path(__file__).parent / "fixtures" / "families").glob("*/*/page.*"))
HOST = "http://www.example.gov.cn"

# The deadline is there to notice a loop that never ends; an example takes a hundredth of it.
settings.register_profile("families", deadline=timedelta(seconds=10), suppress_health_check=list(HealthCheck))
often = settings(settings.get_profile("families"), max_examples=300)
seldom = settings(settings.get_profile("families"), max_examples=150)

PIECES = (
    '<a href="index_2.html">下一页</a>', '<a href="?page=99999">尾页</a>', '<a href="http://[::1">2</a>',
    '<a href="http://www.example.gov.cn:99999/2.html">3</a>', '<a href="javascript:goPage(\'9\')">9</a>',
    '<a href="/nb/²_²²²²-01-20.html">2021年政府信息公开工作年度报告</a>', '<base href="http://[">', "<base href='//'>",
    "共99999页", "共²页", "1/9999", "pageCount:99999,", "totalPage=0", "共99999条 1/99999", "共5条 9/2",
    'createPageHTML(99999,0,"index","html")', "createPageHTML('x',99999,1,'list','shtml',9)", "<table><tr><td>",
    "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "<recordset><record><![CDATA[<li><a href='//'>", "</ul>",
    "queryData=\"{'webId':{}}\"", "queryData='[1]'", '<div rows="0" count="9">', '<div rows="1" count="99999">',
    "dataproxy.jsp?page=1&perpage=0", "totalRecord:99999999", "perPage:0", "dataStore=['", "<option value='²⁰²¹'>", "\\",
    "_CONFIG={SID:'1', TREE:[{\"id\":[],\"name\":\"年报\"}, 1]", '{"articles":', "\x00", "&#55296;", "\ud7ff\uffff",
    "<ul class=xxgk_nav_list><li><a>", "<iframe src='http://[/a.pdf'>", "<a href='a.pdf'>a</a>", "<li onclick=open('b')>2",
)  # fmt: skip
ODD = ("0", "-1", "99999", "²", "２", "", "1.5", "[", "%00", "{", "null", "年报", '{"pageNo":1}', '{"pageNo":[]}', "[]")


@st.composite
def mutilated(draw: st.DrawFn, cases: Sequence[Path] = CASES) -> Page | None:
    """A recorded page as a broken line, server or template would give it; None where it is no page at all any more."""
    case = draw(st.sampled_from(cases))
    whole = load(case)
    source = whole.source
    if draw(st.booleans()):
        source = source[: draw(st.integers(0, len(source)))]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(source)))
        source = source[:at] + draw(st.sampled_from(PIECES)) + source[at:]
    data = bytearray(source.encode("utf-8", "surrogatepass"))
    for at, byte in draw(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), max_size=5)):
        if at < len(data):
            data[at] = byte
    url = draw(st.sampled_from([whole.url, whole.url, odd_address(draw, whole)]))
    try:
        return Page(url, bytes(data), form=urlencode(whole.form), base=whole.base if whole.base != whole.url else "")
    except Unreadable:
        return None


def odd_address(draw: st.DrawFn, page: Page) -> str:
    """The page's address with odd values in its query."""
    values = {name: draw(st.sampled_from([value, *ODD])) for name, value in page.parameters.items()}
    return urlsplit(page.url)._replace(query=urlencode(values)).geturl()


def check(page: Page) -> None:
    """The rules, for every family."""
    itself = Fetch(page.url, tuple(page.form.items()))
    for family in all_families().values():
        assert family.claims(page) in (True, False)
        listing = family.listing(page)
        for entry in listing.entries:
            parts = urlsplit(entry.url)
            assert parts.scheme in ("http", "https") and parts.hostname, (family.name, entry)
            assert entry.is_report in (True, False) and entry.is_named in (True, False)
        asked = [(fetch.url, fetch.body) for fetch in listing.further]
        assert (itself.url, itself.body) not in asked, (family.name, itself)
        assert len(asked) == len(set(asked)), (family.name, asked)
        assert len(asked) <= MAX_PAGES, (family.name, len(asked))
        assert all(urlsplit(url).hostname for url, _ in asked), (family.name, asked)
    assert all(urlsplit(link.url).hostname for link in (*attachments(page), *onward(page)))
    assert isinstance(waits_for_script(page), str)


@often
@given(page=mutilated())
def test_mutilated_pages(page: Page | None) -> None:
    if page is not None:
        check(page)


def test_recorded_pages() -> None:
    """The rules hold for the recorded pages as they are, read by every family."""
    for case in CASES:
        check(load(case))


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(PIECES)
anything = st.recursive(values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
ARTICLE = ("id", "title", "url", "post_url", "date", "display_publish_time", "created_at")
ADDRESSES = (
    "/gkmlpt/api/all/11?page=1&sid=1",
    "/api-gateway/jpaas-publish-server/front/page/build/unit?paramJson=" + quote('{"pageNo":1,"pageSize":15}'),
    "/zwgk/site/label/8888?isJson=true&labelName=columnTree&pageIndex=1",
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """JSON with the names that the services use, and any values."""
    articles = st.lists(st.dictionaries(st.sampled_from(ARTICLE), anything) | anything, max_size=3)
    rows = draw(articles | anything)
    html = draw(st.lists(st.sampled_from(PIECES)).map("".join) | anything)
    return {"total": draw(values), "articles": rows, "data": draw(st.just({"html": html}) | anything)}


@seldom
@example(answer={"articles": 5}, path=ADDRESSES[0])
@given(answer=answers() | anything, path=st.sampled_from(ADDRESSES))
def test_any_json(answer: Any, path: str) -> None:
    check(Page(HOST + path, json.dumps(answer).encode()))


PAGED = (
    "/nb/?page={}", "/nb/{}.html", "/nb/index_{}.html", "/nb/list-1.html?pageNo={}", "/zwgk/public/column/1?pageIndex={}",
    "/zwgk/site/label/8888?pageIndex={}", "/module/xxgk/search.jsp?currpage={}", "/nb/{}.htm", "/col/col1/index.html?number={}",
    "/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime={}", "/OpennessContent/showList/1/0/page_{}.html",
    "/gkmlpt/api/all/11?page={}&sid=1", "/list.asp?class=1&page={}",
)  # fmt: skip


@often
@example(path=PAGED[0], at="1", link="2", pieces=['<base href="http://[">'])
@example(path=PAGED[0], at="1", link="²", pieces=[])
@example(path=PAGED[6], at="²", link="1", pieces=[])
@example(path=PAGED[9], at="²", link="1", pieces=[])
@example(
    path=PAGED[1], at="1", link="2", pieces=["共99999页", '<a href="/x.html">下一页</a><a href="/y.html">尾页</a>']
)
@example(
    path=PAGED[8],
    at="1",
    link="2",
    pieces=["queryData=\"{'webId':1}\" queryData=\"{'webId':2}\"", '<div rows="1" count="99999">'],
)
@example(path=PAGED[8], at="1", link="2", pieces=["queryData=\"{'webId':1}\" queryData=\"{'webId':1}\""])
@given(
    path=st.sampled_from(PAGED),
    at=st.sampled_from(ODD),
    link=st.sampled_from(ODD),
    pieces=st.lists(st.sampled_from(PIECES), max_size=4),
)
def test_odd_addresses(path: str, at: str, link: str, pieces: list[str]) -> None:
    """Odd numbers in the address of a list and in those of its pager."""
    row = '<li><a href="/art/2024/1/1/art_1_2.html">云岭县2023年政府信息公开工作年度报告</a><i>2024-01-01</i></li>'
    pager = f'<a href="{path.format(quote(link))}">2</a><a href="{path.format(link)}">下一页</a>'
    url = HOST + path.format(quote(at))
    check(Page(url, f"<html><body><ul>{row}</ul>{pager}{''.join(pieces)}</body></html>".encode("utf-8", "replace")))


@seldom
@example(tree=[{"id": 1, "name": "年报", "children": [{"id": 1, "name": "年报"}]}])
@given(tree=anything | st.lists(st.fixed_dictionaries({"id": anything, "name": st.just("年报"), "children": anything})))
def test_any_tree(tree: Any) -> None:
    """The catalogue of gkmlpt, with anything in its nodes."""
    source = f"<html><script>window._CONFIG = {{SID: '1', TREE: {json.dumps(tree if isinstance(tree, list) else [tree])}}};</script></html>"
    check(Page(f"{HOST}/gkmlpt/index", source.encode()))
