"""Which cell of a row belongs to which column.

Figures stand after the label. Where a source tells spans (HTML, Word, PDF), its cells say where. Plain text cannot tell
a blank cell from a spanned one, loses columns of spans and drops empty cells at the end of lines; so every column in
which the figures of a row could begin is a *reading* of it, and the row is placed only where one reading is left: by
its own cells, else by the rows around it (`neighbours.py`). Sums never place a figure: they are there to check it (DESIGN.md, Figure).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from .cells import read
from .model import Cell, State
from .tables import Hit

Columns = tuple[int, ...]
Cells = Sequence[Cell]
Filled = Sequence[tuple[int, Cell]]  # the cells with text, and their grid columns


class Placed(Struct, frozen=True, gc=False):
    """The cells of a row by column. `cells` is None where they cannot be placed; `note` says what was out of order."""

    cells: tuple[Cell, ...] | None
    note: str = ""


def place_hit(hit: Hit, start: int | None = None, limit: int | None = None) -> Placed:
    """Place a printed row of a form; `start` and `limit` as for `place`."""
    if hit.doubled and (texts := [cell.text for cell in hit.cells[hit.label + 1 :] if cell.text]):
        return Placed(None, f"the header prints a column twice, which nothing tells apart: {' '.join(texts)}")
    return place(hit.cells, hit.label, len(hit.columns), hit.header, start, limit)


def place(
    row: Cells,
    label: int,
    wanted: int,
    header: Sequence[int] = (),
    start: int | None = None,
    limit: int | None = None,
) -> Placed:
    """Place the cells right of `label` in `wanted` columns.

    `header`: grid columns of the header's words, when the table's header was found. `start`: the grid column in which
    the figures begin, as the rows around this one say. `limit`: the last one in which they could; by default where the
    header has them begin, or as far right as the row is wide. Shapes: `row` has the full grid width.
    """
    after = [(x, cell) for x, cell in enumerate(row) if x > label and cell.covered is not True]
    filled = [(x, cell) for x, cell in after if cell.text]
    if not filled:
        return Placed(_blanks([cell for _, cell in after], wanted))
    if len(header) == wanted and list(header) != sorted(header):
        if max(header) - min(header) >= wanted:
            return place(row, label, wanted, (), start, limit)  # no header at all: its words stand in other columns
        return _reordered(row, filled, header)
    if len(filled) > wanted:
        return _too_many(filled, wanted, header)
    spans_told = all(cell.covered is not None for _, cell in after)
    if len(filled) == wanted and (spans_told or _in_line([x for x, _ in filled], wanted, header)):
        return Placed(tuple(cell for _, cell in filled))
    if len(after) == wanted and spans_told:
        return Placed(tuple(cell for _, cell in after))
    if spans_told:
        held = _held(row, label, filled, wanted, header, start)
    else:
        held = [found for found in readings(row, label, wanted, header, limit) if start in (None, found[0])]
    if len(held) == 1 and (cells := _at(row, held[0])):
        return Placed(cells)
    if not held and spans_told and len(header) != wanted and _has_blanks_over(after, wanted):
        return Placed(tuple(cell for _, cell in after[:wanted]))
    return _beyond(row, label, filled, wanted, header)


def readings(
    row: Cells, label: int, wanted: int, header: Sequence[int] = (), limit: int | None = None
) -> list[Columns]:
    """The grid columns that the figures of a row could stand in, leftmost first.

    A row whose span is lost stands left of its full place, one under a header whose own span is lost right of the
    header; but behind its label, not beyond the `limit`, and no printed figure lies outside.
    """
    shape = _shape(wanted, header)
    if limit is None:
        limit = header[0] if len(header) == wanted else len(row) - wanted
    filled = {x for x, cell in enumerate(row) if x > label and cell.text}
    if (
        filled and shape[-1] == wanted - 1
    ):  # without gaps: from where the last figure is inside, to where the first one is
        starts = range(max(label + 1, max(filled) - wanted + 1), min(limit, len(row) - wanted, min(filled)) + 1)
        return [tuple(range(start, start + wanted)) for start in starts]
    starts = range(label + 1, min(limit, len(row) - shape[-1] - 1) + 1)
    every = (tuple(start + offset for offset in shape) for start in starts)
    return [columns for columns in every if filled.issubset(columns)]


def _shape(wanted: int, header: Sequence[int]) -> Columns:
    """The columns of figures counted from their first: as the header's, which may have gaps, else without gaps."""
    return tuple(x - header[0] for x in header) if len(header) == wanted else tuple(range(wanted))


def _in_line(columns: Sequence[int], wanted: int, header: Sequence[int]) -> bool:
    """Whether the figures of a full row stand side by side, or as the header's words do."""
    offsets = tuple(x - columns[0] for x in columns)
    return offsets in (tuple(range(wanted)), _shape(wanted, header))


def _reordered(row: Cells, filled: Filled, header: Sequence[int]) -> Placed:
    """A header whose columns stand in another order than the form's: only it says which figure is which."""
    if max(header) < len(row) and all(x in header for x, _ in filled) and (cells := _at(row, header)):
        return Placed(cells, "the columns are printed in another order; placed by the header")
    return Placed(None, "the columns are printed in another order, and the row does not lie under them")


def _blanks(cells: Cells, wanted: int) -> tuple[Cell, ...]:
    """A row with no figure at all is blank throughout, however many cells it prints."""
    return tuple(cells[:wanted]) + (Cell(),) * (wanted - len(cells))


def _too_many(filled: Filled, wanted: int, header: Sequence[int]) -> Placed:
    surplus = f"{len(filled)} figures in {wanted} columns: " + " ".join(cell.text for _, cell in filled)
    by_column = dict(filled)
    if len(header) == wanted and all(x in by_column for x in header):
        return Placed(tuple(by_column[x] for x in header), f"{surplus}; placed by the header")
    if _one_number(filled):
        return Placed(tuple(cell for _, cell in filled[:wanted]), f"{surplus}; all are equal")
    return Placed(None, f"{surplus}; no header places them")


def _held(
    row: Cells, label: int, filled: Filled, wanted: int, header: Sequence[int], start: int | None
) -> list[Columns]:
    """Where cells are blank or missing though the source tells spans: the columns that hold every figure.

    They are the header's, or those in which the rows around this one stand.
    """
    candidates = set[Columns]()
    if len(header) == wanted and label < header[0]:
        candidates.add(tuple(header))
    if start is not None:
        candidates.add(tuple(range(start, start + wanted)))
    return [xs for xs in candidates if all(x in xs for x, _ in filled) and xs[-1] < len(row)]


def _has_blanks_over(after: Filled, wanted: int) -> bool:
    """Whether a row begins with a figure directly behind its label and has nothing but blank cells behind its columns."""
    return len(after) > wanted and bool(after[0][1].text) and not any(cell.text for _, cell in after[wanted:])


def _beyond(row: Cells, label: int, filled: Filled, wanted: int, header: Sequence[int]) -> Placed:
    """Too few figures, of which some stand beyond the last column: placed by the header if all are one number.

    Only in table 四, whose rows have no label: elsewhere the row may be shifted instead.
    """
    texts = " ".join(cell.text for _, cell in filled)
    if len(header) == wanted and label < 0:
        over = [x for x, _ in filled if x > header[-1]]
        if over and _one_number(filled) and all(x in header for x, _ in filled if x not in over):
            cells = _at(row, header)
            return Placed(cells, f"figures beyond the last column: {texts}; all are equal, placed by the header")
    return Placed(None, f"{len(filled)} figures in {wanted} columns: {texts}; nothing tells which are blank")


def _at(row: Cells, columns: Sequence[int]) -> tuple[Cell, ...] | None:
    """The cells in these grid columns; an empty one of unknown span is now known to be a blank of the row.

    None where a span covers one of them: a merged cell says nothing of its columns, it is no blank.
    """
    if any(row[x].covered is True for x in columns):
        return None
    return tuple(row[x] if row[x].text else Cell("", False, row[x].place, row[x].confidence) for x in columns)


def _one_number(filled: Filled) -> bool:
    """Whether all figures of a row are the same number, so that it does not matter which is the surplus."""
    readings = {read(cell.text) for _, cell in filled}
    return len(readings) == 1 and next(iter(readings)).state is State.NUMBER
