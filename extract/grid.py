"""Tables with row and column spans become grids in which every row has the full width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .model import Cell, Grid, Place, Unreadable

MAX_POSITIONS = 100_000  # of a whole table, spans expanded: a report has 400
MAX_SPAN = 200  # a statutory table has 15 columns and 28 rows; beyond this a span is damage (`colspan="1000000"`)

_DIGITS = re.compile(r"\d+")
_FIGURE = re.compile(r"[\d.,/\-—]+")
_GAP = Cell("", True)  # a position that no cell of the document takes


@dataclass(frozen=True, slots=True)
class Spanned:
    """A cell as a document states it: its text and how many rows and columns it takes (at least 1)."""

    text: str
    rows: int = 1
    columns: int = 1
    place: Place | None = None


def span(written: str | None) -> int:
    """The number in a span attribute: digits only, because `rowspan="22px"` and `colspan=" 3 "` are published."""
    digits = _DIGITS.search(written) if written else None
    return min(max(int(digits.group()), 1), MAX_SPAN) if digits else 1


def expand(rows: Sequence[Sequence[Spanned]]) -> Grid:
    """Rows of spanned cells to a grid: the text at the origin of a span, its other positions empty and covered.

    A span that reaches below the last row is cut; the HTML rule for overlapping cells holds (the next free column).
    """
    placed: dict[tuple[int, int], Cell] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            if len(placed) > MAX_POSITIONS:
                raise Unreadable(f"a table spans more than {MAX_POSITIONS} positions")
            while (y, x) in placed:
                x += 1
            placed[y, x] = Cell(cell.text, False, cell.place)
            if cell.rows > 1 or cell.columns > 1:
                _cover(placed, cell, y, x, len(rows))
            x += cell.columns
    width = 1 + max((x for _, x in placed), default=-1)
    return Grid(tuple(tuple(placed.get((y, x), _GAP) for x in range(width)) for y in range(len(rows))))


def _cover(placed: dict[tuple[int, int], Cell], cell: Spanned, y: int, x: int, height: int) -> None:
    """Take the positions that a cell at (y, x) spans, as far as no other has them."""
    covered = Cell("", True, cell.place)
    for dy in range(min(cell.rows, height - y)):
        for dx in range(cell.columns):
            placed.setdefault((y + dy, x + dx), covered)


def widen(grid: Grid, width: int) -> Grid:
    """The grid filled up on the right to `width` columns, with positions that are not printed."""
    return Grid(tuple(row + (_GAP,) * (width - len(row)) for row in grid.rows))


def without_empty_rows(grid: Grid) -> Grid:
    """The grid without rows in which no cell is printed and none has text."""
    return Grid(tuple(row for row in grid.rows if any(cell.text or not cell.covered for cell in row)))


def stitch(grids: Sequence[Grid]) -> Grid:
    """Tables that follow one another with nothing between are one table: a header that is repeated is dropped (W3)."""
    first, *rest = grids
    if not rest:
        return first
    rows = list(first.rows)
    for grid in rest:
        rows.extend(grid.rows[repeated_header(first, grid) :])
    width = max(len(row) for row in rows)
    return widen(Grid(tuple(rows)), width)


def repeated_header(first: Grid, following: Grid) -> int:
    """How many rows at the head of `following` repeat the head of `first`; rows of figures are never a header."""
    count = 0
    for old, new in zip(first.rows, following.rows, strict=False):
        texts = squeezed(new)
        if texts != squeezed(old) or not texts or any(map(_FIGURE.fullmatch, texts)):
            break
        count += 1
    return count


def squeezed(row: Iterable[Cell]) -> list[str]:
    """The texts of a row without white space and without its empty cells."""
    return [text for cell in row if (text := "".join(cell.text.split()))]


def placed(grid: Grid, table: int) -> Grid:
    """The grid with table, row and column in the place of each cell."""
    rows = []
    for y, row in enumerate(grid.rows):
        cells = []
        for x, cell in enumerate(row):
            at = cell.place
            here = Place(at.page, at.box, at.node, table, y, x, at.part) if at else Place(None, None, None, table, y, x)
            cells.append(Cell(cell.text, cell.covered, here, cell.confidence))
        rows.append(tuple(cells))
    return Grid(tuple(rows))
