"""Ruled tables by their lines alone: lines that meet form a table, positions that no line parts are one cell.

A cell may reach over several rows and columns; what is open at the edge of the table counts as closed (tables without
lines at the sides are common).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..grid import MAX_POSITIONS
from .runs import Box
from .sheets import Sheet

SNAP = 3.0  # points: lines no farther apart are one line, drawn twice or a little askew
MAX_PAIRS = 250_000  # of lines that may meet: more are a drawing
MAX_FRAMES = 40  # tables on a page: more are a drawing
COVER = 0.8  # share of a position's side that must be ruled for the line to part it from the next

Line = tuple[float, float, float]  # where it lies, from, to


@dataclass(frozen=True, slots=True)
class Frame:
    """A ruled table on a page before its text: edges of columns and rows, and to which cell each position belongs.

    `cells` has a row per row of positions; equal numbers are one cell.
    """

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at a point; None outside of the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.cells) and 0 <= column < len(self.cells[row]):
            return self.cells[row][column]
        return None

    def boxes(self) -> dict[int, Box]:
        """The box of each cell."""
        found: dict[int, Box] = {}
        for row, numbers in enumerate(self.cells):
            for column, number in enumerate(numbers):
                x0, top, _, _ = found.get(number, (self.xs[column], self.ys[row], 0.0, 0.0))
                found[number] = (x0, top, self.xs[column + 1], self.ys[row + 1])
        return found


def frames(sheet: Sheet) -> list[Frame]:
    """The ruled tables of a page from top to bottom, those of one column left out."""
    across, upright = _snapped(sheet.rules.across), _snapped(sheet.rules.upright)
    if len(across) * len(upright) > MAX_PAIRS:
        return []
    found = [frame for lines in _connected(across, upright) if (frame := _frame(sheet.number, *lines)) is not None]
    return sorted(found, key=lambda frame: frame.box[1]) if len(found) <= MAX_FRAMES else []


def _snapped(lines: Iterable[Line]) -> list[Line]:
    """Lines at nearly one place are put there and, where they meet or overlap, joined."""
    groups: list[list[Line]] = []
    for line in sorted(lines):
        if not groups or line[0] - groups[-1][0][0] > SNAP:
            groups.append([])
        groups[-1].append(line)
    return [
        (sum(line[0] for line in group) / len(group), start, end)
        for group in groups
        for start, end in _joined((line[1], line[2]) for line in group)
    ]


def _joined(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches from low to high; those that meet are one."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(parts):
        if found and low <= found[-1][1] + SNAP:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return found


def _connected(across: Sequence[Line], upright: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that meet, directly or through others."""
    heads = list(range(len(across) + len(upright)))
    for i, (y, x0, x1) in enumerate(across):
        for j, (x, top, bottom) in enumerate(upright, start=len(across)):
            if x0 - SNAP <= x <= x1 + SNAP and top - SNAP <= y <= bottom + SNAP:
                _join(heads, i, j)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for index, line in enumerate((*across, *upright)):
        groups.setdefault(_head(heads, index), ([], []))[index >= len(across)].append(line)
    return list(groups.values())


def _frame(page: int, across: Sequence[Line], upright: Sequence[Line]) -> Frame | None:
    """The table of lines that meet; None where they part nothing."""
    if not across or not upright or len(across) + len(upright) < 3:
        return None  # a lone cross is no table
    xs = _edges([line[0] for line in upright], [end for line in across for end in line[1:]])
    ys = _edges([line[0] for line in across], [end for line in upright for end in line[1:]])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_POSITIONS:
        return None
    width, height = len(xs) - 1, len(ys) - 1
    walls, floors = _by_place(upright), _by_place(across)
    heads = list(range(width * height))
    for row in range(height):
        for column in range(width):
            index = row * width + column
            if column and not _parts(walls.get(xs[column], ()), ys[row], ys[row + 1]):
                _join(heads, index, index - 1)
            if row and not _parts(floors.get(ys[row], ()), xs[column], xs[column + 1]):
                _join(heads, index, index - width)
    numbers = [_head(heads, index) for index in range(width * height)]
    cells = _rectangles([tuple(numbers[row * width : (row + 1) * width]) for row in range(height)])
    return Frame(page, xs, ys, cells) if any(len(set(row)) > 1 for row in cells) else None


def _by_place(lines: Iterable[Line]) -> dict[float, list[tuple[float, float]]]:
    """The stretches that are ruled at each place."""
    found: dict[float, list[tuple[float, float]]] = {}
    for place, start, end in lines:
        found.setdefault(place, []).append((start, end))
    return found


def _head(heads: list[int], index: int) -> int:
    """The first of those that belong together with one."""
    while heads[index] != index:
        heads[index] = heads[heads[index]]
        index = heads[index]
    return index


def _join(heads: list[int], first: int, second: int) -> None:
    """What belongs together with the first does so with the second."""
    low, high = sorted((_head(heads, first), _head(heads, second)))
    heads[high] = low


def _edges(lines: Iterable[float], ends: Sequence[float]) -> tuple[float, ...]:
    """Where columns or rows begin and end: at lines, and where the lines of the other way reach beyond them."""
    found = sorted(set(lines))
    if not found:
        return ()
    low, high = min(ends), max(ends)
    before = (low,) if low < found[0] - 2 * SNAP else ()
    after = (high,) if high > found[-1] + 2 * SNAP else ()
    return (*before, *found, *after)


def _parts(ruled: Iterable[tuple[float, float]], low: float, high: float) -> bool:
    """Whether the stretches that are ruled at a place cover the side of a position there."""
    covered = sum(max(0.0, min(high, end) - max(low, start)) for start, end in ruled)
    return covered >= COVER * (high - low)


def _rectangles(cells: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """A cell that is no rectangle, because a piece of a line is missing, falls into its positions."""
    places: dict[int, list[tuple[int, int]]] = {}
    for row, numbers in enumerate(cells):
        for column, number in enumerate(numbers):
            places.setdefault(number, []).append((row, column))
    ragged = {
        number
        for number, held in places.items()
        if len(held) != (1 + held[-1][0] - held[0][0]) * (1 + max(x for _, x in held) - min(x for _, x in held))
    }
    width = len(cells[0])
    return tuple(
        tuple(row * width + column if number in ragged else number for column, number in enumerate(numbers))
        for row, numbers in enumerate(cells)
    )
