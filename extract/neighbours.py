"""The rows of table 三 in plain text, placed with what the others of their grid say.

On a page of the samples the figures of rows of a level begin in one column: what a span has lost, it has lost in all of
them (text-shapes.md, A.5). So a row that could be read in several ways is read as the rows around it whose own cells
leave one reading; where these do not settle it, it stays ambiguous. The rule is checked in tests/test_placing.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from .model import Cell
from .placing import Placed, place_hit, readings
from .tables import Hit

LABELS = 3  # columns of labels in table 三: its figures begin no further right, unless the grid has more columns
LEVELS = {"": 0, "results": 1}  # of the groups whose labels span columns: 一 二 四, and under 三 （一） （二） （七）
LEAF = 2
LOCAL = "local"  # the group of rows that an office added: they say nothing of the others


class _Row(Struct, frozen=True, gc=False):
    """A row and where its figures could begin: one column where its own cells decide, none where it prints nothing.

    `level`: how many columns of labels the form has before its own: the first label spans three, the next two, the last
    none. `number`: of the row in its document.
    """

    hit: Hit
    number: int
    level: int
    starts: tuple[int, ...]

    @property
    def headed(self) -> bool:
        """Whether the header speaks for the row: its corner spans as labels do, and lies before it."""
        return self.hit.headed and self.level < LEAF and len(self.hit.header) == len(self.hit.columns)

    def printed(self, start: int) -> frozenset[int]:
        """The columns in which it prints a figure, if they begin at `start`."""
        return frozenset(x - start for x, cell in enumerate(self.hit.cells) if x > self.hit.label and cell.text)


def place_table(hits: Sequence[Hit]) -> Iterator[tuple[Hit, Placed]]:
    """Place the rows of table 三, in printed order."""
    if all(map(_is_full, hits)):  # as in most reports: no row needs the others
        yield from ((hit, place_hit(hit)) for hit in hits)
        return
    limits = _limits(hits)
    untold = {hit.grid for hit in hits if any(cell.covered is None for cell in hit.cells)}
    rows = [_row(hit, number, limits.get(hit.grid, LABELS), hit.grid in untold) for number, hit in enumerate(hits)]
    pages: dict[int, list[_Row]] = {}
    for row in rows:
        if row.hit.row.group != LOCAL:
            pages.setdefault(row.hit.grid, []).append(row)
    for row in rows:
        limit = limits.get(row.hit.grid, LABELS)
        page = pages.get(row.hit.grid, [])
        start = _start(row, page, limit)
        yield row.hit, place_hit(row.hit, start, limit)


def _is_full(hit: Hit) -> bool:
    """Whether a row prints a figure in each of its columns, side by side, so that its own cells place it."""
    filled = [x for x, cell in enumerate(hit.cells) if x > hit.label and cell.text]
    return 0 < len(filled) == len(hit.columns) and filled[-1] - filled[0] == len(filled) - 1


def _limits(hits: Sequence[Hit]) -> dict[int, int]:
    """The last column in which figures of table 三 may begin, by grid: there is no further one where all would fit.

    Empty cells at the end do not count, because a grid may hold wider tables too, or lines with tabs too many; nor are
    three columns of labels ever too many, because lines may have lost their end.
    """
    limits: dict[int, int] = {}
    for hit in [hit for hit in hits if hit.row.group != LOCAL] or hits:
        reach = max([x for x, cell in enumerate(hit.cells) if cell.text] + list(hit.header), default=0)
        begin = max(LABELS, reach - len(hit.columns) + 1)
        limits[hit.grid] = max(limits.get(hit.grid, 0), begin)
    return limits


def _row(hit: Hit, number: int, limit: int, untold: bool) -> _Row:
    level = LEVELS.get("results" if hit.row.key == "other_total" else hit.row.group, LEAF)
    if untold:
        hit = _open(hit, level, limit)
    if not any(cell.text for cell in hit.cells[hit.label + 1 :]):
        return _Row(hit, number, level, ())
    found = readings(hit.cells, hit.label, len(hit.columns), hit.header, limit)
    return _Row(hit, number, level, tuple(columns[0] for columns in found))


def _open(hit: Hit, level: int, limit: int) -> Hit:
    """A row whose source cannot tell spans, at its full width: what its line or its page lacks may have been blank.

    A label that spans columns, or has moved to the first, may have had them all; else the width of the page holds.
    """
    lacking = limit + len(hit.columns) - len(hit.cells) if hit.label == 0 or level < LEAF else 0
    if lacking <= 0 and not any(cell.covered for cell in hit.cells):
        return hit
    cells = tuple(Cell("", None, cell.place, cell.confidence) if cell.covered else cell for cell in hit.cells)
    return replace(hit, cells=cells + (Cell("", None),) * lacking)


def _start(row: _Row, grid: Sequence[_Row], limit: int) -> int | None:
    """Where the figures of a row begin, as the rows of its grid say whose own cells decide; None where they do not.

    All rows of its kind and the header must agree, with one that speaks for it before it and one behind: pages are not
    marked, and the next may have kept what this one lost. And no other reading may print just the columns that a
    decided row prints: that one may have lost a column for itself.
    """
    if len(row.starts) < 2:
        return row.starts[0] if row.starts else None
    decided = [other for other in grid if len(other.starts) == 1]
    kin = [other for other in decided if _are_kin(row, other)]
    if any(other.level == row.level and other.hit.label > row.hit.label for other in kin):
        return None  # its label has moved to the left, perhaps with its figures
    starts = {other.starts[0] for other in kin} | ({min(row.hit.header)} if row.headed else set())
    if len(starts) != 1:
        return None
    (start,) = starts
    kept = start == limit
    speaking = {other.number for other in kin if other.level == row.level or (kept and other.level < row.level)}
    if row.headed and (kept or row.level == 0):
        speaking.add(-1)
    between = speaking and min(speaking) < row.number < max(speaking)
    others = {row.printed(other) for other in row.starts if other != start}
    return None if not between or others & {other.printed(other.starts[0]) for other in decided} else start


def _are_kin(row: _Row, other: _Row) -> bool:
    """Whether rows must agree: those with labels that span, and apart from them those with labels in one column.

    Labels of two columns lose nothing where those of three do not: so all that span are of one kind.
    """
    if row.level < LEAF or other.level < LEAF:
        return row.level < LEAF and other.level < LEAF
    return row.hit.label == other.hit.label
