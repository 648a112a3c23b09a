"""勾稽关系: the arithmetic that the form prints about itself, and its sentences against its tables.

Four results: pass, fail, not_assessable (an operand is not a number), not_applicable. Nothing is repaired: what an
identity would give for a figure that is not printed is `inferred`, apart from the figures (reference/domain.md, 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from .forms import all_forms
from .model import Check, Figure, Inferred, Number, Result

Figures = Mapping[str, Figure]


def checks(figures: Figures, form: str | None, numbers: Mapping[str, Number]) -> Iterator[Check]:
    """Every check of one report, for the rows, columns and blocks that it prints."""
    yield from _row_sums(figures)
    if form in all_forms():
        yield from _column_sums(figures, form or "")
    yield from _balance(figures)
    yield from _remedy_sums(figures)
    yield from _sentences(figures, numbers)


def inferred(figures: Figures) -> Iterator[Inferred]:
    """What T3.BAL gives for the one row of the four that is not printed at all."""
    rows = ("new_received", "carried_in", "processed_total", "carried_out")
    absent = [row for row in rows if f"t3.{row}.total" not in figures]
    if len(absent) != 1:
        return
    signs = dict(zip(rows, (1, 1, -1, -1), strict=True))
    for column in _t3_columns():
        values = {row: _value(figures, f"t3.{row}.{column}") for row in rows if row != absent[0]}
        known = {row: value for row, value in values.items() if value is not None}
        if len(known) == 3:
            rest = sum((signs[row] * value for row, value in known.items()), Decimal(0))
            yield Inferred(f"t3.{absent[0]}.{column}", -signs[absent[0]] * rest, "T3.BAL")


def _row_sums(figures: Figures) -> Iterator[Check]:
    """T3.COL: the six applicant columns of each printed row give its 总计."""
    *parts, total = _t3_columns()
    rows = dict.fromkeys(path.split(".")[1] for path in figures if path.startswith("t3."))
    for row in rows:
        yield _sum_check("T3.COL", row, figures, [f"t3.{row}.{part}" for part in parts], f"t3.{row}.{total}")


def _column_sums(figures: Figures, form: str) -> Iterator[Check]:
    """T3.SUM: （一） to （六） give （七）总计, in each column."""
    rows = [row.key for row in all_forms()[form].t3_rows if row.group and row.key != "processed_total"]
    for column in _t3_columns():
        parts = [f"t3.{row}.{column}" for row in rows]
        if any(path in figures for path in parts):
            yield _sum_check("T3.SUM", column, figures, parts, f"t3.processed_total.{column}")


def _balance(figures: Figures) -> Iterator[Check]:
    """T3.BAL: 一 + 二 = 三（七） + 四 in each column, as the form's corner cell prints."""
    for column in _t3_columns():
        left = [f"t3.new_received.{column}", f"t3.carried_in.{column}"]
        right = [f"t3.processed_total.{column}", f"t3.carried_out.{column}"]
        if any(path in figures for path in left + right):
            yield _compare("T3.BAL", column, _sum(figures, left), _sum(figures, right))


def _remedy_sums(figures: Figures) -> Iterator[Check]:
    """T4.SUM: the four results of each block give its 总计."""
    form = next(iter(all_forms().values()))
    *parts, total = [column.key for column in form.t4_columns]
    for block in form.t4_blocks:
        if f"t4.{block.key}.{total}" in figures:
            paths = [f"t4.{block.key}.{part}" for part in parts]
            yield _sum_check("T4.SUM", block.key, figures, paths, f"t4.{block.key}.{total}")


def _sentences(figures: Figures, numbers: Mapping[str, Number]) -> Iterator[Check]:
    """N.NEW, N.NONE, N.CARRY: what the sentences say against table 三, as far as they say it."""
    received = numbers.get("n_requests_received")
    if received is None:
        yield Check("N.NEW", "total", Result.NOT_APPLICABLE)
        yield Check("N.NONE", "total", Result.NOT_APPLICABLE)
    else:
        yield _received(figures, received)
        if received.value == 0:
            yield _compare("N.NONE", "total", Decimal(0), _value(figures, "t3.new_received.total"))
        else:
            yield Check("N.NONE", "total", Result.NOT_APPLICABLE)
    carried = [(numbers[key], row) for key, row in _CARRIED if key in numbers]
    for number, row in carried:
        yield _compare("N.CARRY", row, _value(figures, f"t3.{row}.total"), number.value)
    if not carried:
        yield Check("N.CARRY", "total", Result.NOT_APPLICABLE)


_CARRIED = (("n_carried_in", "carried_in"), ("n_carried_out", "carried_out"))


def _received(figures: Figures, said: Number) -> Check:
    """收到 N 件 must be the new requests, or the new and the carried ones together."""
    new = _value(figures, "t3.new_received.total")
    carried = _value(figures, "t3.carried_in.total")
    if said.value is None or new is None:
        return Check("N.NEW", "total", Result.NOT_ASSESSABLE, _written(new), _written(said.value))
    fits = {new} if carried is None else {new, new + carried}
    result = Result.PASS if said.value in fits else Result.FAIL
    return Check(
        "N.NEW", "total", result, " or ".join(_written(fit) or "" for fit in sorted(fits)), _written(said.value)
    )


def _sum_check(id: str, scope: str, figures: Figures, parts: Sequence[str], total: str) -> Check:
    return _compare(id, scope, _sum(figures, parts), _value(figures, total))


def _compare(id: str, scope: str, expected: Decimal | None, found: Decimal | None) -> Check:
    if expected is None or found is None:
        return Check(id, scope, Result.NOT_ASSESSABLE, _written(expected), _written(found))
    result = Result.PASS if expected == found else Result.FAIL
    return Check(id, scope, result, _written(expected), _written(found))


def _sum(figures: Figures, paths: Sequence[str]) -> Decimal | None:
    values = [_value(figures, path) for path in paths]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _value(figures: Figures, path: str) -> Decimal | None:
    figure = figures.get(path)
    return figure.value if figure else None


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _t3_columns() -> list[str]:
    return [column.key for column in next(iter(all_forms().values())).t3_columns]
