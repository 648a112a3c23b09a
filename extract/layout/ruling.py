"""Tables by their ruling lines: lines that meet form a table, positions that no line parts are one cell.

A cell may reach over several rows and columns; what is open at the edge of the table counts as closed (tables without
lines at the sides are common). A table whose cells hold several figures lacks lines, and is read by geometry instead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..cells import is_figure
from ..grid import MAX_POSITIONS, repeated_header
from ..grid import stitch as stitch_grids
from ..model import Cell, Grid, Place
from ..tablewords import begins_row, is_header
from .runs import Box, Glyph, Run, levels, rounded, runs
from .sheets import Sheet

SNAP = 3.0  # points: lines no farther apart are one line, drawn twice or a little askew
MAX_PAIRS = 1_000_000  # of lines that may meet: more are a drawing
COVER = 0.8  # share of a position's side that must be ruled for the line to part it from the next
PADDING = 13.0  # points that the margins of a cell take at most
MAX_SURPLUS = (
    1  # figures that share a cell with another: one is a slip of the office, more are a table that lacks lines
)

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
    return sorted(found, key=lambda frame: frame.box[1])


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

    def head(index: int) -> int:
        while heads[index] != index:
            heads[index] = heads[heads[index]]
            index = heads[index]
        return index

    for i, (y, x0, x1) in enumerate(across):
        for j, (x, top, bottom) in enumerate(upright, start=len(across)):
            if x0 - SNAP <= x <= x1 + SNAP and top - SNAP <= y <= bottom + SNAP:
                heads[head(i)] = head(j)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for index, line in enumerate((*across, *upright)):
        groups.setdefault(head(index), ([], []))[index >= len(across)].append(line)
    return list(groups.values())


def _frame(page: int, across: Sequence[Line], upright: Sequence[Line]) -> Frame | None:
    """The table of lines that meet; None where they part nothing."""
    if not across or not upright:
        return None
    xs = _edges([line[0] for line in upright], [end for line in across for end in line[1:]])
    ys = _edges([line[0] for line in across], [end for line in upright for end in line[1:]])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_POSITIONS:
        return None
    width, height = len(xs) - 1, len(ys) - 1
    heads = list(range(width * height))
    for row in range(height):
        for column in range(width):
            index = row * width + column
            if column and not _parts(upright, xs[column], ys[row], ys[row + 1]):
                heads[index] = heads[index - 1]
            if row and not _parts(across, ys[row], xs[column], xs[column + 1]):
                old, new = heads[index], heads[index - width]
                heads = [new if head == old else head for head in heads] if old != index else heads
                heads[index] = new
    cells = _rectangles([tuple(heads[row * width : (row + 1) * width]) for row in range(height)])
    return Frame(page, xs, ys, cells) if any(len(set(row)) > 1 for row in cells) else None


def _edges(lines: Iterable[float], ends: Sequence[float]) -> tuple[float, ...]:
    """Where columns or rows begin and end: at lines, and where the lines of the other way reach beyond them."""
    found = sorted(set(lines))
    if not found:
        return ()
    low, high = min(ends), max(ends)
    before = (low,) if low < found[0] - 2 * SNAP else ()
    after = (high,) if high > found[-1] + 2 * SNAP else ()
    return (*before, *found, *after)


def _parts(lines: Iterable[Line], at: float, low: float, high: float) -> bool:
    """Whether a line at this place covers the side of a position."""
    covered = sum(max(0.0, min(high, end) - max(low, start)) for place, start, end in lines if abs(place - at) < 0.1)
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


def fill(frame: Frame, glyphs: Iterable[Glyph]) -> dict[int, list[Glyph]]:
    """The characters of each cell of a table, by the middle of their boxes."""
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        number = frame.cell_at((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2)
        if number is not None:
            held.setdefault(number, []).append(glyph)
    return held


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table on a page with the text of its cells."""

    frame: Frame
    texts: Mapping[int, str]

    @property
    def box(self) -> Box:
        return self.frame.box


def ruled(frame: Frame, glyphs: Iterable[Glyph]) -> Ruled | None:
    """The table in a frame; None where its cells hold several figures each, because it lacks lines."""
    boxes = frame.boxes()
    texts: dict[int, str] = {}
    surplus = 0
    for number, held in fill(frame, glyphs).items():
        lines = [sorted(line, key=lambda run: run.box[0]) for line in _levels(runs(held, frame.page))]
        x0, _, x1, _ = boxes[number]
        whole = _is_wrapped(lines, x1 - x0)
        texts[number] = ("" if whole else "\n").join(" ".join(run.text for run in line) for line in lines)
        figures = [run for line in lines for run in line if is_figure(run.text)]
        surplus += max(0, len(figures) - 1) if not whole else 0
    return None if surplus > MAX_SURPLUS else Ruled(frame, texts)


def _levels(held: Iterable[Run]) -> list[list[Run]]:
    return levels(held, lambda run: (run.box[1], run.box[3]))


def _is_wrapped(lines: Sequence[Sequence[Run]], width: float) -> bool:
    """Whether the lines of a cell are one number that was too wide for it; two figures in one cell stay two.

    It wrapped where one digit more would not have fitted in its first line, and all lines but the last are as long.
    """
    if len(lines) < 2 or any(len(line) > 1 or not re.fullmatch(r"-?[\d.,]+", line[0].text) for line in lines):
        return False
    lengths = [len(line[0].text) for line in lines]
    first = lines[0][0].box[2] - lines[0][0].box[0]
    full = len(set(lengths[:-1])) == 1 and lengths[-1] <= lengths[0]
    return full and first * (lengths[0] + 1) / lengths[0] > width - PADDING


def stitch(parts: Sequence[Ruled]) -> Grid:
    """Tables with nothing between them as one grid. What goes on on the next page keeps its columns, loses the header
    that is repeated there, and the row that the page cut is one row again.
    """
    whole: list[list[Ruled]] = []
    for part in parts:
        last = whole[-1][-1] if whole else None
        if last and last.frame.page < part.frame.page and _same_sides(last.frame, part.frame):
            whole[-1].append(part)
        else:
            whole.append([part])
    return stitch_grids([_stitched(table) for table in whole])


def _same_sides(first: Frame, second: Frame) -> bool:
    return all(abs(first.box[side] - second.box[side]) <= SNAP for side in (0, 2))


def _stitched(table: Sequence[Ruled]) -> Grid:
    xs = _common(part.frame for part in table)
    first, *rest = (_grid(part, xs) for part in table)
    rows = list(first.rows)
    for grid in rest:
        following = list(grid.rows[repeated_header(first, grid) :])
        if following and _continues(rows[-1], following[0]):
            rows[-1] = tuple(_mended(upper, lower) for upper, lower in zip(rows[-1], following.pop(0), strict=True))
        rows += following
    return Grid(tuple(rows))


def _common(frames: Iterable[Frame]) -> list[float]:
    """The edges of the columns of all parts of a table; edges at nearly one place are one."""
    xs: list[float] = []
    for x in sorted(x for frame in frames for x in frame.xs):
        if not xs or x - xs[-1] > SNAP:
            xs.append(x)
    return xs


def _grid(part: Ruled, xs: Sequence[float]) -> Grid:
    """The table as a grid with these columns: the text of each cell at its first position, its others covered."""
    boxes = {number: rounded(box) for number, box in part.frame.boxes().items()}
    seen: set[int] = set()
    rows: list[tuple[Cell, ...]] = []
    for numbers in part.frame.cells:
        row: list[Cell] = []
        for x in xs[:-1]:
            number = numbers[min(max(bisect_right(part.frame.xs, x + SNAP) - 1, 0), len(numbers) - 1)]
            place = Place(page=part.frame.page, box=boxes[number])
            row.append(Cell("", True, place) if number in seen else Cell(part.texts.get(number, ""), False, place))
            seen.add(number)
        rows.append(tuple(row))
    return Grid(tuple(rows))


def _continues(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether a row at the top of a page is the rest of the row above: words that begin no row, figures in one half."""
    words = [cell.text for cell in lower if cell.text and not is_figure(cell.text)]
    figures = [sum(1 for cell in row if cell.text and is_figure(cell.text)) for row in (upper, lower)]
    if figures[1] and any(is_header(cell.text) for cell in upper):
        return False  # a header has no figures of its own to wait for
    return bool(words) and len(words) <= 2 and not any(map(begins_row, words)) and 0 in figures


def _mended(upper: Cell, lower: Cell) -> Cell:
    if not lower.text:
        return upper
    return replace(upper, text=f"{upper.text}\n{lower.text}".strip(), covered=False, place=upper.place or lower.place)
