"""Old Excel workbooks (.xls), Kingsoft's .et too: BIFF in an OLE file, by xlrd; cells as they are shown.

No formula is calculated and no macro runs.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlrd

from .. import display, ole, workbook
from ..model import Hint, Text, Unreadable
from ..workbook import At, Sheet
from . import Format

# What xlrd raises where a file is damaged: it follows lengths and offsets of the file without asking.
_DAMAGE = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


def recognises(data: bytes) -> bool:
    """An OLE file whose first document is a workbook."""
    return ole.is_workbook(data)


def read(data: bytes, hint: Hint) -> Text:
    """Paragraphs and tables, sheet by sheet. Raises Unreadable for damage or a password."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        sheets = [_sheet(book, sheet) for sheet in book.sheets()]
    except _DAMAGE as error:
        if "encrypted" in str(error).lower():
            raise Unreadable("the Excel workbook is locked with a password") from error
        raise Unreadable(f"the Excel workbook is damaged: {error or type(error).__name__}") from error
    blocks, notes = workbook.read(sheets)
    return Text(blocks, "xls", "", notes=notes)


def _sheet(book: Any, sheet: Any) -> Sheet:
    texts: dict[At, str] = {}
    bordered: set[At] = set()
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if _has_border(book, cell):
                bordered.add((row, column))
            runs = sheet.rich_text_runlist_map.get((row, column), ())
            if not _is_struck(book, cell) and (shown := _shown(book, sheet, cell, runs)):
                texts[row, column] = shown
        if len(texts) + len(bordered) > 2 * workbook.MAX_CELLS:
            raise Unreadable(f"the sheet {sheet.name} has more than {workbook.MAX_CELLS} cells")
    merges = [(first, left, last - 1, right - 1) for first, last, left, right in sheet.merged_cells]
    rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    columns = {column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    return Sheet(sheet.name, texts, bordered, merges, rows, columns, sheet.visibility != 0)


def _has_border(book: Any, cell: Any) -> bool:
    if cell.xf_index is None or not 0 <= cell.xf_index < len(book.xf_list):
        return False
    border = book.xf_list[cell.xf_index].border
    return bool(border.left_line_style or border.right_line_style or border.top_line_style or border.bottom_line_style)


def _is_struck(book: Any, cell: Any) -> bool:
    """Whether the whole cell is struck through."""
    if cell.xf_index is None or not 0 <= cell.xf_index < len(book.xf_list):
        return False
    return _is_taken_back(book, book.xf_list[cell.xf_index].font_index)


def _is_taken_back(book: Any, font: int) -> bool:
    """Whether a font strikes its text through, or raises it as the number of a note."""
    found = book.font_list[font] if 0 <= font < len(book.font_list) else None
    return found is not None and bool(found.struck_out or found.escapement == 1)


def _kept(book: Any, text: str, runs: Sequence[tuple[int, int]]) -> str:
    """A text without the runs that are taken back; before the first run stands what has the cell's own font."""
    if not runs:
        return text
    ends = [start for start, _ in runs[1:]] + [len(text)]
    parts = [text[start:end] for (start, font), end in zip(runs, ends, strict=True) if not _is_taken_back(book, font)]
    return text[: runs[0][0]] + "".join(parts)


def _shown(book: Any, sheet: Any, cell: Any, runs: Sequence[tuple[int, int]]) -> str:
    """What a cell shows; `runs`: where in its text which font begins."""
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    code = _code(book, cell)
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return display.text(_kept(book, str(cell.value), runs), code)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.value == 0 and not sheet.show_zero_values:
        return ""
    return display.number(Decimal(repr(float(cell.value))), code, bool(book.datemode))


def _code(book: Any, cell: Any) -> str:
    """The number format of a cell: of the file, or the one that its number stands for."""
    if cell.xf_index is None or not 0 <= cell.xf_index < len(book.xf_list):
        return display.GENERAL
    key = book.xf_list[cell.xf_index].format_key
    found = book.format_map.get(key)
    if key in display.BUILT_IN and (found is None or found.format_str == display.GENERAL):
        return display.BUILT_IN[key]
    return str(found.format_str) if found is not None else display.GENERAL


FORMAT = Format("xls", 1, recognises, read)
