"""A county of fifty organs over the report years 2008 to 2025, in all forms, from its home page to the panel.

Every report, unit and year; every cell; every number of a sentence; every broken identity: held against what the county's
generator (`tests/portals/fifty`) knows, which shares nothing with the reader. `make county SEED=7` tries another county:
other numbers, wordings, titles and carriers, the same irregularities.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from extract.shorts import short
from tests.conftest import Tell
from tests.helpers import Archive, add_portals, current_figures, differing, report_id, unequal, visit
from tests.portals import Portals, ReportTruth
from tests.portals.fifty.early import Chronicler
from tests.portals.fifty.oddities import BETWEEN, HINTS, LATE
from tests.portals.fifty.panel import failures, series
from tests.portals.fifty.roster import ALL_ORGANS, LAST_YEAR, PORTAL, county, published
from tests.portals.fifty.site import Fifty
from tests.portals.fifty.truth import LAST_DAY, SEED, broken, fifty

TRUTH = fifty(int(os.environ.get("NIANBAO_COUNTY", SEED)))
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
    "n_reviews",
    "n_litigation",
)
# What stands in a wide view before its figures.
ABOUT = {
    "report",
    "region",
    "unit",
    "chain",
    "unit_name",
    "unit_type",
    "scope",
    "year",
    "form",
    "version",
    "first_seen",
    "stated_date",
}
CHAINS = "select r.id, u.chain from report r join unit u on u.id = r.unit"
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
    """The county as a person takes it in: added, surveyed, crawled and built; then what a person knows besides is said."""
    archive = Archive(tmp_path_factory.mktemp("county") / "archive")
    add_portals(archive, portals)
    for command in ("survey", "crawl", "build"):
        visit(portals, archive, command, day=LAST_DAY)
    archive.run("units", "rename", "东河镇人民政府", "东河街道办事处", "--from", 2017)
    for organ in ALL_ORGANS:
        if organ.until < LAST_YEAR:
            archive.run("units", "end", organ.name(organ.until), "--to", organ.until)
    visit(portals, archive, "build", day=LAST_DAY)
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


def test_what_does_not_hold_between_years_is_what_was_broken() -> None:
    assert {failure for failure in failures(TRUTH.reports) if failure[1] not in HINTS} == BETWEEN


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


def test_every_cell_equals_the_truth(built: Archive, tell: Tell) -> None:
    """Value, state, unit and the cell as printed, both ways."""
    found = current_figures(built)
    cells, states = Counter[str](), Counter[str]()
    wrong = defaultdict[str, list[str]](list)
    for id, report in REPORTS.items():
        have = found.get(id, {})
        for path in sorted(have.keys() | report.figures.keys()):
            cells[era(report.year)] += 1
            want = report.figures.get(path)
            states[f"{want.state}{' 0' if want.value == 0 else ''}" if want else "not printed"] += 1
            if have.get(path) != want:
                wrong[report.key].append(f"{path}: {have.get(path)} is not {want}")
    tell("\n".join(f"{name}: {count} cells" for name, count in sorted(cells.items())))
    tell(", ".join(f"{state}: {count}" for state, count in states.most_common()))
    lines = [f"{key} ({len(some)}): {some[0]}" for key, some in wrong.items()]
    assert not wrong, f"{sum(map(len, wrong.values()))} cells in {len(wrong)} reports\n" + "\n".join(lines[:60])


def test_forms_and_what_is_missing_equal_the_truth(built: Archive) -> None:
    rows = built.rows("select r.id, v.forms, v.missing from report r join version v on v.id = r.current")
    wrong = []
    for row in rows:
        report = REPORTS[row["id"]]
        have = json.loads(row["forms"]), sorted(json.loads(row["missing"]))
        want = dict(report.forms), sorted(report.missing)
        if have != want:
            wrong.append(f"{report.key}: {have} is not {want}")
    assert not wrong, f"{len(wrong)} reports\n" + "\n".join(wrong[:40])


def test_every_number_of_a_sentence_equals_the_truth(built: Archive, tell: Tell) -> None:
    said = defaultdict[str, dict[str, Any]](dict)
    for row in built.rows("select r.id, n.key, n.value from report r join number n on n.version = r.current"):
        said[row["id"]][row["key"]] = row["value"]
    wrong, count = [], 0
    for id, report in REPORTS.items():
        have = {key: value for key, value in said[id].items() if key in NUMBERS}
        want: Mapping[str, Any] = dict(report.narrative)
        count += len(want)
        wrong += [
            f"{report.key} {key}: {have.get(key, 'nothing')} is not {want.get(key, 'nothing')}"
            for key in sorted(have.keys() | want.keys())
            if have.get(key, "nothing") != want.get(key, "nothing")
        ]
    tell(f"{count} numbers of sentences")
    assert not wrong, f"{len(wrong)} numbers\n" + "\n".join(wrong[:60])


def test_the_broken_identities_are_found_and_no_other(built: Archive) -> None:
    rows = built.rows(
        "select r.id, c.id as identity, c.scope as scope from report r join check_result c on c.version = r.current where result = 'fail'"
    )
    found = defaultdict[str, set[tuple[str, str]]](set)
    for row in rows:
        found[REPORTS[row["id"]].key].add((row["identity"], row["scope"]))
    assert dict(found) == broken()


def test_what_does_not_hold_between_reports_is_found_and_nothing_else(built: Archive) -> None:
    """Between the years of an organ, under whatever name, and between the county and its organs."""
    rows = built.rows("select report, id, scope from cross_check where result = 'fail'")
    found = {(REPORTS[row["report"]].key.partition("/")[2], row["id"], row["scope"]) for row in rows}
    assert found == failures(TRUTH.reports)


# --- over the years


def test_an_organ_is_one_under_all_its_names(built: Archive) -> None:
    """By the credit code in 索引号; only of the town that became a street a person had to say it."""
    chains = defaultdict[str, set[str]](set)
    for row in built.rows(CHAINS):
        chains[REPORTS[row["id"]].slug].add(row["chain"])
    assert {slug: found for slug, found in chains.items() if len(found) > 1} == {}
    assert len({chain for found in chains.values() for chain in found}) == len(ALL_ORGANS)


def test_coverage_tells_what_is_late_and_what_is_missing(built: Archive) -> None:
    """Organ by year: published in time or late by the stated date, or missing between its first report and its end."""
    wanted = {}
    for organ in ALL_ORGANS:
        years = published(organ)
        for year in range(years[0], organ.until + 1):
            state = "late_stated" if f"{organ.slug}/{year}" in LATE else "on_time"
            wanted[organ.slug, year] = state if year in years else "missing"
    slugs = {row["chain"]: REPORTS[row["id"]].slug for row in built.rows(CHAINS)}
    found = {(slugs[row["unit"]], row["year"]): row["state"] for row in built.json("coverage")}
    assert unequal(found, wanted) == []


def test_the_panel_equals_the_truth(built: Archive, tell: Tell) -> None:
    """Every series over the forms, a row for every report; a value only where the report prints all its parts as numbers."""
    rows = {row["report"]: row for row in built.rows("select * from panel")}
    assert rows.keys() == REPORTS.keys()
    wrong, cells = [], Counter[str]()
    for id, report in REPORTS.items():
        for key, value in series(report).items():
            cells["a number" if value is not None else "none"] += 1
            have = rows[id][key]
            if have != value and (have is None or value is None or round(have, 6) != value):
                wrong.append(f"{report.key} {key}: {have} is not {value}")
        assert (rows[id]["year"], rows[id]["scope"], rows[id]["unit_type"]) == (
            report.year,
            report.scope,
            report.unit_type,
        )
    tell(", ".join(f"{kind}: {count}" for kind, count in cells.items()))
    assert not wrong, f"{len(wrong)} cells\n" + "\n".join(wrong[:40])


@pytest.mark.parametrize(
    "view",
    [f"wide_{form}_{table}" for form in ("y2019", "y2021") for table in ("t2", "t3", "t4")] + ["wide_y2014_t2014"],
)
def test_the_wide_views_equal_the_truth(view: str, built: Archive) -> None:
    """Every cell of every report that prints the table in this form, with its state beside it."""
    _, form, table = view.split("_")
    values = {row["report"]: row for row in built.rows(f"select * from {view}")}
    states = {row["report"]: row for row in built.rows(f"select * from {view}_state")}
    wanted = {id: report for id, report in REPORTS.items() if report.forms.get(table) == form}
    assert values.keys() == states.keys() == wanted.keys() and wanted
    wrong = []
    for id, report in wanted.items():
        for path, figure in report.figures.items():
            if path.startswith(f"{table}.") and ".x_" not in path:
                have = values[id][short(path)], states[id][short(path)]
                wrong += (
                    [] if have == (figure.value, figure.state) else [f"{report.key} {path}: {have} is not {figure}"]
                )
        printed = {short(path) for path in report.figures if path.startswith(f"{table}.") and ".x_" not in path}
        wrong += [
            f"{report.key} {column}: {states[id][column]}, and nothing is printed"
            for column in states[id].keys() - printed - ABOUT
            if states[id][column] != "not_printed" or values[id][column] is not None
        ]
    assert not wrong, f"{len(wrong)} cells\n" + "\n".join(wrong[:40])


def test_the_sections_of_early_reports_are_kept_as_printed(built: Archive) -> None:
    """The six or seven items of the regulations of 2007, under their own numbers and headings."""
    found = defaultdict[str, list[tuple[int, str]]](list)
    for row in built.rows(
        "select r.id, s.n, s.heading from report r join section s on s.version = r.current order by s.n"
    ):
        found[row["id"]].append((row["n"], row["heading"]))
    early = {id: report for id, report in REPORTS.items() if report.year < 2019}
    wanted = {
        id: list(enumerate((heading for heading, _ in Chronicler(report).sections()), 1))
        for id, report in early.items()
    }
    assert unequal({id: found[id] for id in early}, wanted) == []


def test_all_is_backfill_and_a_second_build_tells_nothing(built: Archive, portals: Portals) -> None:
    events = "select kind, count(*) as n from event group by kind"
    assert built.rows(events) == [{"kind": "backfill", "n": len(REPORTS)}]
    tables = built.dump()
    visit(portals, built, "build", day=LAST_DAY)
    assert differing(built.dump(), tables) == []
