"""Finds the rows of the three statutory tables in a document's grids, whatever grid they stand in.

Tables are published whole, cut in pieces, or several in one grid, so the rows of all grids are read as one stream:
a row belongs to the table whose words it prints. Which form a row of table 二 belongs to is said by the header of its
sub-table; which form table 三 has is said by its rows under （六）. A row that no form has belongs to the table among whose rows it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Grid
from .fourth import Table4
from .rows import ORDER, Hit, Printed
from .second import Table2
from .third import Table3

__all__ = ["ORDER", "Found", "Hit", "find"]


@dataclass(frozen=True, slots=True)
class Found:
    """What the grids hold: hits per table in printed order, and what is to be said of rows of figures that nothing tells."""

    t2: tuple[Hit, ...]
    t3: tuple[Hit, ...]
    t4: tuple[Hit, ...]
    notes: tuple[str, ...]


def find(grids: Sequence[Grid], year: int | None = None) -> Found:
    """All rows of the statutory tables in the grids of one report of a year."""
    second, third, fourth = Table2(year), Table3(year), Table4(year)
    among = ""  # the table whose rows were read last
    for number, grid in enumerate(grids):
        second.new_grid()
        fourth.new_grid()
        among = "t3" if among == "t3" and third.unfinished else ""
        for cells in grid.rows:
            row = Printed(cells, number)
            if fourth.read(row):
                among = "t4"
            elif third.read(row):
                among = "t3"
            elif second.read(row):
                among = "t2"
            elif among == "t3":
                third.loose(row)
            elif among == "t2":
                second.loose(row)
    t2, notes2 = second.hits()
    t3, notes3 = third.hits()
    return Found(tuple(t2), tuple(t3), tuple(fourth.hits()), (*notes2, *notes3))
