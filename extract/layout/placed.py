"""Cells of a table without ruling lines: the words that were found to be theirs, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from ..model import Cell, Grid, Place
from .rows import Columns, Row
from .runs import Box, rounded
from .words import Word, joined


def cell_of(words: Sequence[Word], area: tuple[int, Box] | None = None) -> Cell:
    """A cell with the place of its words; a blank one with the area where it would stand."""
    if not words:
        return Cell("", False, Place(page=area[0], box=rounded(area[1])) if area else None)
    page = words[0].run.page
    boxes = [word.run.box for word in words if word.run.page == page]
    box = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    return Cell(_one(words), False, Place(page=page, box=rounded(box)))


def _one(words: Sequence[Word]) -> str:
    """The text of a cell; a number that wrapped is one number."""
    text = joined(words)
    return text.replace("\n", "") if re.fullmatch(r"-?[\d.,\n]+", text) else text


def cells_of(row: Row, columns: Columns) -> list[Cell]:
    """The cells of the figures of a row; figures that cannot be placed stand in one cell over all columns."""
    if row.cells is None:
        return _unplaced(row.loose, len(columns.centres))
    words = [word for cell in row.cells for word in cell] or row.label
    page = words[0].run.page
    same = [word.run.box for word in words if word.run.page == page]
    top, bottom = min(box[1] for box in same), max(box[3] for box in same)
    return [
        cell_of(cell, (page, (columns.edges[index], top, columns.edges[index + 1], bottom)))
        for index, cell in enumerate(row.cells)
    ]


def _unplaced(words: Sequence[Word], count: int) -> list[Cell]:
    """One cell over all columns; brackets keep a lone figure in a lone column from being read as that column's."""
    cell = cell_of(words)
    text = " ".join(cell.text.split())
    alone = count == 1 and len(words) == 1
    return [replace(cell, text=f"（{text}）" if alone else text), *[Cell("", True)] * (count - 1)]


def padded(rows: Iterable[Sequence[Cell]]) -> Grid:
    rows = [tuple(row) for row in rows]
    width = max(map(len, rows), default=0)
    return Grid(tuple((*row, *[Cell("", True)] * (width - len(row))) for row in rows))
