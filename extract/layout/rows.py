"""Columns and rows of figures in a table without ruling lines, and which figure of a row belongs to which column.

Whether the lines of figures below one another are one row, whose numbers wrapped, is for its labels to say (matching.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .words import PITCH, Word, clusters, joined, levels_of

SURE = 0.85  # share of the way from a column's centre to its edge within which a figure is surely its own
OUTSIDE = 0.15  # of a column's width: how far beyond it the middle of a figure may lie if every column has one
FEW = 0.4  # of the figures that the fullest column has: fewer may be a stray one
MAX_WRAPPED = 4  # lines that one number takes at most


@dataclass(slots=True)
class Row:
    """A row that was found: the lines of its label, and the words of each column."""

    label: list[Word]
    cells: list[list[Word]] | None  # None: words of a row that no column takes
    loose: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        return joined(self.label)


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of figures: their centres, and the edges between them (one more than columns)."""

    centres: tuple[float, ...]
    edges: tuple[float, ...]

    def at(self, word: Word) -> int | None:
        """The column of a word; None where it stands outside, or so near to the edge that it might be the next one's."""
        for index, centre in enumerate(self.centres):
            left, right = self.edges[index], self.edges[index + 1]
            if left <= word.centre < right:
                room = (centre - left) if word.centre < centre else (right - centre)
                return index if abs(word.centre - centre) <= SURE * room else None
        return None


def columns_of(centres: Sequence[float]) -> Columns:
    """Columns around these centres; the outer ones reach as far outwards as inwards."""
    if len(centres) == 1:
        return Columns(tuple(centres), (centres[0] - 1000, centres[0] + 1000))
    between = [(left + right) / 2 for left, right in pairwise(centres)]
    first, last = centres[0] - (between[0] - centres[0]), centres[-1] + (centres[-1] - between[-1])
    return Columns(tuple(centres), (first, *between, last))


def by_figures(figures: Sequence[Word], wanted: int = 0) -> list[float]:
    """Centres of the columns in which figures stand above one another. Where there are more than `wanted`, those with
    few figures are none if so many are left.
    """
    found = clusters(figures)
    most = max(map(len, found), default=0)
    full = [cluster for cluster in found if len(cluster) >= FEW * most]
    return [median(word.centre for word in cluster) for cluster in (full if len(full) == wanted else found)]


def without_cells(row: Row) -> Row:
    """The row with its figures in no column."""
    words = [word for cell in row.cells or [] for word in cell]
    return Row(row.label, None, words) if words else row


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one row, by line; a number that wrapped stands on several."""

    words: tuple[Word, ...]

    @property
    def first(self) -> float:
        return min(word.bottom for word in self.words)

    @property
    def last(self) -> float:
        return max(word.bottom for word in self.words)


def figure_lines(words: Iterable[Word]) -> list[Figures]:
    """The lines of figures from top to bottom. Lines that overlap in height are one: a number wrapped in it."""
    lines: list[list[Word]] = []
    for line in levels_of(words):
        if lines and _overlap(lines[-1], line):
            lines[-1].extend(line)
        else:
            lines.append(list(line))
    return [Figures(tuple(line)) for line in lines]


def figure_rows(words: Iterable[Word], columns: Columns) -> list[Figures]:
    """The rows of figures of a table without labels, from top to bottom: what may have wrapped has wrapped."""
    lines = figure_lines(words)
    reach = wraps(lines, columns)
    rows: list[Figures] = []
    while lines:
        count = reach[len(reach) - len(lines)]
        rows.append(together(lines[:count]))
        lines = lines[count:]
    return rows


def together(lines: Sequence[Figures]) -> Figures:
    """Several lines as one row."""
    return Figures(tuple(word for line in lines for word in line.words)) if len(lines) > 1 else lines[0]


def wraps(lines: Sequence[Figures], columns: Columns) -> list[int]:
    """For each line of figures, how many lines from it on may be one row whose numbers wrapped; 1 is itself alone."""
    widest: dict[int | None, float] = {}
    for line in lines:
        for word in line.words:
            at = columns.at(word)
            widest[at] = max(widest.get(at, 0.0), word.x1 - word.x0)
    reach = [1] * len(lines)
    for number in reversed(range(len(lines) - 1)):
        if _wrapped(lines[number].words, lines[number + 1].words, columns, widest):
            reach[number] = min(reach[number + 1] + 1, MAX_WRAPPED)
    return reach


def _overlap(upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    height = min(word.height for word in lower)
    return min(word.bottom for word in lower) - max(word.bottom for word in upper) < 0.75 * height


def _wrapped(
    upper: Sequence[Word], lower: Sequence[Word], columns: Columns, widest: Mapping[int | None, float]
) -> bool:
    """Whether figures may be the rest of those above them: each below one that had no room for one digit more, and
    that is as wide as any in its column.
    """
    below = {columns.at(word): word for word in lower}
    above: dict[int | None, Word] = {columns.at(word): word for word in upper}
    if None in below or min(w.bottom for w in lower) - max(w.bottom for w in upper) > PITCH * lower[0].height:
        return False
    for index, word in below.items():
        first = above.get(index)
        if first is None or index is None or not (word.text.isdigit() and re.fullmatch(r"-?[\d.,]+", first.text)):
            return False
        width = first.x1 - first.x0
        digit = width / len(first.text)
        room = 0.6 * (columns.edges[index + 1] - columns.edges[index])
        if len(word.text) > len(first.text) or width + digit < room or width + 0.5 * digit < widest[index]:
            return False
    return True


def row_of(label: list[Word], words: Sequence[Word], columns: Columns) -> Row:
    """The words of a row by column; where one lies under no column, or two side by side under one, none is placed."""
    if in_order := _in_order(words, columns):
        return Row(label, [[word] for word in in_order])
    cells: list[list[Word]] = [[] for _ in columns.centres]
    for word in words:
        index = columns.at(word)
        if index is None or any(abs(word.bottom - other.bottom) < 0.5 * word.height for other in cells[index]):
            return Row(label, None, sorted(words, key=lambda word: word.x0))
        cells[index].append(word)
    return Row(label, cells)


def _in_order(words: Sequence[Word], columns: Columns) -> list[Word]:
    """The words of a row that prints one figure for every column, from left to right; none where it does not.

    Set to the left or to the right they stand far from the middle of their columns, but not in others.
    """
    line = sorted(words, key=lambda word: word.x0)
    if len(line) != len(columns.centres) or len(levels_of(line)) > 1:
        return []
    outer = [(right - left) * OUTSIDE for left, right in pairwise(columns.edges)]
    held = zip(line, pairwise(columns.edges), outer, strict=True)
    return line if all(left - room < word.centre < right + room for word, (left, right), room in held) else []
