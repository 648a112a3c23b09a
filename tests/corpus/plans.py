"""Which reports a format gets, and with which oddities and looks: the same for ever; two of three reports have a quirk.

Looks and oddities turn at different speeds, so that over a format nearly every pair meets.
"""

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from tests.portals import ReportTruth, document, make_truth
from tests.portals.quirks import QUIRKS

from . import layouts, oddities
from .busy import busy
from .layouts import OfDocument
from .model import Plan
from .oddities import OfReport

T = TypeVar("T")
OF_REPORT: Mapping[str, OfReport] = {
    "large numbers": oddities.large_numbers,
    "units in cells": oddities.units_in_cells,
    "zeros blank": oddities.zeros_blank,
    "some zeros blank": oddities.some_zeros_blank,
    "dashes for zeros": oddities.dashes_for_zeros,
    "full-width digits": oddities.wide_digits,
    "wrong sums": oddities.wrong_sums,
    "rows lost": oddities.rows_lost,
    "table two of 2019": oddities.other_forms_table_two,
    "half of table two": oddities.half_of_table_two,
}
OF_DOCUMENT: Mapping[str, OfDocument] = {
    "extra rows": layouts.extra_rows,
    "explained labels": layouts.explained_labels,
    "lost spans": layouts.lost_spans,
    "empty corner": layouts.empty_corner,
    "table two in parts": layouts.table_two_in_parts,
    "anchors outside": layouts.anchors_outside,
    "table three split": layouts.table_three_split,
    "table three split with heads": layouts.table_three_split_with_heads,
}
# In a PDF, as in OFD, a lost span is a picture in which figures stand in wrong columns: nobody could read it. Its pages cut tables.
NOT_IN_PDF = {"lost spans", "table three split", "table three split with heads"}
# Columns so narrow that figures wrap in them need figures that do.
WRAPPING = {"narrow columns", "ruled, narrow", "no lines, narrow", "horizontal lines, narrow"}
QUIET = 7  # every seventh document has no oddity beyond those of its report


@cache
def pool() -> tuple[ReportTruth, ...]:
    """Reports in the order in which formats take them: two with a quirk of the portals, then one without."""
    truth = make_truth(every=True)
    quirky = [truth.report(quirk.report) for quirk in QUIRKS]
    plain = sorted((r for r in truth.reports if not r.irregularities), key=lambda r: (r.serial * 7919 % 997, r.portal))
    turns = [report for n, report in enumerate(plain) for report in (*quirky[2 * n : 2 * n + 2], report)]
    return tuple(turns)


def plans(format: str, looks: tuple[str, ...], count: int, skip: int = 0) -> tuple[Plan, ...]:
    """So many plans of a format; `skip` reports are left to others."""
    names = [
        name
        for name in (*OF_REPORT, *OF_DOCUMENT)
        if not (format.startswith(("pdf", "ofd", "scan", "images")) and name in NOT_IN_PDF)
    ]
    made = []
    for number, report in enumerate(pool()[skip : skip + count], skip):
        wanted = [] if number % QUIET == 6 else [names[(number * 11) % len(names)]]
        if number % 3 == 0 and wanted:
            wanted.append(names[(number * 7 + 3) % len(names)])
        look = looks[number % len(looks)]
        made.append(plan(format, report, [*wanted, *(["large numbers"] if look in WRAPPING else [])], look))
    return tuple(made)


def plan(format: str, report: ReportTruth, wanted: list[str], look: str) -> Plan:
    """A plan; only the oddities that found something to change are named in it."""
    found = list(report.irregularities)
    if not found:
        report = _noted(found, "busy office", report, busy(report))
    for name, change in OF_REPORT.items():
        if name in wanted:
            report = _noted(found, name, report, change(report))
    made = document(report)
    if "half of table two" in found:
        made = layouts.with_half_of_table_two(report, made)
    for name, alter in OF_DOCUMENT.items():
        if name in wanted:
            made = _noted(found, name, made, alter(report, made))
    return Plan(report.key.replace("/", "-"), format, report, made, look, (*found, look))


def _noted(found: list[str], name: str, before: T, after: T) -> T:
    if after is not before and after != before:
        found.append(name)
    return after
