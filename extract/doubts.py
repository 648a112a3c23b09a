"""Figures of scans that a person should look at: those that are not sure, and those that an identity speaks against.

A doubt changes no figure. Where an identity that takes a figure in fails, the figure must be surer than elsewhere: real
reports break their identities, and then what is clearly printed is right. Thresholds are those of the corpus of scans
(tests/quality.py): at most 5 % doubted, and 999 of 1,000 of the others right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .forms import all_forms
from .model import Check, Figure, Result, State

SURE = 0.75  # of the worst character of a figure: below, it is in doubt by itself
SURER = 0.95  # where an identity fails


def doubts(figures: Mapping[str, Figure], checks: Iterable[Check]) -> dict[str, str]:
    """The paths of figures in doubt with the reason; none where nothing was recognised in a picture."""
    if all(figure.confidence is None for figure in figures.values()):
        return {}
    against: dict[str, str] = {}
    for check in checks:
        if check.result is Result.FAIL:
            for path in operands(check):
                against.setdefault(path, f"{check.id} of {check.scope}")
    found: dict[str, str] = {}
    for path, figure in figures.items():
        if reason := _doubt(figure, against.get(path, "")):
            found[path] = reason
    return found


def _doubt(figure: Figure, check: str) -> str:
    if figure.confidence is None:
        return ""
    if figure.state in (State.UNREADABLE, State.AMBIGUOUS):
        return f"{figure.state} in a picture: compare it with the page"
    if figure.confidence < SURE:
        return f"recognised with confidence {figure.confidence:.2f}: compare it with the page"
    if check and figure.confidence < SURER:
        return f"recognised with confidence {figure.confidence:.2f}, and {check} fails: compare it with the page"
    return ""


def operands(check: Check) -> Iterator[str]:
    """The figures that an identity takes in, as far as they are printed or not; none for sentences."""
    form = next(iter(all_forms().values()))
    if check.id == "T3.COL":
        yield from (f"t3.{check.scope}.{column.key}" for column in form.t3_columns)
    elif check.id == "T4.SUM":
        yield from (f"t4.{check.scope}.{column.key}" for column in form.t4_columns)
    elif check.id == "T3.BAL":
        rows = ("new_received", "carried_in", "processed_total", "carried_out")
        yield from (f"t3.{row}.{check.scope}" for row in rows)
    elif check.id == "T3.SUM":
        keys = dict.fromkeys(row.key for each in all_forms().values() for row in each.t3_rows if row.group)
        yield from (f"t3.{key}.{check.scope}" for key in keys)
