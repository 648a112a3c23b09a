"""Rows of a table without ruling lines: lines of labels go to the figures beside which they stand.

Each line of a label goes to the row at whose middle, top or bottom it stands, so that the lines of all rows fit best
together; words of the forms only weigh in. A row in doubt is not placed: no figure rather than another row's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..cells import is_figure
from .rows import Columns, Figures, Row, figure_lines, row_of, together, wraps
from .words import SPACED, Strip, Word, begins, joined, levels_of

WIDEST = 6  # lines of one label
# What speaks against a way to give lines of labels to rows of figures, on one scale.
APART = 10.0  # a ruling line between two lines of one label
NO_LABEL = 6.0  # a row of figures without a label
ITEM, WIDE = 4.0, 4.0  # a line inside a label that begins a numbered item; a gap inside it
ASIDE = 4.0  # for each text height by which a label stands above or below its figures
TWO = 4.0  # two labels of the forms in one
CUT = 0.5  # a label that a page cuts
WRAP = 0.5  # for each line on which the numbers of a row go on
BESIDE = 0.75  # of the text height: figures as near to a label's lines stand beside it
SIDES = (0.5, 0.0, 1.0)  # cells are set to the middle, to the top or to the bottom
MAX_PAIRS = 60_000  # of lines of labels and lines of figures: more are no table; the longest has 100 and 60

Known = Callable[[str], bool]
Group = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Label:
    """Lines start to end (excluded) as one label: what it costs to take them together, and to have no figures."""

    start: int
    end: int
    inner: float
    free: float


@dataclass(frozen=True, slots=True)
class _Match:
    """How lines of labels go to lines of figures: what it costs; the lines from and to (excluded) of the last label,
    then those of its figures; and how those before go.
    """

    cost: float
    group: Group | None = None
    before: _Match | None = None

    @property
    def groups(self) -> list[Group]:
        """All of them, from top to bottom."""
        found: list[Group] = []
        at = self
        while at.before is not None:
            found += [at.group] if at.group else []
            at = at.before
        return found[::-1]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Lines of figures, and how many from each on may be one row."""

    lines: Sequence[Figures]
    reach: Sequence[int]


def _matched(lines: Sequence[Sequence[Word]], rows: _Rows, strip: Strip, known: Known, side: float) -> _Match:
    """The cheapest way to give the lines of labels to rows, in order; `side` as for `_distance`."""
    labels = [list(_labels(lines, start, strip, known)) for start in range(len(lines))]
    best: list[list[_Match | None]] = [[None] * (len(rows.lines) + 1) for _ in range(len(lines) + 1)]
    best[0][0] = _Match(0.0)
    for i in range(len(lines) + 1):
        for r in range(len(rows.lines) + 1):
            here = best[i][r]
            if here is None:
                continue
            ends = range(r + 1, r + 1 + rows.reach[r]) if r < len(rows.lines) else range(0)
            for end in ends:
                _offer(best, i, end, here, NO_LABEL, None)
            for label in labels[i] if i < len(lines) else ():
                _offer(best, label.end, r, here, label.inner + label.free, (i, label.end, r, r))
                for end in ends:
                    cost = label.inner + WRAP * (end - r - 1)
                    cost += _distance(lines[i : label.end], rows.lines[r], rows.lines[end - 1], strip, side)
                    _offer(best, label.end, end, here, cost, (i, label.end, r, end))
    found = best[len(lines)][len(rows.lines)]
    assert found is not None  # every line may stand alone, every row without a label
    return found


def _offer(
    best: list[list[_Match | None]],
    i: int,
    r: int,
    here: _Match,
    cost: float,
    group: Group | None,
) -> None:
    held = best[i][r]
    if held is None or here.cost + cost < held.cost:
        best[i][r] = _Match(here.cost + cost, group, here)


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
        inner += TWO * _are_two(texts[: end - start], known)
        free = 1.0 if is_known else 3.5 if begins(texts[0]) else 5.5
        yield _Label(start, end, inner + (0.0 if is_known else 0.5), free)


def _are_two(texts: Sequence[str], known: Known) -> bool:
    """Whether lines are the labels of two rows, one below the other."""
    return any(known("\n".join(texts[:cut])) and known("\n".join(texts[cut:])) for cut in range(1, len(texts)))


def _between(upper: Word, lower: Word, strip: Strip) -> float:
    """What speaks against two lines that follow one another being of one label."""
    crosses = any(upper.bottom < at < lower.bottom for at in strip.breaks)
    if not crosses and any(upper.bottom < at < lower.bottom for at in strip.rules):
        return APART
    return ITEM * begins(lower.text) + WIDE * (lower.bottom - upper.bottom > SPACED * lower.height)


def _distance(lines: Sequence[Sequence[Word]], first: Figures, last: Figures, strip: Strip, side: float) -> float:
    """How badly a label stands beside the figures of a row, in text heights; a page that cuts it hides where it should
    stand. `side`: which heights agree in all rows, 0 the first lines, 1 the last, a half the middle.
    """
    upper, lower = lines[0][0].bottom, lines[-1][0].bottom
    if any(upper < at < lower for at in strip.breaks):
        return CUT
    beside = first.first + side * (last.last - first.first)
    return ASIDE * abs(upper + side * (lower - upper) - beside) / lines[0][0].height


def rows_of(labels: Sequence[Word], figures: Sequence[Word], columns: Columns, strip: Strip, known: Known) -> list[Row]:
    """The rows of a table from the words of its label column and of its columns of figures, from top to bottom.

    Where figures stand beside no label, the labels around them that have none cannot be placed. No rows at all where
    there are more lines than a table has.
    """
    lines = [sorted(line, key=lambda word: word.x0) for line in levels_of(labels)]
    beside = figure_lines(figures)
    if len(lines) * len(beside) > MAX_PAIRS:
        return []
    rows = _Rows(beside, wraps(beside, columns))
    match = min((_matched(lines, rows, strip, known, side) for side in SIDES), key=lambda match: match.cost)
    return _as_rows(lines, beside, match.groups, columns, known)


def _as_rows(
    lines: Sequence[Sequence[Word]],
    beside: Sequence[Figures],
    groups: Sequence[Group],
    columns: Columns,
    known: Known,
) -> list[Row]:
    """The rows of a match, from top to bottom; what is in doubt is not placed."""
    doubts = _doubts(lines, beside, groups, known)
    found: list[tuple[float, Row]] = []
    for number, (start, stop, first, after) in enumerate(groups):
        label = [word for line in lines[start:stop] for word in line]
        row = row_of(label, together(beside[first:after]).words if after > first else (), columns)
        if number in doubts:
            row = Row(label, None, [word for at in sorted(doubts[number]) for word in beside[at].words])
        found.append((label[0].bottom, row))
    taken = {at for *_, first, after in groups for at in range(first, after)}.union(*doubts.values())
    found += [(row.first, row_of([], row.words, columns)) for at, row in enumerate(beside) if at not in taken]
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def _doubts(
    lines: Sequence[Sequence[Word]], beside: Sequence[Figures], groups: Sequence[Group], known: Known
) -> dict[int, set[int]]:
    """The labels whose figures are in doubt, by number, with the lines of figures that could be theirs: labels of a form
    without figures that have some beside them, and the labels that took those; labels with a figure among their words.
    """
    free = set(range(len(beside))) - {at for *_, first, after in groups for at in range(first, after)}
    found: dict[int, set[int]] = {}
    end = 0
    for number, (start, stop, first, after) in enumerate(groups):
        label = [word for line in lines[start:stop] for word in line]
        if after > first:
            end = after
            if any(is_figure(word.text) for word in label):
                found.setdefault(number, set()).update(range(first, after))
            continue
        following = next((group[2] for group in groups[number + 1 :] if group[3] > group[2]), len(beside))
        is_row = known(joined(label))
        near = {at for at, row in enumerate(beside) if is_row and _stands_beside(label, row)}
        if here := near | (free & set(range(end, following))):
            found.setdefault(number, set()).update(here)
        for other, (*_, its, stops) in enumerate(groups):
            if near & set(range(its, stops)):
                found.setdefault(other, set()).update(range(its, stops))
    return found


def _stands_beside(label: Sequence[Word], row: Figures) -> bool:
    """Whether figures stand at the height of a label's lines."""
    near = BESIDE * label[0].height
    return any(label[0].bottom - near < word.bottom < label[-1].bottom + near for word in row.words)
