"""Rows of table 三 that were told by their order, held against the arithmetic of the form.

An office may have put in a row of its own, without a label, where a row of the form is missing: the count fits, and the row
is another one. Where the sums of the table fail with such a row and hold without it, or it alone does not add up to its
总计 among rows that do, it is no number. Blanks and dashes count nothing here, which no check of a report allows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from .forms import LOCAL, all_forms
from .model import Figure, State
from .tables import ORDER

_TOTAL = "processed_total"
_BALANCE = {"new_received": 1, "carried_in": 1, "carried_out": -1}
_NOTHING = frozenset({State.BLANK, State.DASH})
Signs = Mapping[str, int]  # what each row counts in a sum that is zero
Values = Mapping[str, Decimal]


def contradicted(figures: Mapping[str, Figure]) -> list[str]:
    """The rows of table 三 told by their order (keys, as printed) of which its arithmetic says that they are others."""
    by_order = [path for path, one in figures.items() if one.matched == ORDER and path.startswith("t3.")]
    if not by_order:
        return []
    ordered = list(dict.fromkeys(path.split(".")[1] for path in by_order))
    rows = list(dict.fromkeys(path.split(".")[1] for path in figures if path.startswith("t3.")))
    *parts, total = _columns()
    found = set(_uneven(figures, rows, ordered))
    for column in (*parts, total):
        values = {row: value for row in rows if (value := _value(figures, row, column)) is not None}
        for signs in _sums(rows):
            inside = [row for row in ordered if row in signs]
            if inside and _is_better_without(signs, values, inside):
                found |= set(inside)
        if _TOTAL in ordered and _is_other_total(list(_sums(rows)), values):
            found.add(_TOTAL)
    return [row for row in ordered if row in found]


@cache
def _columns() -> tuple[str, ...]:
    return tuple(column.key for column in next(form for form in all_forms().values() if form.t3_columns).t3_columns)


@cache
def _results() -> frozenset[str]:
    """（一） to （六）, of all forms."""
    every = (row for form in all_forms().values() for row in form.t3_rows)
    return frozenset(row.key for row in every if row.group and row.key != _TOTAL)


def _value(figures: Mapping[str, Figure], row: str, column: str) -> Decimal | None:
    figure = figures.get(f"t3.{row}.{column}")  # an office may have left out a column
    return None if figure is None else Decimal(0) if figure.state in _NOTHING else figure.value


def _sums(rows: Collection[str]) -> Iterator[Signs]:
    """T3.SUM, T3.BAL, and both without （七）总计; rows that no form has may be counted or not."""
    parts = dict.fromkeys((row for row in rows if row in _results()), 1)
    local = dict.fromkeys((row for row in rows if row.startswith(LOCAL)), 1)
    for counted in [parts, parts | local] if local else [parts]:
        yield counted | {_TOTAL: -1}
        yield {row: -sign for row, sign in counted.items()} | _BALANCE
    yield _BALANCE | {_TOTAL: -1}


def _is_better_without(signs: Signs, values: Values, ordered: Collection[str]) -> bool:
    """Whether a sum fails, and holds without all of the rows told by order, or without one of them; none does of these alone."""
    if any(row not in values for row in ordered) or set(signs) & set(values) <= set(ordered):
        return False
    left = sum((sign * values[row] for row, sign in signs.items() if row in values), Decimal(0))
    every = sum((signs[row] * values[row] for row in ordered), Decimal(0))
    return left != 0 and (left == every or any(left == signs[row] * values[row] for row in ordered))


def _is_other_total(sums: Sequence[Signs], values: Values) -> bool:
    """Whether a 总计 told by its order is none of the sums, where what was received is what was done and is left."""
    lefts = [sum((sign * values[row] for row, sign in signs.items() if row in values), Decimal(0)) for signs in sums]
    with_total = [left for signs, left in zip(sums, lefts, strict=True) if _TOTAL in signs]
    without = [left for signs, left in zip(sums, lefts, strict=True) if _TOTAL not in signs]
    return _TOTAL in values and 0 in without and 0 not in with_total


def _uneven(figures: Mapping[str, Figure], rows: Collection[str], ordered: Collection[str]) -> Iterator[str]:
    """The rows told by order whose columns are not their 总计, where those of all others that print one are."""
    even = {row: _is_even(figures, row) for row in rows if not row.startswith(LOCAL)}
    others = {known for row, known in even.items() if row not in ordered and known is not None}
    if others == {True}:
        yield from (row for row in ordered if even[row] is False)


def _is_even(figures: Mapping[str, Figure], row: str) -> bool | None:
    """T3.COL of a row; None where a figure of it is no number, or all are nothing."""
    *parts, total = _columns()
    printed = _value(figures, row, total)
    values = [_value(figures, row, part) for part in parts]
    known = [value for value in values if value is not None]
    if printed is None or len(known) < len(values) or not (printed or any(known)):
        return None
    return sum(known) == printed
