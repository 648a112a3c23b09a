"""The rows of a list: what a link's text says beside the title, and the date that stands in its row."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from extract import pagehead

MAX_TEXT = 400  # characters of a row: more is not looked at

_DATED = re.compile(r"^\W*20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?\W*|\W*20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?\W*$")
_MARK = re.compile(r"\s*[\[【(（]?(?:new|最新|置顶|热点?)[!！]?[\]】)）]?$", re.IGNORECASE)
_FOLDER = re.compile(r"^[\[［【][^\]］】]{1,14}[\]］】]\s*(?=.)|^置顶\s*(?=.)")
_DAY = re.compile(r"^[\[(（]?(\d{1,2})[-./月](\d{1,2})日?[\])）]?$")


def text_of(node: HtmlElement) -> str:
    """The text of an element, as far as a row of a list can be long."""
    text = ""
    for part in node.itertext():
        text += str(part)
        if len(text) > MAX_TEXT:
            break
    return text[:MAX_TEXT]


def _holds_other_links(node: HtmlElement) -> bool:
    """Whether an element holds more than one link."""
    links = (each for each in node.iter() if each.tag == "a" or (isinstance(each.tag, str) and each.get("onclick")))
    return len(list(islice(links, 2))) > 1


def plain(text: str) -> str:
    """The text of a link without what rows put into it: a date, a mark for what is new, the name of a folder in brackets."""
    text = " ".join(text[:MAX_TEXT].split())
    plain = _MARK.sub("", _FOLDER.sub("", _DATED.sub("", _MARK.sub("", text))))
    return plain or text


def row_day(node: HtmlElement) -> str:
    """Month and day beside an anchor, alone in an element: 01-15."""
    parent = node.getparent()
    beside_it = parent.iter("span", "em", "b", "i", "td") if parent is not None else ()
    for beside in islice(beside_it, 20):
        if found := _DAY.match("".join(text_of(beside).split())):
            return f"{int(found[1]):02}-{int(found[2]):02}"
    return ""


def row_date(node: HtmlElement) -> str | None:
    """The date in the row of an anchor: in its nearest ancestor that holds one and no second link, or in the anchor."""
    own = text_of(node)
    for ancestor in islice(node.iterancestors(), 4):
        if ancestor.tag in ("body", "html") or _holds_other_links(ancestor):
            break
        if found := pagehead.date("".join(text_of(ancestor).replace(own, "", 1).split())):
            return found
    inside = _DATED.search(" ".join(own.split()))
    return pagehead.date("".join(inside.group().split())) if inside else None
