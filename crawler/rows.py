"""The rows of a list: what a link's text says beside the title, and the date that stands in its row."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from extract import pagehead

_DATED = re.compile(r"^\W*20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?\W*|\W*20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?\W*$")
_MARK = re.compile(r"\s*[\[【(（]?(?:new|最新|置顶|热点?)[!！]?[\]】)）]?$", re.IGNORECASE)
_FOLDER = re.compile(r"^[\[［【][^\]］】]{1,14}[\]］】]\s*(?=.)|^置顶\s*(?=.)")
_DAY = re.compile(r"^[\[(（]?(\d{1,2})[-./月](\d{1,2})日?[\])）]?$")


def plain(text: str) -> str:
    """The text of a link without what rows put into it: a date, a mark for what is new, the name of a folder in brackets."""
    text = " ".join(text.split())
    plain = _MARK.sub("", _FOLDER.sub("", _DATED.sub("", _MARK.sub("", text))))
    return plain or text


def row_day(node: HtmlElement) -> str:
    """Month and day beside an anchor, alone in an element: 01-15."""
    parent = node.getparent()
    for beside in parent.iter("span", "em", "b", "i", "td") if parent is not None else ():
        if found := _DAY.match("".join("".join(beside.itertext()).split())):
            return f"{int(found[1]):02}-{int(found[2]):02}"
    return ""


def row_date(node: HtmlElement) -> str | None:
    """The date in the row of an anchor: in its nearest ancestor that holds one and no second link, or in the anchor."""
    own = "".join(node.itertext())
    for ancestor in list(node.iterancestors())[:4]:
        if ancestor.tag in ("body", "html") or sum(1 for _ in ancestor.iter("a")) > 1:
            break
        if found := pagehead.date("".join("".join(ancestor.itertext()).replace(own, "", 1).split())):
            return found
    inside = _DATED.search(" ".join(own.split()))
    return pagehead.date("".join(inside.group().split())) if inside else None
