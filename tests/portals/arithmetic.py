"""The arithmetic that holds inside one report, worked out here a second time, independently of the product.

A check whose operand is blank, a dash or not printed cannot be assessed. A row of table three that is not printed
has no row check at all. Scopes: the row (and column) key for table two, the row key for T3.COL, the column key for T3.SUM and T3.BAL, the block for T4.SUM,
`total` for the checks of the narrative.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from .form import T3_COLUMNS, T4_BLOCKS, T4_COLUMNS, result_rows, t3_rows
from .model import CheckScope, Figure

Result = Literal["pass", "fail", "not_assessable"]
Figures = Mapping[str, Figure]


def check(
    figures: Figures, form: str, narrative: Mapping[str, int], says_none: bool
) -> tuple[tuple[CheckScope, ...], tuple[CheckScope, ...]]:
    """The checks that fail and those that cannot be assessed; `form` is that of table three."""
    results = [*_second_table(figures), *_tables(figures, form), *_narrative(figures, narrative, says_none)]
    failed = tuple(check for check, result in results if result == "fail")
    return failed, tuple(check for check, result in results if result == "not_assessable")


def _second_table(figures: Figures) -> Iterator[tuple[CheckScope, Result]]:
    """Every portal is a county's, so whoever claims 规章 is wrong."""
    t2 = {path.removeprefix("t2."): figure for path, figure in figures.items() if path.startswith("t2.")}
    for row in ("regulations", "normative_documents"):
        issued, repealed, made, out = (
            t2.get(f"{row}.{c}") for c in ("issued", "repealed", "newly_made", "newly_published")
        )
        if issued and repealed and not repealed.value:
            yield ("T2.FORCE", row), _not_above(issued if repealed.value == 0 else repealed, t2[f"{row}.in_force"])
        if made and out:
            yield ("T2B.PUB", f"{row}.newly_published"), _not_above(out, made)
            yield ("T2B.PUB", f"{row}.published_total"), _not_above(out, t2[f"{row}.published_total"])
    regulations = [figure for path, figure in t2.items() if path.startswith("regulations.")]
    if regulations:
        yield ("T2.REG", "regulations"), _judge(False, not any(figure.value for figure in regulations))
    if fee := t2.get("admin_fees.fee_amount"):
        unknown = fee.value is None or (fee.value != 0 and fee.unit != "万元")
        yield ("T2.FEE", "admin_fees"), _judge(unknown, (fee.value or 0) <= 100_000)


def _not_above(less: Figure, more: Figure) -> Result:
    return _judge(less.value is None or more.value is None, (less.value or 0) <= (more.value or 0))


def _tables(figures: Figures, form: str) -> Iterator[tuple[CheckScope, Result]]:
    for row in t3_rows(form):
        if f"t3.{row}.total" in figures:
            parts = [f"t3.{row}.{column}" for column in T3_COLUMNS[:-1]]
            yield ("T3.COL", row), _equal(figures, parts, [f"t3.{row}.total"])
    for column in T3_COLUMNS:
        parts = [f"t3.{row}.{column}" for row in result_rows(form)]
        yield ("T3.SUM", column), _equal(figures, parts, [f"t3.processed_total.{column}"])
    for column in T3_COLUMNS:
        came = [f"t3.new_received.{column}", f"t3.carried_in.{column}"]
        went = [f"t3.processed_total.{column}", f"t3.carried_out.{column}"]
        yield ("T3.BAL", column), _equal(figures, came, went)
    for block in T4_BLOCKS:
        parts = [f"t4.{block}.{column}" for column in T4_COLUMNS[:-1]]
        yield ("T4.SUM", block), _equal(figures, parts, [f"t4.{block}.total"])


def _narrative(figures: Figures, narrative: Mapping[str, int], says_none: bool) -> Iterator[tuple[CheckScope, Result]]:
    received = _sum(figures, ["t3.new_received.total"])
    carried = _sum(figures, ["t3.carried_in.total"])
    if "n_requests_received" in narrative:
        accepted = {received, None if received is None or carried is None else received + carried}
        yield ("N.NEW", "total"), _judge(received is None, narrative["n_requests_received"] in accepted)
    if says_none:
        yield ("N.NONE", "total"), _judge(received is None, received == 0)
    for key, row in (("n_carried_in", "carried_in"), ("n_carried_out", "carried_out")):
        if key in narrative:
            printed = _sum(figures, [f"t3.{row}.total"])
            yield ("N.CARRY", "total"), _judge(printed is None, printed == narrative[key])


def between(before: Figures, after: Figures) -> dict[CheckScope, Result]:
    """What holds between the tables of an organ for two consecutive years, as far as both print them."""
    found: dict[CheckScope, Result] = {}
    for column in T3_COLUMNS:
        out, into = f"t3.carried_out.{column}", f"t3.carried_in.{column}"
        if out in before and into in after:
            found["X.CARRY", column] = _same(_sum(before, [out]), _sum(after, [into]))
    for row in ("regulations", "normative_documents"):
        if f"t2.{row}.in_force" in before and f"t2.{row}.in_force" in after:
            were, came, went, are = (
                _sum(figures, [f"t2.{row}.{column}"])
                for figures, column in (
                    (before, "in_force"),
                    (after, "issued"),
                    (after, "repealed"),
                    (after, "in_force"),
                )
            )
            left = None if were is None or came is None or went is None else were + came - went
            found["X.FORCE", row] = _same(left, are)
    for row in ("licensing", "other_admin_services", "penalty", "coercion", "admin_fees"):
        items = f"t2.{row}.prev_items"
        if items in before and items in after:
            found["X.ITEMS", row] = _same(_sum(before, [items, f"t2.{row}.change"]), _sum(after, [items]))
    if "t4.review.pending" in before and "t4.review.total" in after and before["t4.review.pending"].value != 0:
        pending, total = before["t4.review.pending"].value, after["t4.review.total"].value
        found["X.PEND", "review"] = _judge(pending is None or total is None, bool(total))
    return found


def _same(a: int | float | None, b: int | float | None) -> Result:
    return _judge(a is None or b is None, a == b)


def _equal(figures: Figures, left: Iterable[str], right: Iterable[str]) -> Result:
    a, b = _sum(figures, left), _sum(figures, right)
    return _judge(a is None or b is None, a == b)


def _judge(unknown: bool, holds: bool) -> Result:
    if unknown:
        return "not_assessable"
    return "pass" if holds else "fail"


def _sum(figures: Figures, paths: Iterable[str]) -> int | float | None:
    values = [figures[path].value if path in figures else None for path in paths]
    return None if None in values else sum(value for value in values if value is not None)
