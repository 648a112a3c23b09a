"""What is irregular in the figures of a report: a function that changes them, and the truth with them.

One that finds nothing to change gives back the report that it was given. How tables are laid out: `layouts.py`.
"""

from collections.abc import Callable
from dataclasses import replace

from tests.portals import Figure, ReportTruth, make_truth
from tests.portals.amounts import number
from tests.portals.form import DENIED, UNPROCESSED
from tests.portals.wording import choose

OfReport = Callable[[ReportTruth], ReportTruth]
SCALE = 137  # makes figures of three to five digits, which wrap in narrow columns; every sum still holds
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _changed(report: ReportTruth, change: Callable[[str, Figure], Figure]) -> ReportTruth:
    figures = {path: change(path, figure) for path, figure in report.figures.items()}
    return report if figures == report.figures else replace(report, figures=figures)


def _plain(figure: Figure) -> bool:
    return figure.state == "number" and figure.written == str(figure.value)


def large_numbers(report: ReportTruth) -> ReportTruth:
    """Tables three and four with large numbers."""

    def change(path: str, figure: Figure) -> Figure:
        return number(int(figure.value or 0) * SCALE) if not path.startswith("t2") and _plain(figure) else figure

    return _changed(report, change)


def units_in_cells(report: ReportTruth) -> ReportTruth:
    """Table two with the unit behind every count, sometimes after a space."""

    def change(path: str, figure: Figure) -> Figure:
        if not path.startswith("t2") or not _plain(figure) or not figure.unit:
            return figure
        space = choose(report.style, path, ("", "", " "))
        return replace(figure, written=f"{figure.written}{space}{figure.unit}")

    return _changed(report, change)


def zeros_blank(report: ReportTruth) -> ReportTruth:
    """Table three in which every zero was left blank."""
    return _changed(report, lambda path, figure: _unwritten(figure) if path.startswith("t3") else figure)


def some_zeros_blank(report: ReportTruth) -> ReportTruth:
    """Zeros left blank here and there, in all tables."""

    def change(path: str, figure: Figure) -> Figure:
        return _unwritten(figure) if choose(report.style, f"blank {path}", (True, False, False, False)) else figure

    return _changed(report, change)


def _unwritten(figure: Figure) -> Figure:
    return replace(figure, value=None, state="blank", written="") if figure.value == 0 else figure


def dashes_for_zeros(report: ReportTruth) -> ReportTruth:
    """A stroke or a dash for the zeros of several rows."""
    mark = choose(report.style, "mark", ("/", "-", "—", "－", "——"))

    def change(path: str, figure: Figure) -> Figure:
        row = path.split(".")[1]
        within = row in DENIED + UNPROCESSED or row == "litigation_after_review"
        return replace(figure, value=None, state="dash", written=mark) if within and figure.value == 0 else figure

    return _changed(report, change)


def wide_digits(report: ReportTruth) -> ReportTruth:
    """Full-width digits in tables two and four."""

    def change(path: str, figure: Figure) -> Figure:
        return figure if path.startswith("t3") else replace(figure, written=figure.written.translate(FULL_WIDTH))

    return _changed(report, change)


def wrong_sums(report: ReportTruth) -> ReportTruth:
    """Totals that are not the sums of their rows, and a balance that does not hold."""
    off = {"t3.granted.total": 1, "t3.processed_total.natural_person": 2, "t4.review.total": 3}

    def change(path: str, figure: Figure) -> Figure:
        return number(int(figure.value or 0) + off[path]) if path in off and _plain(figure) else figure

    return _changed(report, change)


def rows_lost(report: ReportTruth) -> ReportTruth:
    """Rows that the document does not print, as an extraction or an office lost them."""
    rows = choose(report.style, "lost", (("new_received", "carried_in"), ("denied_admin_inquiry",), ("carried_out",)))
    gone = {f"t3.{row}" for row in rows if f"t3.{row}.total" in report.figures}
    left = {path: figure for path, figure in report.figures.items() if path.rpartition(".")[0] not in gone}
    return replace(report, figures=left, missing=(*report.missing, *sorted(gone))) if gone else report


def other_forms_table_two(report: ReportTruth) -> ReportTruth:
    """Table two of the form of 2019, the rest of that of 2021."""
    if report.forms["t2"] != "y2021":
        return report
    rest = {path: figure for path, figure in report.figures.items() if not path.startswith("t2")}
    return replace(report, figures=_donor(report) | rest, forms={**report.forms, "t2": "y2019"})


def half_of_table_two(report: ReportTruth) -> ReportTruth:
    """The item （一） of table two with the columns of 2019, its other items with those of 2021."""
    if report.forms["t2"] != "y2021" or "t2.regulations.issued" not in report.figures:
        return report
    first = ("t2.regulations.", "t2.normative_documents.")
    rest = {path: figure for path, figure in report.figures.items() if not path.startswith(first)}
    return replace(report, figures={p: f for p, f in _donor(report).items() if p.startswith(first)} | rest)


def _donor(report: ReportTruth) -> dict[str, Figure]:
    """Table two of a report that has the form of 2019 and nothing irregular."""
    donors = [one for one in make_truth().reports if one.forms["t2"] == "y2019" and not one.irregularities]
    chosen = choose(report.style, "donor", donors)
    return {path: figure for path, figure in chosen.figures.items() if path.startswith("t2")}
