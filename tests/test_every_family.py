"""A simulated portal of every family, from its home page alone: family, columns, every report and figure, none invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest

from tests.conftest import Tell
from tests.helpers import FIRST, LATER, Archive, Visit, add_portals, compare, expected, portal_id, report_id, visit
from tests.portals import Portals, make_truth

TRUTH = make_truth(every=True)
NAMES = tuple(county.portal for county in TRUTH.counties)


@pytest.fixture(scope="module")
def portals() -> Iterator[Portals]:
    with Portals(LATER, truth=TRUTH) as running:
        yield running


@pytest.fixture(scope="module")
def crawled(portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Every portal was surveyed, crawled and built by one `update`."""
    archive = Archive(tmp_path_factory.mktemp("families") / "archive")
    add_portals(archive, portals)
    return visit(portals, archive, "update", day=LATER)


@pytest.fixture(scope="module")
def again(crawled: Visit, portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The same once more: nothing has changed."""
    archive = crawled.archive.copy(tmp_path_factory.mktemp("again") / "archive")
    return visit(portals, archive, "update", day=LATER)


def plain_name(county: str, name: str) -> str:
    """An organ's name without its county, and without what is printed or left out: 人民政府, 办事处."""
    own = name.removeprefix(county).replace("人民政府办公室", "政府办公室")
    return own.removesuffix("人民政府").removesuffix("办事处") or own


@pytest.mark.parametrize("name", NAMES)
def test_survey_finds_family_and_columns(name: str, crawled: Visit, portals: Portals) -> None:
    id, site, county = portal_id(portals, name), portals.sites[name], TRUTH.county(name)
    (family,) = crawled.archive.rows("select family from portal where id = ?", id)
    assert family["family"] == (site.family or name)
    names = {unit.slug: plain_name(county.name, unit.name) for unit in county.units} | {"": ""}
    wanted = {urljoin(portals.urls[name], path): names[slug] for path, slug in site.columns.items()}
    rows = crawled.archive.rows("select url, unit, family, evidence from column_page where portal = ?", id)
    assert {row["url"]: plain_name(county.name, row["unit"]) for row in rows} == wanted
    assert {row["family"] for row in rows} == {site.family or name}
    assert all(row["evidence"] for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_entries_that_are_no_reports_make_none(name: str, crawled: Visit, portals: Portals) -> None:
    others = {urljoin(portals.urls[name], item.path) for item in TRUTH.not_reports if item.portal == name}
    rows = crawled.archive.rows(
        "select url, state from url where portal = ? and kind = 'detail'", portal_id(portals, name)
    )
    found = {row["url"]: row["state"] for row in rows if row["url"] in others}
    assert set(found.values()) <= {"not_report"}
    if name != "hanweb_annual":  # there notices stand in no report column
        assert found.keys() == others


@dataclass(slots=True)
class Score:
    """Reports of a family's portals: in truth, found, found and true."""

    truth: int = 0
    found: int = 0
    right: int = 0


def test_every_report_is_found_and_none_is_invented(crawled: Visit, portals: Portals, tell: Tell) -> None:
    """Recall and precision for each family, printed; a report is right with its county, unit, scope and year."""
    scores: dict[str, Score] = {}
    wrong = []
    for name in NAMES:
        score = scores.setdefault(portals.sites[name].family or name, Score())
        truth = {report_id(report) for report in TRUTH.of_portal(name) if report.visible_on(LATER)}
        rows = crawled.archive.rows("select id from report where region = ?", TRUTH.county(name).region)
        found = {row["id"] for row in rows}
        score.truth += len(truth)
        score.found += len(found)
        score.right += len(truth & found)
        wrong += [f"{name}: {id} is missing" for id in sorted(truth - found)]
        wrong += [f"{name}: {id} is invented" for id in sorted(found - truth)]
    lines = [f"{'family':14}{'in truth':>9}{'found':>7}{'recall':>8}{'precision':>11}"]
    for family, score in scores.items():
        recall, precision = score.right / score.truth, score.right / max(score.found, 1)
        lines.append(f"{family:14}{score.truth:>9}{score.found:>7}{recall:>8.1%}{precision:>11.1%}")
    tell("\n".join(lines))
    assert not wrong, "\n".join(wrong)
    assert {score.truth for score in scores.values()} & {0} == set()


def test_every_figure_equals_the_truth(crawled: Visit, tell: Tell) -> None:
    comparison = compare(crawled.archive, expected(TRUTH, LATER))
    tell(comparison.table())
    assert comparison.all() == []


def test_again_nothing_is_new(crawled: Visit, again: Visit) -> None:
    count = "select (select count(*) from report) as reports, (select count(*) from version) as versions, (select count(*) from event) as events"
    assert again.archive.rows(count) == crawled.archive.rows(count)
    columns = "select portal, url, unit, family, state from column_page order by portal, url"
    assert again.archive.rows(columns) == crawled.archive.rows(columns)


def test_files_are_named_by_their_headers(crawled: Visit) -> None:
    """Behind one download address: names from Content-Disposition, RFC 5987 and raw GBK, and from showname."""
    names = []
    for address in ("%download.jsp%", "%downfile.jsp%"):
        rows = crawled.archive.rows(
            "select r.id from report r join version v on v.id = r.current join sighting s on s.version = v.id "
            "where s.url like ? and s.role = 'best' and v.document = s.document",
            address,
        )
        assert rows
        names += [crawled.archive.json("show", row["id"], "--cite")[0]["file_name"] for row in rows[:6]]
    assert all(name.endswith((".docx", ".pdf")) and "\ufffd" not in name for name in names), names
    assert any("年" in name for name in names)


def test_what_appears_later_is_new(portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Also where a page was there before: a year without data, a column that shows its newest report."""
    archive = Archive(tmp_path_factory.mktemp("later") / "archive")
    names = ("hanweb_annual", "vsb", "gkmlpt")
    add_portals(archive, portals, *names)
    visit(portals, archive, "update", day=FIRST)
    visit(portals, archive, "update", day=LATER)
    kinds = {
        row["report"]: row["kind"]
        for row in archive.rows("select report, kind from event where kind in ('new', 'backfill')")
    }
    reports = [report for name in names for report in TRUTH.of_portal(name) if report.visible_on(LATER)]
    assert kinds == {report_id(report): "backfill" if report.visible_on(FIRST) else "new" for report in reports}
    assert set(kinds.values()) == {"backfill", "new"}
