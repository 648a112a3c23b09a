"""Which cell of a row belongs to which column.

Figures stand after the label. Spans get lost, rows come with cells too few or too many, and plain text cannot tell a
blank cell from a spanned one; so a row is placed by the first of these that decides it, and by none where none does:
the cells that are printed, the run of figures, the header, the rows around it, equality (DESIGN.md, Figure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import read
from .model import Cell, State


@dataclass(frozen=True, slots=True)
class Placed:
    """The cells of a row by column. `cells` is None where they cannot be placed; `note` says what was out of order."""

    cells: tuple[Cell, ...] | None
    note: str = ""
    start: int | None = None


def place(row: Sequence[Cell], label: int, wanted: int, header: Sequence[int] = (), start: int | None = None) -> Placed:
    """Place the cells right of `label` in `wanted` columns.

    `header`: grid columns of the header's words, when the table's header was found. `start`: the grid column in which
    the figures of full rows with the same label column begin. Shapes: `row` has the full grid width.
    """
    after = [(x, cell) for x, cell in enumerate(row) if x > label and cell.covered is not True]
    filled = [(x, cell) for x, cell in after if cell.text]
    if not filled:
        return Placed(_blanks([cell for _, cell in after], wanted))
    if len(header) == wanted and list(header) != sorted(header):
        if max(header) - min(header) >= wanted:
            return place(row, label, wanted, (), start)  # no header at all: its words stand in other columns
        return _reordered(row, filled, header)
    if len(filled) == wanted:
        return Placed(tuple(cell for _, cell in filled), start=filled[0][0])
    if len(filled) > wanted:
        return _too_many(filled, wanted, header)
    if len(after) == wanted and not (header and header[-1] < len(row) and _may_be_shifted(after, wanted, header)):
        return Placed(tuple(cell for _, cell in after))
    return _too_few(row, label, filled, wanted, header, start)


def _may_be_shifted(after: Sequence[tuple[int, Cell]], wanted: int, header: Sequence[int]) -> bool:
    """Whether a row of a source that drops trailing blanks has as many cells as columns only by chance.

    Its figures then lie under the header too, in other columns than those of its cells.
    """
    unsure = len(header) == wanted and any(cell.covered is None for _, cell in after)
    return unsure and list(header) != [x for x, _ in after] and all(x in header for x, cell in after if cell.text)


def _reordered(row: Sequence[Cell], filled: Sequence[tuple[int, Cell]], header: Sequence[int]) -> Placed:
    """A header whose columns stand in another order than the form's: only it says which figure is which."""
    if max(header) < len(row) and all(x in header for x, _ in filled) and (cells := _at(row, header)):
        return Placed(cells, "the columns are printed in another order; placed by the header")
    return Placed(None, "the columns are printed in another order, and the row does not lie under them")


def _blanks(cells: Sequence[Cell], wanted: int) -> tuple[Cell, ...]:
    """A row with no figure at all is blank throughout, however many cells it prints."""
    return tuple(cells[:wanted]) + (Cell(),) * (wanted - len(cells))


def _too_many(filled: Sequence[tuple[int, Cell]], wanted: int, header: Sequence[int]) -> Placed:
    surplus = f"{len(filled)} figures in {wanted} columns: " + " ".join(cell.text for _, cell in filled)
    by_column = dict(filled)
    if len(header) == wanted and all(x in by_column for x in header):
        return Placed(tuple(by_column[x] for x in header), f"{surplus}; placed by the header")
    if _one_number(filled):
        return Placed(tuple(cell for _, cell in filled[:wanted]), f"{surplus}; all are equal")
    return Placed(None, f"{surplus}; no header places them")


def _too_few(
    row: Sequence[Cell],
    label: int,
    filled: Sequence[tuple[int, Cell]],
    wanted: int,
    header: Sequence[int],
    start: int | None,
) -> Placed:
    """Some cells are blank: the header's columns or those of full rows must hold every figure, and not disagree."""
    candidates = {tuple(header)} if len(header) == wanted and _trusted(row, label, header) else set()
    if start is not None:
        candidates.add(tuple(range(start, start + wanted)))
    held = [xs for xs in candidates if all(x in xs for x, _ in filled) and xs[-1] < len(row)]
    doubted = len(header) == wanted and tuple(header) not in candidates and all(x in header for x, _ in filled)
    if doubted:
        held = []  # the row may lie under its header or be shifted: both would take every figure
    if len(held) == 1 and (cells := _at(row, held[0])):
        return Placed(cells)
    texts = " ".join(cell.text for _, cell in filled)
    beyond = [x for x, _ in filled if header and x > header[-1]]
    if (
        len(header) == wanted
        and beyond
        and label < header[0]
        and _one_number(filled)
        and all(x in header for x, _ in filled if x not in beyond)
    ):
        cells = _at(row, header)
        return Placed(cells, f"figures beyond the last column: {texts}; all are equal, placed by the header")
    return Placed(None, f"{len(filled)} figures in {wanted} columns: {texts}; nothing tells which are blank")


def _trusted(row: Sequence[Cell], label: int, header: Sequence[int]) -> bool:
    """Whether a row lies under its header. Where the source cannot tell spans, a lost span shifts a row to the left
    and leaves its last cell empty: such a row is only known to lie right when its last column holds a figure.
    """
    if not label < header[0] or header[-1] >= len(row):
        return False
    return all(cell.covered is not None for cell in row) or bool(row[header[-1]].text)


def _at(row: Sequence[Cell], columns: Sequence[int]) -> tuple[Cell, ...] | None:
    """The cells in these grid columns; an empty one of unknown span is now known to be a blank of the row.

    None where a span covers one of them: a merged cell says nothing of its columns, it is no blank.
    """
    if any(row[x].covered is True for x in columns):
        return None
    return tuple(row[x] if row[x].text else Cell("", False, row[x].place) for x in columns)


def _one_number(filled: Sequence[tuple[int, Cell]]) -> bool:
    """Whether all figures of a row are the same number, so that it does not matter which is the surplus."""
    readings = {read(cell.text) for _, cell in filled}
    return len(readings) == 1 and next(iter(readings)).state is State.NUMBER
