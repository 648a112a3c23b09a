"""Sheets of a workbook to blocks: rows of cells are tables, what stands alone over the width of a sheet is a paragraph.

Shared by XLSX and XLS, which give their cells as they are shown. Hidden sheets, rows and columns are not printed, so
they are not read; a note says so. A row is part of a table, also with all its figures blank, where borders show that
its cells are there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from . import titles
from .grid import Spanned, expand
from .model import Block, Grid, Paragraph, Place, Unreadable
from .sections import heading
from .tablewords import is_anchor, is_header, is_second, is_third, is_upper

MAX_CELLS = 200_000  # with text or border, of one workbook: a report has 500, a list of a county's units 10,000
MAX_LABEL = 60  # characters: a longer text that stands alone in its row is no label of a table

At = tuple[int, int]  # row, column, from 0
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: texts as they are shown, which cells have a border, merged ranges, hidden rows and columns."""

    name: str
    texts: Mapping[At, str]
    bordered: Set[At] = frozenset()
    merges: Sequence[Merge] = ()
    hidden_rows: Set[int] = frozenset()
    hidden_columns: Set[int] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell on the sheet without what is hidden: its first position, its size in rows and columns, where it stands in
    the file, and whether it has a border.
    """

    text: str
    row: int
    column: int
    rows: int
    columns: int
    at: At
    lined: bool


def read(sheets: Sequence[Sheet]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of all sheets in their order, and notes on what was not read. Raises Unreadable for endless sheets."""
    if sum(len(sheet.texts) + len(sheet.bordered) for sheet in sheets) > MAX_CELLS:
        raise Unreadable(f"the workbook has more than {MAX_CELLS} cells")
    blocks: list[Block] = []
    notes: list[str] = []
    for sheet in sheets:
        if sheet.hidden and sheet.texts:
            notes.append(f"the sheet {sheet.name} is hidden and was not read")
        if sheet.hidden or not sheet.texts:
            continue
        unseen = sum(bool(text.strip()) and _is_hidden(sheet, at) for at, text in sheet.texts.items())
        if unseen:
            notes.append(f"{unseen} cells in hidden rows or columns of the sheet {sheet.name} were not read")
        if titles.parse(sheet.name) is not None or heading(sheet.name) is not None:
            blocks.append(Paragraph(sheet.name, Place(node=sheet.name)))
        blocks += _blocks(sheet)
    return tuple(blocks), tuple(notes)


def _is_hidden(sheet: Sheet, at: At) -> bool:
    return at[0] in sheet.hidden_rows or at[1] in sheet.hidden_columns


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """Paragraphs and tables of a sheet from top to bottom."""
    cells = _cells(sheet)
    by_row: dict[int, list[_Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    width = max((cell.column + cell.columns for cell in cells if cell.text), default=0)
    table: list[int] = []
    reach = 0  # the first row that no cell above reaches into
    last = max((cell.row + cell.rows for cell in cells), default=0)
    for row in range(last):
        own = by_row.get(row, [])
        alone = _alone(own, width, row >= reach, bool(table) and _is_table(by_row.get(row + 1, [])), sheet)
        if alone is None and (own or row < reach):
            table.append(row)
            reach = max([reach, *(cell.row + cell.rows for cell in own)])
        else:
            yield from _table(sheet, table, by_row)
            table = []
        if alone is not None:
            yield from (Paragraph(line, _place(sheet, alone)) for line in alone.text.split("\n") if line.strip())
    yield from _table(sheet, table, by_row)


def _is_table(row: Sequence[_Cell]) -> bool:
    return sum(bool(cell.text) for cell in row) > 1


def _alone(row: Sequence[_Cell], width: int, free: bool, inside: bool, sheet: Sheet) -> _Cell | None:
    """The one text of a row that is a paragraph; None where the row is part of a table, or empty.

    `free`: no cell above reaches into the row; `inside`: rows of a table stand above and below it.
    """
    said = [cell for cell in row if cell.text]
    if len(said) != 1 or not free:
        return None
    (cell,) = said
    label = "".join(cell.text.split())
    if any(known(label) for known in (is_anchor, is_second, is_third, is_header, is_upper)):
        return None
    if cell.columns >= width or len(label) > MAX_LABEL:
        return cell
    if any(other.lined for other in row if other is not cell):
        return None
    return None if inside and not sheet.bordered and heading(cell.text) is None else cell


def _table(sheet: Sheet, rows: Sequence[int], by_row: Mapping[int, Sequence[_Cell]]) -> Iterator[Grid]:
    """The grid of some rows that follow one another, as wide as what stands in them."""
    seen = [n for n, row in enumerate(rows) if any(cell.text or cell.lined for cell in by_row.get(row, ()))]
    rows = rows[seen[0] : seen[-1] + 1] if seen else ()
    held = [cell for row in rows for cell in by_row.get(row, ())]
    if not any(cell.text for cell in held):
        return
    left, right = min(cell.column for cell in held), max(cell.column + cell.columns for cell in held)
    lines: list[list[Spanned]] = []
    taken: set[At] = set()
    for row in rows:
        here = {cell.column: cell for cell in by_row.get(row, ())}
        line: list[Spanned] = []
        for column in range(left, right):
            if (row, column) in taken:
                continue
            cell = here.get(column)
            if cell is None:
                line.append(Spanned("", place=Place(node=sheet.name)))
                continue
            taken |= {(row + y, column + x) for y in range(cell.rows) for x in range(cell.columns)}
            line.append(Spanned(cell.text, cell.rows, cell.columns, _place(sheet, cell)))
        lines.append(line)
    yield expand(lines)


def _place(sheet: Sheet, cell: _Cell) -> Place:
    """The sheet and the cell as people name it: `年报!C5`."""
    return Place(node=f"{sheet.name}!{letters(cell.at[1])}{cell.at[0] + 1}")


def letters(column: int) -> str:
    """The name of a column, from 0: A, Z, AA."""
    name = ""
    while column >= 0:
        name, column = chr(ord("A") + column % 26) + name, column // 26 - 1
    return name


def column_of(name: str) -> int:
    """The number of a column by its name, from 0."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def range_of(written: str) -> Merge | None:
    """The positions of a range such as `A3:J10`; None for anything else."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?", written.strip())
    if match is None:
        return None
    first, last = (
        (column_of(match[1]), int(match[2]) - 1),
        (column_of(match[3] or match[1]), int(match[4] or match[2]) - 1),
    )
    return min(first[1], last[1]), min(first[0], last[0]), max(first[1], last[1]), max(first[0], last[0])


def _cells(sheet: Sheet) -> list[_Cell]:
    """The cells that can be seen, a merged range as one, on rows and columns numbered anew: hidden ones are left out, so
    are columns in which nothing is, and any number of empty rows is one.
    """
    shown = {at: text for at, text in sheet.texts.items() if text.strip()}
    used = shown.keys() | sheet.bordered
    columns = sorted({column for _, column in used} - sheet.hidden_columns)
    rows = _rows({row for row, _ in used} - sheet.hidden_rows, sheet.hidden_rows)
    found: list[_Cell] = []
    taken: set[At] = set()
    listed, area = sorted(rows), 0
    for first, left, last, right in sheet.merges:
        inside = listed[bisect_left(listed, first) : bisect_right(listed, last)]
        over = range(bisect_left(columns, left), bisect_right(columns, right))
        if not inside or not over:
            continue
        area += len(inside) * len(over)
        if area > MAX_CELLS:
            raise Unreadable(f"merged ranges of the sheet {sheet.name} take more than {MAX_CELLS} cells")
        positions = {(row, columns[n]) for row in inside for n in over}
        if taken & positions:
            continue
        taken |= positions
        text, lined = shown.get((first, left), ""), bool(positions & sheet.bordered)
        high = rows[inside[-1]] - rows[inside[0]] + 1
        found.append(_Cell(text, rows[inside[0]], over[0], high, len(over), (first, left), lined))
    at_column = {column: n for n, column in enumerate(columns)}
    for row, column in used - taken:
        if row in rows and column in at_column:
            at = row, column
            found.append(_Cell(shown.get(at, ""), rows[row], at_column[column], 1, 1, at, at in sheet.bordered))
    return sorted(found, key=lambda cell: (cell.row, cell.column))


def _rows(used: Set[int], hidden: Set[int]) -> dict[int, int]:
    """The new number of each row in which something is; one number is left out where empty rows lie between two."""
    unseen = sorted(hidden)
    found: dict[int, int] = {}
    number, last = -1, -1
    for row in sorted(used):
        between = row - last - 1 - (bisect_left(unseen, row) - bisect_right(unseen, last))
        number += 2 if between > 0 and found else 1
        found[row], last = number, row
    return found
