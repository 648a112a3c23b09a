"""Sums and comparisons of figures for the identities: an operand that is no number leaves a check unassessed, never failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from .model import Check, Figure, Result

Figures = Mapping[str, Figure]
_ZERO = Decimal(0)


def value(figures: Figures, path: str) -> Decimal | None:
    """The number at a path; None where it is blank, a dash, not legible or not printed."""
    figure = figures.get(path)
    return figure.value if figure else None


def total(figures: Figures, paths: Iterable[str]) -> Decimal | None:
    """The sum of the numbers at the paths; None where one of them is none."""
    found = _ZERO
    for path in paths:
        figure = figures.get(path)
        if figure is None or figure.value is None:
            return None
        found += figure.value
    return found


def add(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None where one of the values is not known."""
    found = _ZERO
    for one in values:
        if one is None:
            return None
        found += one
    return found


def equal(id: str, scope: str, expected: Decimal | None, found: Decimal | None) -> Check:
    """Whether two numbers are the same."""
    said, printed = written(expected), written(found)
    if expected is None or found is None:
        return Check(id, scope, Result.NOT_ASSESSABLE, said, printed)
    return Check(id, scope, Result.PASS if expected == found else Result.FAIL, said, printed)


def one_of(id: str, scope: str, expected: Sequence[Decimal | None], found: Decimal | None) -> Check:
    """Whether a number is one of those that are right.

    Where one of these is not known, only a fit can be told.
    """
    known = sorted({one for one in expected if one is not None})
    said = " or ".join(f"{one:f}" for one in known) or None
    if found is not None and found in known:
        return Check(id, scope, Result.PASS, said, written(found))
    unsure = found is None or len(known) < len(set(expected))
    return Check(id, scope, Result.NOT_ASSESSABLE if unsure else Result.FAIL, said, written(found))


def at_least(id: str, scope: str, least: Decimal | None, found: Decimal | None) -> Check:
    """Whether a number is not below another."""
    holds = None if least is None or found is None else found >= least
    return _judged(id, scope, holds, None if least is None else f">= {least:f}", found)


def at_most(id: str, scope: str, most: Decimal | None, found: Decimal | None) -> Check:
    """Whether a number is not above another."""
    holds = None if most is None or found is None else found <= most
    return _judged(id, scope, holds, None if most is None else f"<= {most:f}", found)


def written(number: Decimal | None) -> str | None:
    """A number as checks print it: digits without an exponent."""
    return None if number is None else f"{number:f}"


def _judged(id: str, scope: str, holds: bool | None, expected: str | None, found: Decimal | None) -> Check:
    result = Result.NOT_ASSESSABLE if holds is None else Result.PASS if holds else Result.FAIL
    return Check(id, scope, result, expected, written(found))
