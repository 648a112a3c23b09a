"""The row of table 四: fifteen figures in three blocks of five, which no label begins.

Where a table loses a span in plain text, it loses all of it: a block is printed whole or not at all. So a row that has
whole blocks only when it is moved by one column was shifted by one: five or ten figures in a row that begin inside of a
block. Further than by one, nothing tells. Whatever else is blank is read where it stands below its header.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
    headed = bool(hit.header) and hit.header[-1] - hit.header[0] == wanted - 1
    first = hit.header[0] if headed else hit.label + 1
    for shift in range(BLOCK):
        found = [way for way in {shift, -shift} if _fits({x - first + way: after[x] for x in filled}, wanted)]
        if not found:
            continue
        if shift == 0 and headed:
            return place_hit(hit)
        texts = " ".join(after[x].text for x in filled)
        if shift > 1 or len(found) > 1:
            return Placed(None, f"{len(filled)} figures that may be whole blocks, shifted by {shift} columns: {texts}")
        moved = f", shifted by {shift} column" if shift else ""
        cells = tuple(after.get(first + n - found[0], Cell()) for n in range(wanted))
        return Placed(cells, f"{len(filled)} figures{moved}; read as whole blocks: {texts}")
    return place_hit(hit)


def _fits(filled: Mapping[int, Cell], wanted: int) -> bool:
    """Whether figures at these columns are whole blocks; those behind the last one must be equal to all others."""
    inside = {x for x in filled if x < wanted}
    equal = len({read(cell.text) for cell in filled.values()}) == 1
    return min(filled) >= 0 and _whole(inside) and (equal or len(inside) == len(filled))


def _whole(filled: Collection[int]) -> bool:
    """Whether every block of five is filled or blank."""
    return {sum(x // BLOCK == block for x in filled) for block in range(3)} <= {0, BLOCK}
