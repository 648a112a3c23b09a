"""Tables 三 and 四: T3.COL, T3.SUM, T3.BAL, T4.SUM."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..arithmetic import add, equal, one_of, total, value
from ..forms import all_forms, row_of
from ..model import Check
from . import Printed, Rule, t3_columns

OTHERS = ("other_no_correction", "other_fee_unpaid", "other_misc")  # （六） in y2021
OTHER = "other_total"  # （六） in y2019, or where it is printed as one row


def _row_sums(printed: Printed) -> Iterator[Check]:
    last = t3_columns()[-1]
    for row in _rows(printed):
        yield equal("T3.COL", row, total(printed.figures, _of_row(row)), value(printed.figures, f"t3.{row}.{last}"))


@lru_cache(maxsize=1_000)
def _of_row(row: str) -> tuple[str, ...]:
    """The paths of a row of table 三 but for its last column, the total."""
    return tuple(f"t3.{row}.{column}" for column in t3_columns()[:-1])


@lru_cache(maxsize=1_000)
def _of_column(rows: tuple[str, ...], column: str) -> tuple[str, ...]:
    """The paths of a column of table 三 in some rows."""
    return tuple(f"t3.{row}.{column}" for row in rows)


def _rows(printed: Printed) -> Iterator[str]:
    """The rows of table 三 that are printed, each once."""
    return (row[3:] for row in dict.fromkeys(map(row_of, printed.figures)) if row.startswith("t3."))


def _column_sums(printed: Printed) -> Iterator[Check]:
    """Rows that no form has (x_…) may be counted in （七） or be a part of another row: both ways hold."""
    figures = printed.figures
    rows = tuple(_result_rows(printed))
    printed_rows = set(_rows(printed))
    local = sorted(row for row in printed_rows if row.startswith("x_"))
    if not rows or not printed_rows & {*rows}:
        return
    for column in t3_columns():
        statutory = total(figures, _of_column(rows, column))
        ways = [statutory]
        if local:
            ways.append(add([statutory, *(value(figures, f"t3.{row}.{column}") for row in local)]))
        yield one_of("T3.SUM", column, ways, value(figures, f"t3.processed_total.{column}"))


def _result_rows(printed: Printed) -> list[str]:
    """（一） to （六）: of （六） the row or the rows that are printed, else those of the form."""
    if printed.t3 not in all_forms():
        return []
    form = all_forms()[printed.t3]
    rows = [row.key for row in form.t3_rows if row.group and row.key not in ("processed_total", OTHER, *OTHERS)]
    if any(f"t3.{row}.total" in printed.figures for row in OTHERS):
        return [*rows, *OTHERS]
    if f"t3.{OTHER}.total" in printed.figures:
        return [*rows, OTHER]
    return [*rows, *(row.key for row in form.t3_rows if row.key in (OTHER, *OTHERS))]


def _balance(printed: Printed) -> Iterator[Check]:
    for column in t3_columns():
        left = [f"t3.new_received.{column}", f"t3.carried_in.{column}"]
        right = [f"t3.processed_total.{column}", f"t3.carried_out.{column}"]
        if any(path in printed.figures for path in left + right):
            yield equal("T3.BAL", column, total(printed.figures, left), total(printed.figures, right))


def _remedy_sums(printed: Printed) -> Iterator[Check]:
    form = next(form for form in all_forms().values() if form.t4_blocks)
    *parts, last = [column.key for column in form.t4_columns]
    for block in form.t4_blocks:
        if f"t4.{block.key}.{last}" in printed.figures:
            paths = [f"t4.{block.key}.{part}" for part in parts]
            found = value(printed.figures, f"t4.{block.key}.{last}")
            yield equal("T4.SUM", block.key, total(printed.figures, paths), found)


_FORMS = ("y2021", "y2019")
RULES = (
    Rule("T3.COL", "error", _FORMS, "row", "The six applicant columns of a row give its 总计.", _row_sums),
    Rule("T3.SUM", "error", _FORMS, "column", "（一） to （六） give （七）总计.", _column_sums),
    Rule("T3.BAL", "error", _FORMS, "column", "一 + 二 = 三（七） + 四, as the form's corner cell prints.", _balance),
    Rule("T4.SUM", "error", _FORMS, "block", "The four results of a block give its 总计.", _remedy_sums),
)
