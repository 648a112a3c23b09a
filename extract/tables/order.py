"""Rows of table 三 that print no label, told by their order: between two rows that are known, as many as the form has there.

Where the count does not fit, or fits two forms in different ways, nothing tells which they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..forms import Form, all_forms


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows without labels between two known rows: the keys of those (None at the ends of the table), and of each the
    number in the document and the name of the group that it prints, if it prints that."""

    before: str | None
    after: str | None
    rows: tuple[tuple[int, str], ...]


def fill(gaps: Sequence[Gap], known: Sequence[str], headed: bool) -> dict[int, str]:
    """The keys of the rows in the gaps by their number.

    `known`: the keys of the rows with labels. `headed`: the table's header is printed, so that its beginning is known.
    """
    found: dict[int, str] = {}
    for gap in gaps:
        if not gap.rows or (gap.before is None and not headed):
            continue
        fitting = {keys for form in _forms(known) if (keys := _between(form, gap, known)) is not None}
        if len(fitting) == 1:
            found |= {number: key for (number, _), key in zip(gap.rows, fitting.pop(), strict=True)}
    return found


def _forms(known: Sequence[str]) -> list[Form]:
    """The forms that have every row that is known; the name of the group （六） may be printed above its rows."""
    having = [form for form in all_forms().values() if form.t3_rows]
    return [form for form in having if set(known) - {"other_total"} <= {row.key for row in form.t3_rows}]


def _between(form: Form, gap: Gap, known: Sequence[str]) -> tuple[str, ...] | None:
    """The rows of a form in a gap, if they are as many as the document prints there and of the groups it names."""
    rows = form.t3_rows
    places = {row.key: n for n, row in enumerate(rows)}
    ends = (gap.before, gap.after)
    if any(end is not None and end not in places for end in ends):
        return None
    first = places[gap.before] + 1 if gap.before is not None else 0
    last = places[gap.after] if gap.after is not None else len(rows)
    chosen = rows[first:last]
    if len(chosen) != len(gap.rows) or {row.key for row in chosen} & set(known):
        return None
    named = zip(gap.rows, chosen, strict=True)
    if any(group and group != row.group and (group, row.key) != ("other", "other_total") for (_, group), row in named):
        return None
    return tuple(row.key for row in chosen)
