"""How lists go on where no family knows it better: the pagers of portals.md, section 4, rule 10, in that order.

A link 下一页; the number of pages said in a script or in the text, with the address of a numbered page beside it; numbered
links. What repeats or never ends is stopped by the spider.
"""

from __future__ import annotations

import re
from itertools import chain
from urllib.parse import parse_qsl, urljoin, urlsplit

from .pages import MAX_PAGES, Fetch, Page, with_parameter

_NEXT = re.compile(r"^[\[\s]*(?:下一?页|后一?页|>|›|»|next)[\]\s]*[>›»]*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\[?\s*(?:第)?(\d{1,3})(?:页)?\s*\]?$")
_LAST = re.compile(r"^[\[\s]*(?:尾页|末页|最后一?页|last|>>|»»)[\]\s]*$", re.IGNORECASE)
_COUNT = re.compile(
    r"(?:pageCount|totalPages?|countPage|pagecount|page_count)[\"']?\s*[:=]\s*[\"']?(\d{1,5})\b|共\s{0,5}(?:<[^<>]{0,100}>\s{0,5}){0,4}(\d{1,5})(?:\s{0,5}<[^<>]{0,100}>){0,4}\s{0,5}页"
    r"|(?:(?<=[>条页第:：\s])|(?<=&nbsp;))1\s*/\s*(\d{1,4})\s*(?=页|<|&nbsp;|$)",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"^(?:page|pageno|pageindex|pagenum|pagenumber|cur_?page|currentpage|p|pn)$", re.IGNORECASE)
_FILE = re.compile(r"^(?P<stem>.*?)(?P<between>[_-])?(?P<number>\d{1,4})(?P<ending>\.\w+)$")


def further(page: Page) -> tuple[Fetch, ...]:
    """The further pages of a list, as far as the page tells of them; without the page itself."""
    following, numbered, ends = _links(page)
    count = page_count(page)
    if template := next(filter(None, map(_template, [*numbered, *following, *ends])), None):
        last = max(count, *(int(number) for number in _numbers(page, template)), 0)
        if last > 1:
            urls = [template.format(number) for number in range(2, min(last, MAX_PAGES) + 1)]
            return tuple(Fetch(url) for url in dict.fromkeys([*urls, *following, *ends]) if url != page.url)[:MAX_PAGES]
    if not (following or numbered or ends) and count > 1:
        return tuple(Fetch(url) for url in _siblings(page, count))
    return tuple(Fetch(url) for url in dict.fromkeys(following or [*numbered, *ends]) if url != page.url)


def page_count(page: Page) -> int:
    """The number of pages that a script or the text says, 0 where none does."""
    found = _COUNT.search(page.source)
    return int(next(filter(None, found.groups()))) if found else 0


def _links(page: Page) -> tuple[list[str], list[str], list[str]]:
    """Addresses of 下一页, of the numbered pages, and of the last one, on the page's own host."""
    following, numbered, ends = [], [], []
    for node, link in page.links("//a"):
        text = " ".join(node.text_content().split())
        if not page.on_host(link.url):
            continue
        if _NEXT.match(text) or "next" in (node.get("rel") or "").lower().split():
            following.append(link.url)
        elif _NUMBER.match(text):
            numbered.append(link.url)
        elif _LAST.match(text):
            ends.append(link.url)
    for option in page.tree.iter("option"):  # a pager as a menu: 第2页, with the address as its value
        value = option.get("value") or ""
        url = page.absolute(value) if re.search(r"[/.?]", value) else None
        if url and page.on_host(url) and _NUMBER.match(" ".join("".join(map(str, option.itertext())).split())):
            numbered.append(url)
    return following, numbered, ends


class _Template:
    """An address in which only the number of the page changes."""

    def __init__(self, url: str, name: str = "", match: re.Match[str] | None = None) -> None:
        self.url, self.name, self.match = url, name, match

    def format(self, number: int) -> str:
        if self.name:
            return with_parameter(self.url, self.name, number)
        assert self.match is not None
        stem, between = self.match["stem"], self.match["between"] or ""
        return urljoin(self.url, f"{stem}{between}{number}{self.match['ending']}")

    def number(self, url: str) -> int | None:
        """The number in another address of this shape."""
        for guess in (
            (re.findall(r"\d+", url)[-3:])
            if not self.name
            else [dict(parse_qsl(urlsplit(url).query)).get(self.name, "")]
        ):
            if guess.isdecimal() and len(guess) < 5 and self.format(int(guess)) == url:
                return int(guess)
        return None


def _template(url: str) -> _Template | None:
    """The shape of a numbered page's address: a parameter named page, or a file named index_2.html, list-2.html, 2.html."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if _PARAMETER.match(name) and value.isdecimal():
            return _Template(url, name)
    file = parts.path.rpartition("/")[2]
    found = _FILE.match(file)
    if found and not parts.query and (found["between"] or not found["stem"]):
        return _Template(url, match=found)
    return None


def _numbers(page: Page, template: _Template) -> list[int]:
    """The numbers of the pages that links of this shape lead to."""
    return [number for url in chain(*_links(page)) if (number := template.number(url)) is not None]


def _siblings(page: Page, count: int) -> list[str]:
    """Numbered files beside the page, where the text says how many there are and no link leads to them."""
    directory, _, file = urlsplit(page.url).path.rpartition("/")
    numbers = range(2, min(count, MAX_PAGES) + 1)
    if file in ("1.html", "1.htm", "1.shtml"):
        names = [f"{number}{file[1:]}" for number in numbers]
    else:
        stem, _, ending = (file or "index.html").rpartition(".")
        stem = re.sub(r"[_-]1$", "", stem)
        names = [f"{stem}_{number}.{ending}" for number in numbers] if ending in ("html", "htm", "shtml") else []
    return [urljoin(page.url, f"{directory}/{name}") for name in names]
