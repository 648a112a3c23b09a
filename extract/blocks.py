"""The row of table 四: fifteen figures in three blocks of five, which no label begins.

Where a table loses a span in plain text, it loses all of it: a block is printed whole or not at all. So five or ten figures
in a row that begin inside of a block may be whole blocks that were shifted by one column, or may stand where they do, with
blanks around them. They are read in the one way that the form's arithmetic leaves (T4.SUM), else they are ambiguous.
Whatever else is blank is read where it stands below its header.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from .cells import read
from .model import Cell
from .placing import Placed, place_hit
from .tables import Hit

BLOCK = 5


def place_fourth(hit: Hit) -> Placed:
    """Place the row of table 四. Rows whose source tells spans, or that print every figure, are placed as all others."""
    after = {x: cell for x, cell in enumerate(hit.cells) if x > hit.label}
    filled = [x for x, cell in after.items() if cell.text]
    wanted = len(hit.columns)
    if all(cell.covered is not None for cell in after.values()) or hit.doubled or not 0 < len(filled) < wanted:
        return place_hit(hit)
    headed = bool(hit.header) and hit.header == tuple(range(hit.header[0], hit.header[0] + wanted))
    if hit.header and list(hit.header) != sorted(hit.header):
        return place_hit(hit)  # in another order: only the header places them
    first = hit.header[0] if headed else hit.label + 1
    for shift in range(BLOCK):
        found = [way for way in {shift, -shift} if _fits({x - first + way: after[x] for x in filled}, wanted)]
        if not found:
            continue
        if shift == 0 and headed:
            return place_hit(hit)
        texts = " ".join(after[x].text for x in filled)
        printed = {x - first: after[x] for x in filled}
        if shift == 1 and headed and _stands(printed, found[0], wanted):
            return place_hit(hit)
        if shift > 1 or len(found) > 1 or (shift and not _moved(printed, found[0], wanted)):
            words = f"shifted by {shift} column{'s' if shift > 1 else ''}"
            return Placed(None, f"{len(filled)} figures that may be whole blocks, {words}: {texts}")
        moved = f", shifted by {shift} column" if shift else ""
        cells = tuple(after.get(first + n - found[0], Cell()) for n in range(wanted))
        return Placed(cells, f"{len(filled)} figures{moved}; read as whole blocks: {texts}")
    return place_hit(hit)


def _fits(filled: Mapping[int, Cell], wanted: int) -> bool:
    """Whether figures at these columns are whole blocks; those behind the last one must be equal to all others."""
    inside = {x for x in filled if x < wanted}
    equal = len({read(cell.text) for cell in filled.values()}) == 1
    return min(filled) >= 0 and _whole(inside) and (equal or len(inside) == len(filled))


def _moved(printed: Mapping[int, Cell], way: int, wanted: int) -> bool:
    """Whether figures can only be whole blocks: they do not fit where they stand, and moved they hold."""
    stands = all(0 <= x < wanted for x in printed) and _holds(printed, wanted)
    return not stands and _holds({x + way: cell for x, cell in printed.items()}, wanted)


def _stands(printed: Mapping[int, Cell], way: int, wanted: int) -> bool:
    """Whether figures can only be read where they stand: moved they do not hold, and here a whole block does, of more than zero."""
    moved = {x + way: cell for x, cell in printed.items()}
    if _holds(moved, wanted) or not _holds(printed, wanted) or not all(0 <= x < wanted for x in printed):
        return False
    return any(len(parts) == BLOCK - 1 and total for parts, total in _sums(printed, wanted))


def _holds(printed: Mapping[int, Cell], wanted: int) -> bool:
    """Whether the figures of each block are its total, or not more where some are not printed."""
    return all(
        total is None or (sum(parts) == total if len(parts) == BLOCK - 1 else sum(parts) <= total)
        for parts, total in _sums(printed, wanted)
    )


def _sums(printed: Mapping[int, Cell], wanted: int) -> Iterator[tuple[list[Decimal], Decimal | None]]:
    """Of each block the numbers of its parts, and its total, where these are printed."""
    values = {x: read(cell.text).value for x, cell in printed.items()}
    for begin in range(0, wanted, BLOCK):
        *parts, total = (values.get(x) for x in range(begin, begin + BLOCK))
        yield [part for part in parts if part is not None], total


def _whole(filled: Collection[int]) -> bool:
    """Whether every block of five is filled or blank."""
    return {sum(x // BLOCK == block for x in filled) for block in range(3)} <= {0, BLOCK}
