"""A county of fifty organs over the report years 2008 to 2025, in all forms, from its home page to the panel.

Every report, unit and year; every cell; every number of a sentence; every broken identity: held against what the county's
generator (`tests/portals/fifty`) knows, which shares nothing with the reader.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.conftest import Tell
from tests.helpers import Archive, add_portals, report_id, visit
from tests.portals import Portals, ReportTruth
from tests.portals.fifty.oddities import NOT_CARRIED
from tests.portals.fifty.roster import ALL_ORGANS, PORTAL, county
from tests.portals.fifty.site import Fifty
from tests.portals.fifty.truth import LAST_DAY, broken, fifty

TRUTH = fifty()
# The numbers of sentences that the truth knows; others are those of tests/test_narrative.py.
NUMBERS = (
    "n_proactive_items",
    "n_requests_received",
    "n_carried_in",
    "n_carried_out",
    "n_requests_online",
    "n_requests_letter",
    "n_requests_in_person",
    "n_policy_interpretations",
)
ERAS = ((2008, 2013), (2014, 2018), (2019, 2020), (2021, 2025))


def unit_id(report: ReportTruth) -> str:
    """The report's id, its unit in the spelling of the archive."""
    return report_id(report).replace("管理委员会", "管委会")


REPORTS = {unit_id(report): report for report in TRUTH.reports}


@pytest.fixture(scope="module")
def portals() -> Iterator[Portals]:
    with Portals(LAST_DAY, truth=TRUTH, kinds={PORTAL: Fifty}) as running:
        yield running


@pytest.fixture(scope="module")
def built(portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The county as a person takes it in: added, surveyed, crawled and built; two renamed organs are said to be one."""
    archive = Archive(tmp_path_factory.mktemp("county") / "archive")
    add_portals(archive, portals)
    for command in ("survey", "crawl", "build"):
        visit(portals, archive, command, day=LAST_DAY)
    return archive


def era(year: int) -> str:
    first, last = next(era for era in ERAS if era[0] <= year <= era[1])
    return f"{first}–{last}"


# --- the county itself


def test_the_county_has_fifty_organs_and_about_900_reports_in_all_forms() -> None:
    assert len(county().units) == 50
    assert 850 <= len(REPORTS) == len(TRUTH.reports) <= 950
    forms = Counter(tuple(sorted((k, v) for k, v in report.forms.items() if v)) for report in TRUTH.reports)
    assert forms[()] > 250 and forms[(("t2014", "y2014"),)] > 150
    assert forms[(("t2", "y2019"), ("t3", "y2019"), ("t4", "y2019"))] > 80
    assert forms[(("t2", "y2021"), ("t3", "y2021"), ("t4", "y2021"))] > 200
    assert forms[(("t2", "y2021"), ("t3", "y2019"), ("t4", "y2019"))] == 2
    assert {report.year for report in TRUTH.reports} == set(range(2008, 2026))
    assert sum(organ.is_renamed for organ in ALL_ORGANS) > 12


def test_what_breaks_in_the_county_is_what_was_broken() -> None:
    assert {report.key: set(report.fails) for report in TRUTH.reports if report.fails} == broken()


def test_what_is_carried_over_arrives_but_where_it_was_broken() -> None:
    lost = set()
    for organ in ALL_ORGANS:
        before = None
        for report in sorted((r for r in TRUTH.reports if r.slug == organ.slug), key=lambda report: report.year):
            carried = report.figures.get("t3.carried_in.total")
            if before and carried and report.year == before[0] + 1 and carried.value not in (None, before[1]):
                lost.add(f"{organ.slug}/{report.year}")
            out = report.figures.get("t3.carried_out.total")
            before = (report.year, out.value) if out and out.value is not None else None
    assert lost == set(NOT_CARRIED)


# --- what the archive says


def test_every_report_unit_and_year_is_right_and_none_is_invented(built: Archive, tell: Tell) -> None:
    found = {row["id"]: row for row in built.rows("select r.*, u.type from report r join unit u on u.id = r.unit")}
    counts = Counter(era(report.year) for report in REPORTS.values())
    right = Counter(era(report.year) for id, report in REPORTS.items() if id in found)
    tell("\n".join(f"{name}: {right[name]} of {count} reports" for name, count in counts.items()))
    assert sorted(REPORTS.keys() - found.keys()) == [] and sorted(found.keys() - REPORTS.keys()) == []
    for id, report in REPORTS.items():
        have = found[id]["year"], found[id]["scope"], found[id]["type"]
        assert have == (report.year, report.scope, report.unit_type), id
    assert built.rows("select subject, kind, reason from failure where kind in ('needs_review', 'no_report')") == []
