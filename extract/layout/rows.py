"""Rows of a table without ruling lines: figures into columns, lines of labels to the figures beside which they stand.

Each line of a label goes to the row at whose middle, or at whose top, it stands, so that the lines of all rows fit best
together; words of the forms only weigh in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .words import PITCH, SPACED, Strip, Word, begins, clusters, joined, levels_of

SURE = 0.85  # share of the way from a column's centre to its edge within which a figure is surely its own
WIDEST = 6  # lines of one label
# What speaks against a way to give lines of labels to rows of figures, on one scale.
APART = 10.0  # a ruling line between two lines of one label
NO_LABEL = 6.0  # a row of figures without a label
ITEM, WIDE = 4.0, 4.0  # a line inside a label that begins a numbered item; a gap inside it
ASIDE = 4.0  # for each text height by which a label stands above or below its figures
CUT = 0.5  # a label that a page cuts


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


def by_figures(figures: Sequence[Word]) -> list[float]:
    """Centres of the columns in which figures stand above one another."""
    return [median(word.centre for word in cluster) for cluster in clusters(figures)]


@dataclass(slots=True)
class _Line:
    """The figures of one row; a number that wrapped stands on several heights."""

    words: list[Word]

    @property
    def first(self) -> float:
        return min(word.bottom for word in self.words)

    @property
    def base(self) -> float:
        """The height of its middle line."""
        return (self.first + max(word.bottom for word in self.words)) / 2


def figure_rows(words: Iterable[Word], columns: Columns) -> list[_Line]:
    """The rows of figures from top to bottom. Lines that overlap in height are one row: a number wrapped in it."""
    rows: list[_Line] = []
    for line in levels_of(words):
        last = rows[-1] if rows else None
        if last and (_overlap(last.words, line) or _wrapped(last.words, line, columns)):
            last.words.extend(line)
        else:
            rows.append(_Line(list(line)))
    return rows


def _overlap(upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    height = min(word.height for word in lower)
    return min(word.bottom for word in lower) - max(word.bottom for word in upper) < 0.75 * height


def _wrapped(upper: Sequence[Word], lower: Sequence[Word], columns: Columns) -> bool:
    """Whether figures are the rest of those above them: each below one that had no room for one digit more."""
    below = {columns.at(word): word for word in lower}
    above: dict[int | None, Word] = {columns.at(word): word for word in upper}
    if None in below or min(w.bottom for w in lower) - max(w.bottom for w in upper) > PITCH * lower[0].height:
        return False
    for index, word in below.items():
        first = above.get(index)
        if first is None or index is None or not (word.text.isdigit() and re.fullmatch(r"-?[\d.,]+", first.text)):
            return False
        digit = (first.x1 - first.x0) / len(first.text)
        if len(word.text) > len(first.text) or first.x1 - first.x0 + digit < 0.6 * (
            columns.edges[index + 1] - columns.edges[index]
        ):
            return False
    return True


Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Label:
    """Lines start to end (excluded) as one label: what it costs to take them together, and to have no figures."""

    start: int
    end: int
    inner: float
    free: float


@dataclass(frozen=True, slots=True)
class _Match:
    """How label lines go to rows of figures: the cost, and (first line, end, row or None) of each group."""

    cost: float
    groups: tuple[tuple[int, int, int | None], ...]


def _matched(lines: Sequence[Sequence[Word]], rows: Sequence[_Line], strip: Strip, known: Known, top: bool) -> _Match:
    """The cheapest way to give the lines of labels to rows, in order; `top`: labels and figures begin at one height."""
    labels = [list(_labels(lines, start, strip, known)) for start in range(len(lines))]
    best: list[list[_Match | None]] = [[None] * (len(rows) + 1) for _ in range(len(lines) + 1)]
    best[0][0] = _Match(0.0, ())
    for i in range(len(lines) + 1):
        for r in range(len(rows) + 1):
            here = best[i][r]
            if here is None:
                continue
            if r < len(rows):
                _offer(best, i, r + 1, here, NO_LABEL, None)
            for label in labels[i] if i < len(lines) else ():
                _offer(best, label.end, r, here, label.inner + label.free, (i, label.end, None))
                if r < len(rows):
                    cost = label.inner + _distance(lines[i : label.end], rows[r], strip, top)
                    _offer(best, label.end, r + 1, here, cost, (i, label.end, r))
    found = best[len(lines)][len(rows)]
    assert found is not None  # every line may stand alone, every row without a label
    return found


def _offer(
    best: list[list[_Match | None]],
    i: int,
    r: int,
    here: _Match,
    cost: float,
    group: tuple[int, int, int | None] | None,
) -> None:
    held = best[i][r]
    if held is None or here.cost + cost < held.cost:
        best[i][r] = _Match(here.cost + cost, (*here.groups, group) if group else here.groups)


def _labels(lines: Sequence[Sequence[Word]], start: int, strip: Strip, known: Known) -> Iterator[_Label]:
    """The labels that may begin with a line. Against them speak an item that begins, a rule between, a wide gap,
    and words that no form has.
    """
    inner = 0.0
    texts = [" ".join(word.text for word in line) for line in lines[start : start + WIDEST]]
    for end in range(start + 1, start + 1 + len(texts)):
        if end > start + 1:
            inner += _between(lines[end - 2][0], lines[end - 1][0], strip)
        if inner >= APART:
            return
        is_known = known("\n".join(texts[: end - start]))
        free = 1.0 if is_known else 3.5 if begins(texts[0]) else 5.5
        yield _Label(start, end, inner + (0.0 if is_known else 0.5), free)


def _between(upper: Word, lower: Word, strip: Strip) -> float:
    """What speaks against two lines that follow one another being of one label."""
    crosses = any(upper.bottom < at < lower.bottom for at in strip.breaks)
    if not crosses and any(upper.bottom < at < lower.bottom for at in strip.rules):
        return APART
    return ITEM * begins(lower.text) + WIDE * (lower.bottom - upper.bottom > SPACED * lower.height)


def _distance(lines: Sequence[Sequence[Word]], row: _Line, strip: Strip, top: bool) -> float:
    """How badly a label stands beside a row, in text heights; a page that cuts it hides where it should stand."""
    height = lines[0][0].height
    if any(lines[0][0].bottom < at < lines[-1][0].bottom for at in strip.breaks):
        return CUT
    if top:
        return ASIDE * abs(lines[0][0].bottom - row.first) / height
    return ASIDE * abs((lines[0][0].bottom + lines[-1][0].bottom) / 2 - row.base) / height


def rows_of(labels: Sequence[Word], figures: Sequence[Word], columns: Columns, strip: Strip, known: Known) -> list[Row]:
    """The rows of a table from the words of its label column and of its columns of figures, from top to bottom."""
    lines = [sorted(line, key=lambda word: word.x0) for line in levels_of(labels)]
    beside = figure_rows(figures, columns)
    match = min((_matched(lines, beside, strip, known, top) for top in (False, True)), key=lambda match: match.cost)
    found: list[tuple[float, Row]] = []
    taken = set()
    for start, end, number in match.groups:
        label = [word for line in lines[start:end] for word in line]
        figures_here = beside[number].words if number is not None else []
        taken.add(number)
        found.append((label[0].bottom, row_of(label, figures_here, columns)))
    found += [(row.first, row_of([], row.words, columns)) for number, row in enumerate(beside) if number not in taken]
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def row_of(label: list[Word], words: Sequence[Word], columns: Columns) -> Row:
    """The words of a row by column; where one lies under no column, or two side by side under one, none is placed."""
    cells: list[list[Word]] = [[] for _ in columns.centres]
    for word in words:
        index = columns.at(word)
        if index is None or any(abs(word.bottom - other.bottom) < 0.5 * word.height for other in cells[index]):
            return Row(label, None, sorted(words, key=lambda word: word.x0))
        cells[index].append(word)
    return Row(label, cells)
