"""Tables that are built of `div`s: rows of boxes side by side, told by what a statutory table says and how its boxes lie."""

from __future__ import annotations

import re
from functools import reduce
from itertools import islice
from math import gcd

from lxml.html import HtmlElement

MIN_ROWS, MIN_CELLS = 3, 2  # a word of the forms must stand in it too, so two columns of a page are none
MAX_CELL = 80  # characters: a label of the form has 40 at most
MAX_ROWS = 400  # rows of a table: a report's longest has 30
MAX_COLUMNS = 20  # of a table: the widest form has 15; widths in odd pixels have no common measure
_WORDS = re.compile(r"信息内容|自然人|予以公开|结果维持|处理决定数量")
_WIDTH = re.compile(r"(?<![-\w])width\s{0,5}:\s{0,5}(\d{1,4})(?:\.\d+)?\s{0,5}(?:%|px|pt)")
_BOX = frozenset(("div", "span", "p", "li", "dd", "dt", "section"))

Row = list[tuple[HtmlElement, int]]


def is_table(node: HtmlElement) -> bool:
    """Whether an element is a table of boxes: most of its children are rows, and a word of the forms stands in it."""
    if node.tag not in ("div", "ul", "section", "dl") or next(node.iter("table"), None) is not None:
        return False
    rows = [child for child in islice(node, MAX_ROWS) if isinstance(child.tag, str)]
    if len(rows) < MIN_ROWS or sum(1 for row in rows if _is_row(row)) < 0.7 * len(rows):
        return False
    return bool(_WORDS.search("".join("".join(map(str, node.itertext())).split())))


def rows_of(node: HtmlElement) -> list[Row]:
    """The rows of boxes with the columns that each is wide, as its width says; 1 where widths make no form's columns."""
    rows = [[cell for cell in row if cell.tag in _BOX] for row in islice(node, MAX_ROWS) if row.tag in _BOX]
    widths = [width for row in rows for cell in row if (width := _width(cell))]
    unit = reduce(gcd, widths) if widths else 0
    if not unit or any(sum(_width(cell) // unit or 1 for cell in row) > MAX_COLUMNS for row in rows):
        return [[(cell, 1) for cell in row] for row in rows if row]
    return [[(cell, _width(cell) // unit or 1) for cell in row] for row in rows if row]


def _is_row(node: HtmlElement) -> bool:
    """Whether an element holds nothing but boxes with short texts."""
    if not isinstance(node.tag, str) or node.tag not in _BOX or (node.text or "").strip():
        return False
    cells = [child for child in node if child.tag in _BOX]
    return len(cells) >= MIN_CELLS and all(len(cell.text_content()) <= MAX_CELL for cell in cells)


def _width(cell: HtmlElement) -> int:
    found = _WIDTH.search(cell.get("style") or "")
    return int(found[1]) if found else 0
