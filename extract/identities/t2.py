"""Table 二: what one row says against another: T2.FORCE, T2B.PUB, T2.REG, T2.FEE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..arithmetic import at_least, at_most, value
from ..model import Check, Figure, Result, State
from . import Printed, Rule

ROWS = ("regulations", "normative_documents")
MOST_FEE = Decimal(100_000)  # 万元: a county's 行政事业性收费 is below 10亿元; above, the amount is in 元
_BELOW_CITY = re.compile(r"[县旗区镇乡]|街道|苏木|街道办")  # 设区的市 and above are never called so


def _force(printed: Printed) -> Iterator[Check]:
    """Only where nothing was repealed can the documents in force not be fewer than those issued."""
    for row in ROWS:
        repealed = printed.figures.get(f"t2.{row}.repealed")
        issued, in_force = (value(printed.figures, f"t2.{row}.{column}") for column in ("issued", "in_force"))
        if repealed is None:
            continue
        if repealed.value:
            yield Check("T2.FORCE", row, Result.NOT_APPLICABLE)
        else:
            yield at_least("T2.FORCE", row, issued if repealed.value == 0 else None, in_force)


def _published(printed: Printed) -> Iterator[Check]:
    for row in ROWS:
        made, published, all_ = (
            value(printed.figures, f"t2.{row}.{column}")
            for column in ("newly_made", "newly_published", "published_total")
        )
        if f"t2.{row}.newly_published" in printed.figures:
            yield at_most("T2B.PUB", f"{row}.newly_published", made, published)
            yield at_least("T2B.PUB", f"{row}.published_total", published, all_)


def _regulations(printed: Printed) -> Iterator[Check]:
    """A number above zero, of an organ whose name says that it lies below a 设区的市. A blank or a dash claims none."""
    row = [figure for path, figure in printed.figures.items() if path.startswith("t2.regulations.")]
    if not row:
        return
    found = "/".join(_written(figure) for figure in row)
    if any(figure.value for figure in row):
        result = Result.FAIL if is_below_city(printed.publisher) else Result.NOT_ASSESSABLE
    elif any(figure.state in (State.UNREADABLE, State.AMBIGUOUS) for figure in row):
        result = Result.NOT_ASSESSABLE
    else:
        result = Result.PASS
    yield Check("T2.REG", "regulations", result, "0", found)


def is_below_city(publisher: str | None) -> bool:
    """Whether a name says that its organ is one of a county, a town, or below; a 市 alone may be either."""
    name = "".join((publisher or "").split()).replace("自治区", "").replace("地区", "")
    return bool(_BELOW_CITY.search(name))


def _written(figure: Figure) -> str:
    return figure.written if figure.value is None else f"{figure.value:f}"


def _fee(printed: Printed) -> Iterator[Check]:
    fee = printed.figures.get("t2.admin_fees.fee_amount")
    if fee is not None:
        known = fee.value if fee.unit == "万元" or fee.value == 0 else None
        yield at_most("T2.FEE", "admin_fees", MOST_FEE, known)


RULES = (
    Rule("T2.FORCE", "info", ("y2021",), "row", "Where none was repealed, 现行有效件数 is not below 本年制发件数.", _force),
    Rule(
        "T2B.PUB", "info", ("y2019",), "row.column",
        "本年新公开数量 is not above 本年新制作数量, 对外公开总数量 not below 本年新公开数量.", _published,
    ),
    Rule(
        "T2.REG", "warning", ("y2021", "y2019"), "regulations",
        "Nobody below a 设区的市 makes 规章: the row is 0 (or blank, or a dash).", _regulations,
    ),
    Rule(
        "T2.FEE", "warning", ("y2021",), "admin_fees",
        "本年收费金额 is not above 100,000 万元, else it was probably printed in 元; without a unit nobody knows.", _fee,
    ),
)  # fmt: skip
