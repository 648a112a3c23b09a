"""What the panel of the county must show, and which comparisons between its reports fail: worked out from the truth alone.

The series over the forms are those of the crosswalk in reference/forms.json: a value only where every part of it is a number.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ..form import DENIED, T3_COLUMNS
from ..model import Figure, ReportTruth
from .roster import ALL_ORGANS, Organ

Value = int | float | None
# Each series: the paths that are added, in the tables of 2019 and 2021, and in the form of 2014.
SERIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "requests_received": (("t3.new_received.total",), ("req_received",)),
    "requests_carried_in": (("t3.carried_in.total",), ()),
    "granted": (("t3.granted.total",), ("rep_granted",)),
    "partial": (("t3.partial.total",), ("rep_partial",)),
    "denied": (tuple(f"t3.{row}.total" for row in DENIED), ("rep_denied",)),
    "not_held": (("t3.unable_not_held.total",), ("rep_not_this_organ", "rep_not_exist")),
    "processed_total": (("t3.processed_total.total",), ()),
    "requests_carried_out": (("t3.carried_out.total",), ()),
    "review_total": (("t4.review.total",), ("rev_total",)),
    "review_corrected": (("t4.review.corrected",), ("rev_corrected",)),
    "litigation_total": (("t4.litigation_direct.total", "t4.litigation_after_review.total"), ("lit_total",)),
    "normative_in_force": (("t2.normative_documents.in_force",), ()),
}
Failure = tuple[str, str, str]  # report, check, scope


def series(report: ReportTruth) -> dict[str, Value]:
    """A report's row of the panel."""
    found: dict[str, Value] = {}
    for key, (later, early) in SERIES.items():
        paths = [f"t2014.{name}.count" for name in early] if "t2014" in report.forms else list(later)
        found[key] = total(report.figures, paths) if paths else None
    return found


def total(figures: Mapping[str, Figure], paths: list[str]) -> Value:
    """The sum of figures, None where one of them is no number."""
    values = [figures[path].value if path in figures else None for path in paths]
    return None if None in values else round(sum(value for value in values if value is not None), 6)


def failures(reports: tuple[ReportTruth, ...]) -> set[Failure]:
    """The comparisons between years, and between the county and its organs, that do not hold."""
    by_year = {(report.slug, report.year): report for report in reports}
    found = {failure for organ in ALL_ORGANS for failure in _of_years(organ, by_year)}
    sums = defaultdict[int, int](int)
    for report in reports:
        received = total(report.figures, ["t3.new_received.total"])
        if report.scope != "whole_government" and received is not None and report.year >= 2019:
            sums[report.year] += int(received)
    for year, received in sums.items():
        county = total(by_year["zhengfu", year].figures, ["t3.new_received.total"])
        if county is not None and received > county:
            found.add((f"zhengfu/{year}", "G.ROLLUP", "new_received"))
    return found


def _of_years(organ: Organ, by_year: Mapping[tuple[str, int], ReportTruth]) -> Iterator[Failure]:
    for year in range(2020, 2026):
        if (organ.slug, year) not in by_year or (organ.slug, year - 1) not in by_year:
            continue
        before, after = by_year[organ.slug, year - 1].figures, by_year[organ.slug, year].figures
        key = f"{organ.slug}/{year}"
        for column in T3_COLUMNS:
            if _differ(before, [f"t3.carried_out.{column}"], after, [f"t3.carried_in.{column}"]):
                yield key, "X.CARRY", column
        for row in ("regulations", "normative_documents"):
            moved = _stock(before, after, f"t2.{row}")
            if moved is not None and moved[0] != moved[1]:
                yield key, "X.FORCE", row
        for row in ("licensing", "other_admin_services", "penalty", "coercion", "admin_fees"):
            if _differ(before, [f"t2.{row}.prev_items", f"t2.{row}.change"], after, [f"t2.{row}.prev_items"]):
                yield key, "X.ITEMS", row
        pending, reviews = total(before, ["t4.review.pending"]), total(after, ["t4.review.total"])
        if pending and reviews == 0:
            yield key, "X.PEND", "review"


def _differ(one: Mapping[str, Figure], paths: list[str], other: Mapping[str, Figure], others: list[str]) -> bool:
    a, b = total(one, paths), total(other, others)
    return a is not None and b is not None and a != b


def _stock(before: Mapping[str, Figure], after: Mapping[str, Figure], row: str) -> tuple[float, float] | None:
    """What ought to be in force and what is, where both years say it."""
    values = [total(before, [f"{row}.in_force"])]
    values += [total(after, [f"{row}.{column}"]) for column in ("issued", "repealed", "in_force")]
    if None in values:
        return None
    held, issued, repealed, force = (float(value or 0) for value in values)
    return held + issued - repealed, force
