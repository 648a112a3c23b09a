"""Ruled tables with their text: what stands in which cell, and tables over several pages as one.

A table whose cells hold several figures, or words with a figure beside them, lacks lines, and is read by geometry
instead; so is one of which only the header is ruled.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from ..cells import is_figure
from ..grid import repeated_header
from ..grid import stitch as stitch_grids
from ..model import Cell, Grid, Place
from ..tablewords import begins_row, is_anchor, is_header
from .frames import SNAP, Frame
from .lines import Line
from .runs import Box, Glyph, Run, levels, rounded, runs

HEAD = 4.0  # times the line height: how far below a ruled header the first row of its table stands at most
MIN_FIGURES = 3  # in that row
PADDING = 13.0  # points that the margins of a cell take at most
MAX_SURPLUS = 1  # figures beside others in their cells: one is a slip of the office, more a table that lacks lines


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
        surplus += sum(1 for line in lines if _ends_in_figure(line))
    return None if surplus > MAX_SURPLUS else Ruled(frame, texts)


def heads_only(table: Ruled, lines: Sequence[Line]) -> bool:
    """Whether a table is only the ruled header of one whose rows have no lines: a line soon below it prints figures."""
    texts = [text for text in table.texts.values() if text]
    if not any(is_header(text) for text in texts) or any(is_figure(text) for text in texts):
        return False
    x0, _, x1, bottom = table.box
    below = [line for line in lines if 0 < line.box[3] - bottom < HEAD * line.height]
    inside = [line for line in below if line.box[0] < x1 and line.box[2] > x0]
    return any(sum(is_figure(run.text) for run in line.runs) >= MIN_FIGURES for line in inside)


def _ends_in_figure(line: Sequence[Run]) -> bool:
    """Whether a figure stands at the end of a line of words, apart from them, as in another column."""
    if len(line) < 2 or not is_figure(line[-1].text) or is_figure(line[-2].text):
        return False
    return line[-1].box[0] - line[-2].box[2] > line[-1].height


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
    """Whether a row at the top of a page is the rest of the row above: words that begin no row and figures in one half,
    or figures without any word, whose label stands above.
    """
    words = [cell.text for cell in lower if cell.text and not is_figure(cell.text)]
    figures = [sum(1 for cell in row if cell.text and is_figure(cell.text)) for row in (upper, lower)]
    if any(is_anchor(cell.text) or (figures[1] and is_header(cell.text)) for cell in upper):
        return False  # neither waits for figures of its own
    if not words:
        return figures[1] > 0 and any(cell.text and not is_figure(cell.text) for cell in upper)
    return len(words) <= 2 and not any(map(begins_row, words)) and 0 in figures


def _mended(upper: Cell, lower: Cell) -> Cell:
    if not lower.text:
        return upper
    whole = f"{upper.text}\n{lower.text}".strip()
    return replace(upper, text=whole, covered=False, place=(upper.place if upper.text else None) or lower.place)
