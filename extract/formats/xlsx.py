"""Excel workbooks (.xlsx, .xlsm): a walk over the XML of their sheets, cells as they are shown (ECMA-376 part 1, 18).

No formula is calculated and no macro runs: a formula's cell holds what its program found last; one without that holds
the formula itself, which is no figure. Other files that a workbook names are not opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from posixpath import dirname, join
from typing import NamedTuple

from lxml import etree

from .. import display, workbook
from ..model import Hint, Text, Unreadable
from ..workbook import At, Sheet
from ..zips import Package, holds, opened
from . import Format

BOOK = "xl/workbook.xml"
MAX_SHEETS = 200
MAX_COLUMNS = 16_384  # of a sheet in Excel
SIDES = ("left", "right", "top", "bottom", "start", "end")


class Style(NamedTuple):
    """How a cell is shown: its number format, whether it has a border, whether what it holds is struck through."""

    code: str = display.GENERAL
    bordered: bool = False
    struck: bool = False


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets of a workbook share."""

    strings: Sequence[str]
    styles: Sequence[Style]
    since_1904: bool

    def style(self, number: int) -> Style:
        return self.styles[number] if 0 <= number < len(self.styles) else PLAIN


def recognises(data: bytes) -> bool:
    """A zip file that holds xl/workbook.xml; a bundle that holds such a file is none."""
    return holds(data, BOOK)


def read(data: bytes, hint: Hint) -> Text:
    """Paragraphs and tables, sheet by sheet. Raises Unreadable where the zip or its XML is broken."""
    package = opened(data, "Excel")
    root = package.xml(BOOK)
    related = _related(package, BOOK)
    book = Book(
        [
            _string(one)
            for path in related.values()
            if path.casefold().endswith("sharedstrings.xml")
            for one in _named(package.xml(path), "si")
        ],
        _styles(package, next((path for path in related.values() if path.casefold().endswith("styles.xml")), "")),
        any(one.get("date1904") in ("1", "true") for one in _named(root, "workbookPr")),
    )
    listed = list(_named(root, "sheet"))
    if len(listed) > MAX_SHEETS:
        raise Unreadable(f"the workbook has more than {MAX_SHEETS} sheets")
    sheets = [
        _sheet(one.get("name", ""), page, book, one.get("state", "visible") != "visible")
        for one in listed
        if (path := related.get(_relation(one), ""))
        and package.has(path)
        and _local(page := package.xml(path)) == "worksheet"
    ]
    blocks, notes = workbook.read(sheets)
    return Text(blocks, "xlsx", "", notes=notes)


def _relation(sheet: etree._Element) -> str:
    """The relation that leads to a sheet: `r:id`, in the namespace of either edition of the standard."""
    return next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")


def _related(package: Package, path: str) -> dict[str, str]:
    """The parts that a part refers to: their paths by relation."""
    place = join(dirname(path), "_rels", path.rpartition("/")[2] + ".rels")
    if not package.has(place):
        return {}
    return {
        one.get("Id", ""): join(dirname(path), one.get("Target", ""))
        for one in _named(package.xml(place), "Relationship")
        if one.get("TargetMode") != "External"
    }


def _styles(package: Package, path: str) -> list[Style]:
    if not path or not package.has(path):
        return []
    root = package.xml(path)
    own = {_whole(one.get("numFmtId")): one.get("formatCode", "") for one in _named(root, "numFmt")}
    drawn = [
        any(_local(side) in SIDES and side.get("style", "none") != "none" for side in one)
        for one in _listed(root, "borders", "border")
    ]
    struck = [_is_taken_back(one) for one in _listed(root, "fonts", "font")]
    found: list[Style] = []
    for one in _listed(root, "cellXfs", "xf"):
        number, border, font = (_whole(one.get(name)) for name in ("numFmtId", "borderId", "fontId"))
        code = own.get(number) or display.BUILT_IN.get(number, display.GENERAL)
        found.append(Style(code, border < len(drawn) and drawn[border], font < len(struck) and struck[font]))
    return found


def _listed(root: etree._Element, many: str, one: str) -> Iterator[etree._Element]:
    """The members of a list of styles; some are also kept elsewhere, for what a condition would change."""
    return (child for listed in root if _local(listed) == many for child in listed if _local(child) == one)


def _is_taken_back(font: etree._Element) -> bool:
    """Whether a font strikes its text through, or raises it as the number of a note."""
    for mark in font:
        if _local(mark) == "strike" and mark.get("val") not in ("0", "false"):
            return True
        if _local(mark) == "vertAlign" and mark.get("val") == "superscript":
            return True
    return False


def _sheet(name: str, root: etree._Element, book: Book, hidden: bool) -> Sheet:
    texts: dict[At, str] = {}
    bordered: set[At] = set()
    unseen: set[int] = set()
    zeros = all(view.get("showZeros") not in ("0", "false") for view in _named(root, "sheetView"))
    collapsed = any(one.get("zeroHeight") in ("1", "true") for one in _named(root, "sheetFormatPr"))
    row = -1
    for line in _named(root, "row"):
        row = _whole(line.get("r")) - 1 if line.get("r") else row + 1
        if line.get("hidden") in ("1", "true") or line.get("ht") == "0" or (collapsed and line.get("hidden") is None):
            unseen.add(row)
        column = -1
        for cell in line:
            if _local(cell) != "c":
                continue
            place = workbook.range_of(cell.get("r") or "")
            column = place[1] if place else column + 1
            at, style = (row, column), book.style(_whole(cell.get("s")))
            if style.bordered:
                bordered.add(at)
            if shown := _shown(cell, book, style, zeros):
                texts[at] = shown
            if len(texts) + len(bordered) > 2 * workbook.MAX_CELLS:
                raise Unreadable(f"the sheet {name} has more than {workbook.MAX_CELLS} cells")
    merges = [place for one in _named(root, "mergeCell") if (place := workbook.range_of(one.get("ref", "")))]
    return Sheet(name, texts, bordered, merges, unseen, _hidden_columns(root), hidden)


def _hidden_columns(root: etree._Element) -> set[int]:
    found: set[int] = set()
    for one in _named(root, "col"):
        if one.get("hidden") in ("1", "true") or one.get("width") == "0":
            found |= set(range(_whole(one.get("min")) - 1, min(_whole(one.get("max")), MAX_COLUMNS)))
    return found


def _shown(cell: etree._Element, book: Book, style: Style, zeros: bool) -> str:
    """What a cell shows; the formula itself where nobody has calculated it; nothing where it is struck through."""
    if style.struck:
        return ""
    parts = {_local(child): child for child in cell}
    kind, written = cell.get("t", "n"), (parts["v"].text or "") if "v" in parts else ""
    if "f" in parts and not written and kind != "str":
        return f"={parts['f'].text or ''}"
    code = style.code
    if kind == "inlineStr":
        return display.text(_string(parts["is"]), code) if "is" in parts else ""
    if kind == "s":
        number = _whole(written, -1)
        if not 0 <= number < len(book.strings):
            raise Unreadable("a cell of the workbook names a text that is not there")
        return display.text(book.strings[number], code)
    if kind == "b":
        return "TRUE" if written == "1" else "FALSE"
    if kind in ("str", "e", "d"):
        return display.text(written, code) if kind == "str" else written
    return _number(written, code, book.since_1904, zeros)


def _number(written: str, code: str, since_1904: bool, zeros: bool) -> str:
    """A number as it is shown; what is no number is shown as it is written."""
    try:
        value = Decimal(written.strip()) if written.strip() else None
    except InvalidOperation:
        return written
    if value is None or (value == 0 and not zeros):
        return ""
    return display.number(value, code, since_1904)


def _string(node: etree._Element) -> str:
    """The text of a string, its runs joined: not how it is read aloud, nor what is struck through or raised."""
    parts: list[str] = []
    for child in node:
        if _local(child) == "t":
            parts.append(child.text or "")
        elif _local(child) == "r" and not any(_local(font) == "rPr" and _is_taken_back(font) for font in child):
            parts += [one.text or "" for one in child if _local(one) == "t"]
    return "".join(parts)


def _whole(written: str | None, default: int = 0) -> int:
    """A whole number of an attribute; the default where it is none."""
    return int(written) if written and written.strip().isdecimal() and len(written) < 10 else default


def _named(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in node.iter() if isinstance(one.tag, str) and _local(one) == name)


def _local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]


FORMAT = Format("xlsx", 1, recognises, read)
