"""Which line of a form each printed row is, where several lines have the same words: told by the order of the rows.

被依法纠错数 stands under 行政复议 and under 行政诉讼. A printed table follows the form's order, so what a row may be is
what leaves room for the rows before it and behind it. Nothing is guessed: what several readings allow stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

Lines = tuple[int, ...]  # of the form, that a printed row may be; none where its words are in no form


def settle(rows: Sequence[Lines]) -> list[Lines]:
    """What is left of the lines that each row may be; one where it is known.

    A row whose words only one line has is that line, wherever it stands; where it stands before an earlier one, another
    run of the form begins. In a run the lines rise, and all readings must agree; but a row that is printed directly below
    the line that the form has directly above it is what comes next. A line that a row surely is, no doubtful row is.
    """
    settled = list(rows)
    for start, end in _runs(rows):
        settled[start:end] = _rising(rows[start:end])
    taken = {row[0] for row in settled if len(row) == 1}
    return [row if len(row) < 2 else tuple(line for line in row if line not in taken) or row for row in settled]


def _runs(rows: Sequence[Lines]) -> Iterator[tuple[int, int]]:
    """Begin and end of each run in which the rows that are known do not go back."""
    start, last = 0, -1
    for number, row in enumerate(rows):
        if len(row) == 1:
            if row[0] < last:
                yield start, number
                start = number
            last = row[0]
    yield start, len(rows)


def _rising(rows: Sequence[Lines]) -> list[Lines]:
    """The lines that readings of a run allow; the rows as they were where no reading rises throughout."""
    latest = _latest(rows)
    if latest is None:
        return list(rows)
    settled: list[Lines] = []
    lowest, above = -1, -1  # the lowest line of the row before; the line directly above, where it is known
    for row, highest in zip(rows, latest, strict=True):
        left = row if len(row) < 2 else tuple(line for line in row if lowest < line <= highest)
        if len(left) > 1 and above >= 0 and above + 1 in left:
            left = (above + 1,)
        settled.append(left)
        lowest = left[0] if left else lowest
        above = left[0] if len(left) == 1 else -1
    return settled


def _latest(rows: Sequence[Lines]) -> list[int] | None:
    """The last line that each row can be so that all behind it still rise; None where they cannot.

    A line that is printed twice, one below the other, rises by nothing.
    """
    latest: list[int] = []
    bound, following = float("inf"), ()  # type: tuple[float, Lines]
    for row in reversed(rows):
        fits = [line for line in row if line < bound or (len(row) == 1 and row == following)]
        if row and not fits:
            return None
        latest.append(max(fits, default=-1))
        bound, following = (latest[-1], row) if row else (bound, following)
    return latest[::-1]


def between(settled: Sequence[Lines], lost: Sequence[bool]) -> Iterator[tuple[int, range]]:
    """Each run of rows without a label that are as many as the form has between the known rows above and below them.

    Gives the first row of the run, and the lines of the form.
    """
    for is_lost, group in groupby(range(len(settled)), lambda row: lost[row]):
        rows = list(group)
        start, end = rows[0], rows[-1] + 1
        if is_lost and start > 0 and end < len(settled) and len(settled[start - 1]) == len(settled[end]) == 1:
            lines = range(settled[start - 1][0] + 1, settled[end][0])
            if len(lines) == len(rows):
                yield start, lines
