"""勾稽关系: the arithmetic that the forms print about themselves, as data: a module per table, a `Rule` per identity.

Four results: pass, fail, not_assessable (an operand is not a number), not_applicable (the form has the identity, the
report gives it nothing to hold). Identities of forms that a report does not print are left out. Nothing is repaired:
what an identity would give for a figure that is not printed is `inferred`, apart from the figures (reference/domain.md, 2).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Generic, Literal, TypeVar

from ..arithmetic import Figures, value
from ..forms import all_forms
from ..model import Check, Inferred, Number, Section

Severity = Literal["error", "warning", "info"]
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Printed:
    """What one report prints: `t3` is the form of its table 三, `publisher` the organ as printed."""

    figures: Figures
    t3: str | None = None
    numbers: Mapping[str, Number] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Rule(Generic[Given]):
    """An identity: `assess` gives a check for each of its scopes (`scope` says what these are)."""

    id: str
    severity: Severity
    forms: tuple[str, ...]
    scope: str
    meaning: str
    assess: Callable[[Given], Iterator[Check]]


@cache
def all_rules() -> dict[str, Rule[Any]]:
    """Every identity by its id; a second one of the same id is refused."""
    rules: dict[str, Rule[Any]] = {}
    for kind in ("RULES", "BETWEEN", "REGIONAL"):
        for rule in _declared(kind):
            if rule.id in rules:
                raise ValueError(f"two identities are called {rule.id}")
            rules[rule.id] = rule
    return rules


@cache
def _declared(kind: str) -> tuple[Rule[Any], ...]:
    """The identities of a kind: RULES hold inside a report, BETWEEN two years, REGIONAL between a county and its units."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(rule for module in modules for rule in getattr(module, kind, ()))


def checks(printed: Printed) -> Iterator[Check]:
    """Every check of one report, for the rows, columns, blocks and sentences that it prints."""
    for rule in _declared("RULES"):
        yield from rule.assess(printed)


def between(given: object) -> Iterator[Check]:
    """Every check between two consecutive years of a unit (`years.Years`)."""
    for rule in _declared("BETWEEN"):
        yield from rule.assess(given)


def regional(given: object) -> Iterator[Check]:
    """Every check between a county's own report and those of its units (`region.Region`)."""
    for rule in _declared("REGIONAL"):
        yield from rule.assess(given)


def inferred(figures: Figures) -> Iterator[Inferred]:
    """What T3.BAL gives for the one row of the four that is not printed at all."""
    rows = ("new_received", "carried_in", "processed_total", "carried_out")
    absent = [row for row in rows if f"t3.{row}.total" not in figures]
    if len(absent) != 1:
        return
    signs = dict(zip(rows, (1, 1, -1, -1), strict=True))
    for column in t3_columns():
        values = {row: value(figures, f"t3.{row}.{column}") for row in rows if row != absent[0]}
        known = {row: number for row, number in values.items() if number is not None}
        if len(known) == 3:
            rest = sum((signs[row] * number for row, number in known.items()), Decimal(0))
            yield Inferred(f"t3.{absent[0]}.{column}", -signs[absent[0]] * rest, "T3.BAL")


@cache
def t3_columns() -> tuple[str, ...]:
    """The keys of table 三's columns, the total last; the same in all forms that have it."""
    return tuple(column.key for column in next(form for form in all_forms().values() if form.t3_columns).t3_columns)
