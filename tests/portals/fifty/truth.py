"""The truth of the county of fifty organs: 882 reports from 2008 to 2025, the same for the same seed.

Report years 2008 to 2013 have sentences only, 2014 to 2018 the statistics form beside them (some towns without it), 2019 and
2020 the form of 2019, later years that of 2021; some print the form of another year.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from zlib import crc32

from ..amounts import Ledger
from ..arithmetic import check
from ..changes import Draft, unprinted
from ..contact import contact_of
from ..form import years_form
from ..model import Carrier, CheckScope, County, ReportTruth, Truth, Unit
from ..titles import title_lines
from ..wording import choose
from . import statistics
from .early import narrative
from .oddities import (
    BROKEN,
    CARRIERS,
    CHANGES,
    FORMS,
    LATE,
    LAYOUTS,
    PUBLISHED_BY_OFFICE,
    TITLES_WITHOUT_UNIT,
    WITHOUT_TABLE,
)
from .roster import ALL_ORGANS, NAME, PORTAL, REGION, Organ, county, published, unit_of

SEED = 2008
LAST_DAY = date(2026, 4, 10)  # every report is published by then
# Seventeen pages in HTML, two DOCX and one of both for every twenty reports; every 45th is a PDF.
TURNS: tuple[Carrier, ...] = tuple(
    {"h": "html", "d": "docx", "b": "html+docx"}[letter]  # type: ignore[misc]
    for letter in "hhhdhhhhhhhhhhbhhhdh"
)
EVERY_PDF = 45
ITEMS = {
    "government": 12000,
    "office": 1500,
    "department": 900,
    "town": 500,
    "street": 300,
    "zone": 200,
    "enterprise": 90,
}
FIRST_STATISTICS, FIRST_TABLES = 2014, 2019


@lru_cache(maxsize=2)
def fifty(seed: int = SEED) -> Truth:
    """The truth for a seed."""
    place = county()
    made = [(organ, year, draft) for organ in ALL_ORGANS for year, draft in _drafts(organ, seed)]
    reports = [_report(place, *each, serial, seed) for serial, each in enumerate(made, 1)]
    return Truth(seed, (place,), tuple(sorted(reports, key=lambda report: (report.published, report.serial))), ())


def _drafts(organ: Organ, seed: int) -> Iterator[tuple[int, Draft]]:
    """Year by year: what is open at the end of one is there at the beginning of the next, printed or not."""
    random = Random(f"{seed}/{organ.slug}")
    ledger = Ledger(unit_of(organ, published(organ)[-1]), random)
    for year in range(2008, 2026):
        key = f"{organ.slug}/{year}"
        draft = (
            _tables(ledger, key, year, random) if year >= FIRST_TABLES else _statistics(organ, key, year, random, seed)
        )
        for change in CHANGES.get(key, ()):
            change(draft)
        if year in published(organ):
            yield year, draft


def _tables(ledger: Ledger, key: str, year: int, random: Random) -> Draft:
    """The three tables of the forms of 2019 and 2021, and what the narrative says of them."""
    forms = {"t2": years_form(year), "t3": years_form(year)} | FORMS.get(key, {})
    forms["t4"] = forms["t3"]
    draft = Draft(ledger.year(forms, year), dict(forms))
    most = ITEMS[ledger.unit.unit_type]
    received = draft.value("t3.new_received.total")
    draft.narrative |= {"n_proactive_items": random.randrange(most // 5, most), "n_requests_received": received}
    draft.says_none = received == 0 and random.random() < 0.75
    for name, row in (("n_carried_out", "carried_out"), ("n_carried_in", "carried_in")):
        if draft.value(f"t3.{row}.total"):
            draft.narrative[name] = draft.value(f"t3.{row}.total")
            break
    return draft


def _statistics(organ: Organ, key: str, year: int, random: Random, seed: int) -> Draft:
    """The years before: numbers that the sentences say, and from 2014 on the table that most print."""
    figures = statistics.numbers(unit_of(organ, year).unit_type if organ.name(year) else "department", random)
    draft = Draft(figures, {"t2": None, "t3": None, "t4": None})
    values = {name: int(figures[statistics.path(name)].value or 0) for name in statistics.UNITS}
    draft.narrative, draft.says_none = narrative(values, f"{seed}/{key}", year)
    if year < FIRST_STATISTICS:
        draft.figures.clear()
        return draft
    if organ.name(year) and year in WITHOUT_TABLE.get(unit_of(organ, year).unit_type, ()):
        unprinted("t2014")(draft)
        return draft
    draft.forms["t2014"] = "y2014"
    layout = LAYOUTS.get(key, ())
    if {"parts", "columns"} & set(layout):
        draft.figures = statistics.in_parts(figures, random, with_sum="columns" in layout)
    elif "units-in-cells" in layout:
        draft.figures = statistics.with_units(figures)
    return draft


def _report(place: County, organ: Organ, year: int, draft: Draft, serial: int, seed: int) -> ReportTruth:
    unit, short = unit_of(organ, year), f"{organ.slug}/{year}"
    style = f"{seed}/{short}"
    names_unit = short not in TITLES_WITHOUT_UNIT
    day = LATE.get(short) or _published(unit, year, style)
    fails, unsure = _check(draft, year)
    turn: Carrier = "pdf" if serial % EVERY_PDF == 0 else TURNS[serial % len(TURNS)]
    return ReportTruth(
        key=f"{PORTAL}/{short}",
        portal=PORTAL,
        county=NAME,
        region=REGION,
        slug=organ.slug,
        unit=unit.name,
        unit_type=unit.unit_type,
        scope=unit.scope,
        year=year,
        forms=draft.forms,
        figures=draft.figures,
        missing=tuple(draft.missing),
        narrative=draft.narrative,
        says_none=draft.says_none,
        contact=contact_of(place, unit, style) if names_unit and year >= FIRST_TABLES else {},
        title_lines=_title(unit, year, style, names_unit),
        title_names_unit=names_unit,
        published=day,
        appears=day,
        vanishes=None,
        revisions=(),
        carrier=CARRIERS.get(short, turn),
        fails=fails,
        not_assessable=unsure,
        irregularities=(),
        style=style,
        layout=LAYOUTS.get(short, ()) + (("office-publishes",) if short in PUBLISHED_BY_OFFICE else ()),
        serial=serial,
    )


def _check(draft: Draft, year: int) -> tuple[tuple[CheckScope, ...], tuple[CheckScope, ...]]:
    """The checks that fail, and those that cannot be assessed; those of the form of 2014 by its total."""
    if year >= FIRST_TABLES:
        return check(draft.figures, str(draft.forms["t3"]), draft.narrative, draft.says_none)
    if "t2014" not in draft.forms:
        return (), ()
    wrong = []
    for check_id, total, parts in statistics.SUMS:
        values = [_value(draft, key) for key in (total, *parts)]
        if None not in values and values[0] != sum(value or 0 for value in values[1:]):
            wrong.append((check_id, total))
    received = _value(draft, "req_received")
    if received is not None and received != draft.narrative["n_requests_received"]:
        wrong.append(("N.NEW", "total"))
    return tuple(wrong), ()


def _value(draft: Draft, key: str) -> float | None:
    """What an indicator of the form of 2014 counts; None where no number is printed."""
    figure = draft.figures.get(statistics.path(key))
    return None if figure is None else figure.value


def _title(unit: Unit, year: int, style: str, names_unit: bool) -> tuple[str, ...]:
    """Titles of the portals, and more: without the county, the year last, the organ below."""
    if not names_unit:
        return title_lines(unit, year, style, names_unit=False)
    bare = unit.name.removeprefix(NAME)
    more: list[tuple[str, ...]] = [
        (f"{unit.name}政府信息公开工作年度报告（{year}年）",),
        (f"{year}年政府信息公开工作年度报告", unit.name),
    ]
    if unit.unit_type not in ("government", "zone", "enterprise"):
        more.append((f"{bare.removeprefix('人民政府')}{year}年政府信息公开工作年度报告",))
    if year < FIRST_TABLES:
        more += [(f"{unit.name}{year}年政府信息公开年度报告",), (f"{unit.name}{year}年度政务信息公开年度报告",)]
    if choose(style, "fifty.title", (True, False, False)):
        return choose(style, "fifty.more", more)
    return title_lines(unit, year, style, names_unit=True)


def _published(unit: Unit, year: int, style: str) -> date:
    """Until 2018 by 31 March; later the county by 31 March, all others by 31 January."""
    if unit.unit_type == "government" or year < FIRST_TABLES:
        first, last = date(year + 1, 3, 1), date(year + 1, 3, 30)
    else:
        first, last = date(year + 1, 1, 8), date(year + 1, 1, 31 if unit.unit_type in ("office", "department") else 28)
    return first + timedelta(days=crc32(style.encode()) % ((last - first).days + 1))


def broken() -> dict[str, set[CheckScope]]:
    """The checks that were broken on purpose, by report."""
    return {f"{PORTAL}/{key}": checks for key, checks in BROKEN.items()}
