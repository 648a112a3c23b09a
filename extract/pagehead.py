"""What an HTML page says of itself: the standard meta tags (国办发〔2017〕47号, annex) and the index table.

Used by the HTML format for title and date, by the survey for the column, and by identity for the publisher.
Attribute order and case vary from site to site; the names are compared in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from . import titles

_META = {
    "articletitle": "title",
    "pubdate": "date",
    "contentsource": "source",
    "columnname": "column",
    "columntype": "column_type",
    "sitename": "site",
    "siteidcode": "site_code",
    "sitedomain": "domain",
}
_LABELS = {
    "索引号": "index",
    "发布机构": "publisher",
    "发文机关": "publisher",
    "公开机构": "publisher",
    "发文机构": "publisher",
    "信息来源": "source",
    "来源": "source",
    "发布日期": "date",
    "公开日期": "date",
    "发布时间": "date",
    "发文日期": "date",
    "生成日期": "date",
    "公文生成日期": "date",
    "成文日期": "written",
}
_LABEL = re.compile(
    rf"^[\[【]?(?P<label>{'|'.join(sorted(_LABELS, key=len, reverse=True))})[\]】]?[:：]?(?P<value>.*)$"
)
_DATE = re.compile(r"(?P<y>(?:19|20)\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})")
_TITLE_NODES = ("//h1", "//*[contains(@class,'wzbiaoti') or contains(@class,'bt_link') or contains(@class,'title')]")


def read(tree: html.HtmlElement) -> dict[str, str]:
    """Title, date (YYYY-MM-DD), publisher, source, index, column, column_type, site, site_code, as far as printed."""
    said: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = _META.get((node.get("name") or "").strip().lower())
        value = " ".join((node.get("content") or "").split())
        if key and value:
            said.setdefault(key, value)
    for key, value in _labelled(tree):
        said.setdefault(key, value)
    for key in ("date", "written"):
        if key in said and not _normal_date(said, key):
            del said[key]
    said["title"] = _title(tree, said.get("title", ""))
    return {key: value for key, value in said.items() if value}


def date(text: str) -> str | None:
    """The first date in a text as YYYY-MM-DD."""
    match = _DATE.search(text)
    if not match or not (1 <= int(match["m"]) <= 12 and 1 <= int(match["d"]) <= 31):
        return None
    return f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}"


def _normal_date(said: dict[str, str], key: str) -> bool:
    found = date(said[key])
    if found:
        said[key] = found
    return found is not None


def _labelled(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Pairs of the index table, whether it is built of cells, list items, or lines 标签：值."""
    for node in tree.iter("td", "th", "li", "dt", "dd", "span", "p", "div", "label", "b", "strong"):
        text = titles.squeeze(node.text_content()) if len(node) < 8 else ""
        if not text or len(text) > 120 or not (match := _LABEL.match(text)):
            continue
        value = match["value"]
        following = node.getnext()
        if not value and following is not None:
            value = titles.squeeze(following.text_content())
        if value and len(value) < 60:
            yield _LABELS[match["label"]], re.split(r"(?:发布|公开|成文|来源|字号|浏览|点击|索引)", value)[0] or value


def _title(tree: html.HtmlElement, meta: str) -> str:
    """ArticleTitle, else a heading that is a report's title, else the page's own title up to its site name."""
    if meta:
        return titles.without_site(meta)
    for path in _TITLE_NODES:
        for node in tree.xpath(path):
            text = " ".join(node.text_content().split())
            if titles.parse(text):
                return text
    heading = tree.find(".//h1")
    if heading is not None and heading.text_content().strip():
        return " ".join(heading.text_content().split())
    page = " ".join((tree.findtext(".//title") or "").split())
    return re.split(r"\s*[-_—|]{1,2}\s*", page)[0]
