"""A document as a workbook, as offices lay reports out in sheets: XLSX by xlsxwriter, XLS by xlwt. No score is pinned on
them: they show that structure, spans and states come through.
"""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
import xlwt

from tests.portals.documents import Document
from tests.portals.grids import Grid
from tests.portals.wording import choose

ACCOUNT = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '
WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,8})")
UNIT = re.compile(r"(0|[1-9]\d{0,8})(件|项|次|条)")
WIDE = 15  # columns of table four, over which the text is merged


@dataclass(frozen=True, slots=True)
class Look:
    """How a workbook is laid out. `sheets`: each table and the text before it on a sheet of its own; `borders`: around
    the cells of tables; `merged`: titles and text over the whole width, else they stand in the first column; `numbers`:
    figures are numbers with formats, else texts; `formulas`: totals are calculated; `gap`: empty rows around tables;
    `left`: columns that are empty; `hidden`: rows, a column and a sheet that nobody sees stand in between.
    """

    sheets: bool = False
    borders: bool = True
    merged: bool = True
    numbers: bool = True
    formulas: bool = False
    gap: int = 0
    left: int = 0
    hidden: bool = False


LOOKS: Mapping[str, Look] = {
    "one sheet": Look(),
    "a sheet for each table": Look(sheets=True, formulas=True),
    "no borders": Look(borders=False, gap=1),
    "texts": Look(numbers=False, gap=2, left=1),
    "nothing merged over the width": Look(merged=False, formulas=True),
    "hidden rows and columns": Look(hidden=True, gap=1),
    "no borders, nothing merged": Look(borders=False, merged=False, gap=1, sheets=True),
}


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell holds: a text or a number, its number format, and whether a formula found it."""

    held: str | float
    code: str = "General"
    formula: bool = False


Put = Callable[[int, int, int, int, Value, bool], None]  # first row and column, last row and column, value, border


@dataclass
class Page:
    """A sheet that is being filled: how to write on it, and the next row."""

    put: Put
    hide_row: Callable[[int], None]
    row: int = 0
    skipped: list[int] = field(default_factory=list)


def xlsx(document: Document, look: Look) -> bytes:
    """The bytes of an .xlsx file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    styles: dict[tuple[str, bool], Any] = {}

    def page(name: str, hidden: bool) -> Page:
        sheet = book.add_worksheet(name)
        if hidden:
            sheet.hide()
        elif look.hidden:
            sheet.activate()
            sheet.set_first_sheet()
            sheet.set_column(look.left + 1, look.left + 1, None, None, {"hidden": True})

        def put(row: int, column: int, last: int, right: int, value: Value, border: bool) -> None:
            key = value.code, border
            if key not in styles:
                styles[key] = book.add_format({"num_format": key[0], "border": int(border), "text_wrap": True})
            if last > row or right > column:
                sheet.merge_range(row, column, last, right, "", styles[key])
            if value.formula:
                sheet.write_formula(row, column, "=SUM(A1:A2)", styles[key], value.held)
            elif isinstance(value.held, str):
                sheet.write_string(row, column, value.held, styles[key]) if value.held else sheet.write_blank(
                    row, column, None, styles[key]
                )
            else:
                sheet.write_number(row, column, value.held, styles[key])

        return Page(put, lambda row: sheet.set_row(row, None, None, {"hidden": True}))

    _filled(document, look, page)
    book.close()
    return buffer.getvalue()


def xls(document: Document, look: Look) -> bytes:
    """The bytes of an .xls file. The writer keeps no results of formulas, so that totals are numbers."""
    book = xlwt.Workbook(encoding="utf-8")
    styles: dict[tuple[str, bool], Any] = {}

    def page(name: str, hidden: bool) -> Page:
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        if hidden:
            sheet.visibility = 1
        elif look.hidden:
            sheet.col(look.left + 1).hidden = True

        def put(row: int, column: int, last: int, right: int, value: Value, border: bool) -> None:
            key = value.code, border
            if key not in styles:
                lines = "borders: left thin, right thin, top thin, bottom thin" if border else ""
                styles[key] = xlwt.easyxf(lines, num_format_str=key[0])
            if last > row or right > column:
                sheet.write_merge(row, last, column, right, value.held if value.held != "" else None, styles[key])
            else:
                sheet.write(row, column, value.held if value.held != "" else None, styles[key])

        def hide(row: int) -> None:
            sheet.row(row).hidden = True

        return Page(put, hide)

    _filled(document, look, page)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _filled(document: Document, look: Look, page: Callable[[str, bool], Page]) -> None:
    """All sheets of a document."""
    if look.hidden:
        stale = page("旧稿", True)
        stale.put(0, 0, 0, 0, Value("已隐藏的旧稿"), False)
    number = 1
    sheet = page("Sheet1", False)
    for line in document.title_lines:
        _line(sheet, line, look)
    for block in document.blocks:
        if isinstance(block, Grid):
            sheet.row += look.gap
            _table(sheet, block, look, document.style)
            sheet.row += look.gap
            if look.sheets:
                number += 1
                sheet = page(f"Sheet{number}", False)
        else:
            _line(sheet, block.text, look)


def _line(sheet: Page, text: str, look: Look) -> None:
    right = look.left + (_columns(look, WIDE) - 1 if look.merged else 0)
    sheet.put(sheet.row, look.left, sheet.row, right, Value(text), False)
    sheet.row += 1


def _columns(look: Look, count: int) -> int:
    """So many columns with the hidden one, which stands behind the first."""
    return count + (1 if look.hidden and count > 1 else 0)


def _table(sheet: Page, grid: Grid, look: Look, style: str) -> None:
    """The rows of a grid; hidden rows with other figures stand between them where the look has such."""
    at: list[int] = []
    spanned = {
        row for one in grid.placed() for row in range(one.row, one.row + one.cell.rowspan - 1) if one.cell.rowspan > 1
    }
    for row in range(len(grid.rows)):
        at.append(sheet.row)
        sheet.row += 1
        if (
            look.hidden
            and row >= grid.head
            and row not in spanned
            and choose(style, f"hide {row}", (True, False, False))
        ):
            for column in range(len(grid.widths)):
                sheet.put(sheet.row, look.left + column, sheet.row, look.left + column, Value(77), look.borders)
            sheet.hide_row(sheet.row)
            sheet.row += 1
    for placed in grid.placed():
        cell = placed.cell
        first = look.left + (_columns(look, placed.column + 1) - 1)
        right = look.left + _columns(look, placed.column + cell.colspan) - 1
        value = _value(cell.text, cell.path or "", look, style)
        sheet.put(at[placed.row], first, at[placed.row + cell.rowspan - 1], right, value, look.borders)


def _value(text: str, path: str, look: Look, style: str) -> Value:
    """A figure as a number with one of the formats that show it so; everything else as a text."""
    if not path or not look.numbers:
        return Value(text)
    total = look.formulas and ".total" in path
    if WHOLE.fullmatch(text):
        code = choose(style, f"format {path}", ("General", "0", "0_ ", "#", "G/通用格式"))
        return Value(float(text), "0" if text == "0" and code == "#" else code, total)
    if match := UNIT.fullmatch(text):
        return Value(float(match[1]), f'0"{match[2]}"', total)
    if text == "-":
        return Value(0.0, ACCOUNT, total)
    if not text and choose(style, f"hides {path}", (True, False)):
        return Value(0.0, "0;-0;;@")
    return Value(text)
