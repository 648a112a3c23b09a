"""Between a county's report (whole_government) and those of its units: G.ROLLUP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..arithmetic import at_least
from ..model import Check, Result
from . import Rule

PATH = "t3.new_received.total"


@dataclass(frozen=True, slots=True)
class Region:
    """新收 as the county's report prints it (None: no number), and as its units' reports of the year do, by report."""

    stated: Decimal | None
    units: Mapping[str, Decimal | None]


def _rollup(region: Region) -> Iterator[Check]:
    """Units that are not known can only add to the sum, so what is too much is too much already."""
    known = [one for one in region.units.values() if one is not None]
    if known:
        yield at_least("G.ROLLUP", "new_received", sum(known, Decimal(0)), region.stated)
    else:
        yield Check("G.ROLLUP", "new_received", Result.NOT_APPLICABLE)


REGIONAL = (
    Rule("G.ROLLUP", "info", ("y2021", "y2019"), "new_received", "新收 of the county's report is not below the sum over its units.", _rollup),
)  # fmt: skip
