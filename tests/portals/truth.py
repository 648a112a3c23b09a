"""Makes the truth: counties with their reports, the same for the same seed.

Figures come consistent from `amounts.py`, irregularities from `quirks.py`; which identities then break is worked out
by `arithmetic.py` from what is finally printed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from .amounts import Ledger, number
from .arithmetic import check
from .changes import Draft
from .contact import contact_of
from .counties import ALL_COUNTIES, COUNTIES, published_years
from .form import years_form
from .model import Carrier, County, Figure, ReportTruth, Revision, Truth, Unit
from .notices import not_reports
from .quirks import (
    AWAY,
    BACKDATED,
    CARRIERS,
    COPIES,
    FORMS,
    LAYOUTS,
    MOVES,
    QUIRKS,
    RECEIVED,
    REVISED,
    TITLES_WITHOUT_UNIT,
    VANISHES,
)
from .sites import sites
from .titles import title_lines
from .wording import choose

DEFAULT_SEED = 2019
# Twelve pages in HTML, four DOCX, three PDF and one of both for every twenty reports.
CARRIER_TURNS: tuple[Carrier, ...] = tuple(
    {"h": "html", "d": "docx", "p": "pdf", "b": "html+docx"}[letter]  # type: ignore[misc]
    for letter in "hhdhphhdhhphhdhphhdb"
)
# First and last day of publication in the year after the report year, by kind of organ.
CALENDAR = {
    "government": ((3, 2), (3, 20)),
    "office": ((1, 12), (1, 30)),
    "department": ((1, 12), (1, 31)),
    "town": ((1, 14), (2, 12)),
    "street": ((1, 14), (2, 12)),
}


@lru_cache(maxsize=4)
def make_truth(seed: int = DEFAULT_SEED, every: bool = False) -> Truth:
    """The truth for a seed: of the three counties with every kind of trouble, or of a county for every portal."""
    counties = tuple(county for county in ALL_COUNTIES if county.portal in sites()) if every else COUNTIES
    reports = [report for county in counties for report in _county(county, seed)]
    others = tuple(item for county in counties for item in not_reports(county))
    return Truth(seed, counties, tuple(reports), others)


def _county(county: County, seed: int) -> list[ReportTruth]:
    drafts = {key: draft for unit in county.units for key, draft in _drafts(county, unit, seed)}
    reports, serial = [], 1
    for index, unit in enumerate(county.units):
        for year in published_years(county, index):
            key = f"{county.portal}/{unit.slug}/{year}"
            turn = CARRIER_TURNS[serial % len(CARRIER_TURNS)]
            reports.append(_report(county, unit, year, drafts[COPIES.get(key, key)], serial, turn))
            serial += 1
    return sorted(reports, key=lambda report: (report.published, report.serial))


def _drafts(county: County, unit: Unit, seed: int) -> Iterator[tuple[str, Draft]]:
    random = Random(f"{seed}/{county.portal}/{unit.slug}")
    ledger = Ledger(unit, random)
    for year in range(2019, 2026):
        key = f"{county.portal}/{unit.slug}/{year}"
        forms = {"t2": years_form(year), "t3": years_form(year)} | FORMS.get(key, {})
        forms["t4"] = forms["t3"]
        draft = Draft(ledger.year(forms, year), dict(forms))
        _receive(draft, RECEIVED.get(key, 0))
        _tell(draft, random, unit)
        for quirk in QUIRKS:
            if quirk.report == key:
                for change in quirk.changes:
                    change(draft)
        yield key, draft


def _receive(draft: Draft, more: int) -> None:
    for row in ("new_received", "granted", "processed_total"):
        for column in ("natural_person", "total"):
            path = f"t3.{row}.{column}"
            draft.figures[path] = number(draft.value(path) + more)


def _tell(draft: Draft, random: Random, unit: Unit) -> None:
    """What the narrative says: true unless a quirk changes it."""
    most = {"government": 12000, "office": 1500, "department": 900, "town": 500, "street": 300}[unit.unit_type]
    draft.narrative["n_proactive_items"] = random.randrange(most // 5, most)
    received = draft.value("t3.new_received.total")
    draft.narrative["n_requests_received"] = received
    draft.says_none = received == 0 and random.random() < 0.75
    for key, row in (("n_carried_out", "carried_out"), ("n_carried_in", "carried_in")):
        if draft.value(f"t3.{row}.total"):
            draft.narrative[key] = draft.value(f"t3.{row}.total")
            break


def _report(county: County, unit: Unit, year: int, draft: Draft, serial: int, turn: Carrier) -> ReportTruth:
    key = f"{county.portal}/{unit.slug}/{year}"
    style = COPIES.get(key, key)
    published = _published(unit, year, style)
    stated, appears = BACKDATED.get(key, (published, published))
    fails, unsure = check(draft.figures, str(draft.forms["t3"]), draft.narrative, draft.says_none)
    names_unit = key not in TITLES_WITHOUT_UNIT
    return ReportTruth(
        key=key,
        portal=county.portal,
        county=county.name,
        region=county.region,
        slug=unit.slug,
        unit=unit.name,
        unit_type=unit.unit_type,
        scope=unit.scope,
        year=year,
        forms=draft.forms,
        figures=draft.figures,
        missing=tuple(draft.missing),
        narrative={**draft.narrative, "n_stat_period": year, "n_processing_fee": 0},  # as every wording of both says
        says_none=draft.says_none,
        contact=contact_of(county, unit, style) if names_unit else {},
        title_lines=title_lines(unit, year, style, names_unit),
        title_names_unit=names_unit,
        published=stated,
        appears=appears,
        vanishes=AWAY[key][0] if key in AWAY else VANISHES.get(key),
        revisions=_revisions(key, draft.figures),
        carrier=CARRIERS.get(key, turn),
        fails=fails,
        not_assessable=unsure,
        irregularities=tuple(quirk.note for quirk in QUIRKS if quirk.report == key),
        style=style,
        layout=_layout(key, CARRIERS.get(key, turn)),
        serial=serial,
        returns=AWAY[key][1] if key in AWAY else None,
        moves=MOVES[key][0] if key in MOVES else None,
        redirects=MOVES.get(key, (None, False))[1],
    )


def _layout(key: str, carrier: Carrier) -> tuple[str, ...]:
    """Named oddities; besides them every third PDF repeats the header rows of its tables."""
    if key in LAYOUTS or carrier != "pdf":
        return LAYOUTS.get(key, ())
    return choose(key, "pdf.header", (("repeat-header",), (), ()))


def _published(unit: Unit, year: int, style: str) -> date:
    (month, day), (last_month, last_day) = CALENDAR[unit.unit_type]
    first, last = date(year + 1, month, day), date(year + 1, last_month, last_day)
    return first + timedelta(days=Random(style).randrange((last - first).days + 1))


def _revisions(key: str, figures: dict[str, Figure]) -> tuple[Revision, ...]:
    if key not in REVISED:
        return ()
    changed = {}
    for row, by in (("granted", -1), ("partial", 1)):
        for column in ("natural_person", "total"):
            path = f"t3.{row}.{column}"
            changed[path] = number(int(figures[path].value or 0) + by)
    return ((REVISED[key], changed),)
