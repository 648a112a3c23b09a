"""A table cut into several at the places where its pages were."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.portals.grids import Cell, Grid
from tests.portals.wording import choose


def cut_places(grid: Grid, style: str) -> list[int]:
    """One or two rows before which a table is cut, never within its header."""
    last = len(grid.rows) - 2
    first = choose(style, "cut", range(grid.head + 2, max(grid.head + 3, last // 2)))
    second = choose(style, "second cut", range(first + 3, max(first + 4, last)))
    return [first, second] if choose(style, "cuts", (True, False)) and second < last else [first]


def cut(grid: Grid, places: Sequence[int], heads: bool = False, again: bool = False) -> Iterator[Grid]:
    """The parts of a table between rows; `heads` repeats the header, `again` the text of spans that go on."""
    for start, end in zip([0, *places], [*places, len(grid.rows)], strict=True):
        rows: list[list[tuple[int, Cell]]] = [[] for _ in range(start, end)]
        for placed in grid.placed():
            first, last = max(placed.row, start), min(placed.row + placed.cell.rowspan, end)
            if first < last:
                text = placed.cell.text if placed.row >= start or again else ""
                cell = replace(placed.cell, text=text, rowspan=last - first)
                rows[first - start].append((placed.column, cell))
        head = grid.rows[: grid.head] if heads and start else ()
        body = tuple(tuple(cell for _, cell in sorted(row, key=lambda item: item[0])) for row in rows)
        yield replace(grid, rows=(*head, *body), head=grid.head if heads or not start else 0)
