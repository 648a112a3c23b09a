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
_WORDS = "|".join(r"\s*".join(label) for label in sorted(_LABELS, key=len, reverse=True))
_PAIR = re.compile(
    rf"(?:^|[\s|｜\[【])(?P<label>{_WORDS})\s*[\]】]?\s*[:：]\s*[\]】]?\s*(?P<value>.*?)"
    rf"(?=[\s|｜\[【]+(?:{_WORDS})\s*[\]】]?\s*[:：]|\s*(?:浏览|点击|阅读|字号|字体|作者|责任编辑|打印|【)|$)"
)
_ALONE = re.compile(rf"^[\[【]?\s*(?P<label>{_WORDS})\s*[\]】]?\s*[:：]?\s*[\]】]?$")
MAX_LINE, MAX_VALUE = 160, 60  # characters: longer ones are sentences, not an index table
MAX_PARTS = 8  # elements: what holds as many or more is a part of the page, not a line of it
_DATE = re.compile(r"(?P<y>(?:19|20)\d\d)[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})")
_SITE_CODE = re.compile(r"(?:网站)?标识码[:：]?\s*([0-9]{10}|bm[0-9]{8})\b")
_TITLE_NODES = (
    "//ucaptitle",
    "//h1",
    "//*[contains(@class,'wzbiaoti') or contains(@class,'bt_link') or contains(@class,'title')]",
)


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
    if "site_code" not in said and (found := _SITE_CODE.search(" ".join(tree.itertext()))):
        said["site_code"] = found[1]
    said["title"] = _title(tree, said.get("title", ""))
    return {key: value for key, value in said.items() if value}


def title(tree: html.HtmlElement) -> str:
    """What `read` gives as the title, alone: the rest of a page's head costs twenty times as much."""
    metas = (node for node in tree.iter("meta") if (node.get("name") or "").strip().lower() == "articletitle")
    said = next((value for node in metas if (value := " ".join((node.get("content") or "").split()))), "")
    return _title(tree, said)


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
    """Pairs of the index table, whether it is built of cells, of list items, or of lines 标签：值 标签：值."""
    for node in tree.iter("td", "th", "li", "dt", "dd", "span", "p", "div", "label", "b", "strong"):
        text = _line(node) if len(node) < MAX_PARTS else ""
        if not text:
            continue
        following = node.getnext()
        if (alone := _ALONE.match(text)) and following is not None:
            pairs = [(alone["label"], " ".join(following.text_content().split()))]
        else:
            pairs = [(pair["label"], pair["value"]) for pair in _PAIR.finditer(text)]
        for label, value in pairs:
            if 0 < len(value) < MAX_VALUE:
                yield _LABELS[titles.squeeze(label)], titles.squeeze(value)


def _line(node: html.HtmlElement) -> str:
    """The words of an element that holds no more than one line, empty for others: most of a page is read no further."""
    words: list[str] = []
    room = MAX_LINE + 1
    for part in node.itertext() if len(node) else (node.text or "",):
        for word in str(part).split():
            room -= len(word) + 1
            if room < 0:
                return ""
            words.append(word)
    return " ".join(words)


def _unnamed_title(tree: html.HtmlElement) -> str:
    """A report's title in an element of any name that holds nothing else and leads nowhere."""
    for node in tree.iter("p", "div", "span", "td", "strong", "b", "center", "font", "h2", "h3", "h4"):
        text = "".join(node.itertext()) if len(node) < MAX_PARTS else ""
        if (
            len(text) < MAX_LINE
            and "公开" in text
            and not _leads(node)
            and (parsed := titles.parse(text))
            and parsed.unit
        ):
            return " ".join(text.split())
    return ""


def _leads(node: html.HtmlElement) -> bool:
    """Whether an element is, holds or stands in a link."""
    above = (node, *node.iterancestors())
    return node.find(".//a") is not None or any(each.tag == "a" or each.get("onclick") for each in above)


def _title(tree: html.HtmlElement, meta: str) -> str:
    """ArticleTitle, else a heading that is a report's title, else the page's own title up to its site name."""
    if meta:
        return titles.without_site(meta)
    for path in _TITLE_NODES:
        for node in tree.xpath(path):
            text = " ".join(node.text_content().split())
            if titles.parse(text):
                return text
    if found := _unnamed_title(tree):
        return found
    heading = tree.find(".//h1")
    if heading is not None and heading.text_content().strip():
        return " ".join(heading.text_content().split())
    page = " ".join((tree.findtext(".//title") or "").split())
    return re.split(r"\s*[-_—|]{1,2}\s*", page)[0]
