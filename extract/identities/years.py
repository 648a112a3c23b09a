"""Between two consecutive years of a unit: X.CARRY, X.FORCE, X.ITEMS, X.PEND; `expected` follows from the earlier year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..arithmetic import add, at_least, equal
from ..model import Check, Result
from . import Rule, t3_columns

Values = Mapping[str, Decimal | None]  # by path; None: printed, and no number; a path that is not in it is not printed
_DOCUMENTS = ("regulations", "normative_documents")
_ITEMS = ("licensing", "other_admin_services", "penalty", "coercion", "admin_fees")


@dataclass(frozen=True, slots=True)
class Years:
    """What the reports of a unit print for a year and for the one before it."""

    before: Values
    after: Values


def paths() -> list[str]:
    """The figures that these identities take in, of either year."""
    carried = [f"t3.{row}.{column}" for row in ("carried_in", "carried_out") for column in t3_columns()]
    documents = [f"t2.{row}.{column}" for row in _DOCUMENTS for column in ("issued", "repealed", "in_force")]
    items = [f"t2.{row}.{column}" for row in _ITEMS for column in ("prev_items", "change")]
    return [*carried, *documents, *items, "t4.review.pending", "t4.review.total"]


def _carry(years: Years) -> Iterator[Check]:
    for column in t3_columns():
        out, into = f"t3.carried_out.{column}", f"t3.carried_in.{column}"
        if out in years.before and into in years.after:
            yield equal("X.CARRY", column, years.before[out], years.after[into])


def _force(years: Years) -> Iterator[Check]:
    """From y2021 to y2021 only: y2019 has 对外公开总数量, another concept under another key."""
    for row in _DOCUMENTS:
        in_force = f"t2.{row}.in_force"
        if in_force in years.before and in_force in years.after:
            repealed = years.after.get(f"t2.{row}.repealed")
            fewer = None if repealed is None else -repealed
            expected = add([years.before[in_force], years.after.get(f"t2.{row}.issued"), fewer])
            yield equal("X.FORCE", row, expected, years.after[in_force])


def _items(years: Years) -> Iterator[Check]:
    for row in _ITEMS:
        items = f"t2.{row}.prev_items"
        if items in years.before and items in years.after:
            expected = add([years.before[items], years.before.get(f"t2.{row}.change")])
            yield equal("X.ITEMS", row, expected, years.after[items])


def _pending(years: Years) -> Iterator[Check]:
    pending, all_ = "t4.review.pending", "t4.review.total"
    if pending in years.before and all_ in years.after:
        if years.before[pending] == 0:
            yield Check("X.PEND", "review", Result.NOT_APPLICABLE)
        else:
            one = None if years.before[pending] is None else Decimal(1)
            yield at_least("X.PEND", "review", one, years.after[all_])


_FORMS = ("y2021", "y2019")
BETWEEN = (
    Rule("X.CARRY", "warning", _FORMS, "column", "上年结转 is what the year before carried out (a column may fail where the total holds).", _carry),
    Rule("X.FORCE", "warning", ("y2021",), "row", "现行有效件数 is that of the year before, with 制发 and without 废止.", _force),
    Rule("X.ITEMS", "warning", ("y2019",), "row", "上一年项目数量 is that of the year before with its 增/减.", _items),
    Rule("X.PEND", "info", _FORMS, "review", "A review that was 尚未审结 is among those of the next year (a hint).", _pending),
)  # fmt: skip
