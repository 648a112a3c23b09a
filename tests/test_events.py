"""Events of readings, case by case: what is withdrawn, and above all what is not (domain.md, 6, cases 5, 6, 15, 16, 17)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import LONG, Archive, add_portals
from tests.oddities import Answer, Odd, list_page, report_page
from tests.portals import Portals
from tests.winter import Days, some

FIRST = date(2026, 1, 12)
YEARS, ORGANS = (2023, 2024), "水务局 教育局 民政局 财政局 统计局 审计局 司法局 林业局 商务局 科技局".split()
TITLES = {
    f"/r/{year}{n:02}.html": f"清沙县{organ}{year}年政府信息公开工作年度报告"
    for year in YEARS
    for n, organ in enumerate(ORGANS)
}
HOME = list_page([("/nb/", "政府信息公开年报", None)], title="清沙县人民政府")
SIZE = 10
ONE = next(iter(TITLES))
ID = "990001/水务局/own/2023"


def column(titles: Sequence[str]) -> dict[str, Any]:
    """The list pages of a column, ten entries each, with links to the next."""
    pages: dict[str, Any] = {}
    for number in range(0, max(len(titles), 1), SIZE):
        at, after = number // SIZE + 1, number + SIZE < len(titles)
        pager = f'<a href="/nb/index_{at + 1}.html">下一页</a>' if after else ""
        listed = [(href, TITLES[href], "2025-01-15") for href in titles[number : number + SIZE]]
        pages["/nb/" if at == 1 else f"/nb/index_{at}.html"] = list_page(listed, pager)
    return pages


@dataclass
class County:
    """A portal with twenty reports, an archive of it, and the day."""

    odd: Odd
    days: Days
    day: date = FIRST

    @property
    def pages(self) -> dict[str, Any]:
        return self.odd.pages[self.odd.host]

    def lists(self, *without: str) -> None:
        """List everything but these."""
        for path in ("/nb/", "/nb/index_2.html"):
            self.pages.pop(path, None)
        self.pages.update(column([href for href in TITLES if href not in without]))

    def crawl(self, *words: object, status: int = 0) -> str:
        """A day later, a crawl and a build."""
        self.day += timedelta(days=1)
        said = self.days.run(self.day, "crawl", *words)
        assert said.status == status, said.text
        built = self.days.run(self.day, "build", "--jobs", 1)
        assert built.status == 0, built.text
        return said.text

    def events(self) -> list[tuple[str, str]]:
        """What happened after the first crawl: kind and report (or address)."""
        rows = self.days.archive.rows(
            "select kind, coalesce(report, url) as what from event where kind <> 'backfill' order by at, n"
        )
        return [(row["kind"], row["what"]) for row in rows]

    def state(self) -> str:
        return str(self.days.archive.json("status")[0]["state"])


PAGES = {"/": HOME, **column(list(TITLES))} | {href: report_page(text) for href, text in TITLES.items()}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Odd, Archive]]:
    """The portal, and an archive after its first round."""
    with Odd(PAGES) as odd:
        archive = Archive(tmp_path_factory.mktemp("begun") / "archive")
        archive.run(
            "portals", "add", odd.url, "--allow-private", "--delay", 0, "--region", "990001", "--region-name", "清沙县"
        )
        said = Days(archive).run(FIRST, "update", "--jobs", 1)
        assert said.status == 0 and "20 entries" in said.text, said.text
        yield odd, archive


@pytest.fixture
def county(begun: tuple[Odd, Archive], tmp_path: Path) -> County:
    """A copy of the archive, and the portal as it was."""
    odd, archive = begun
    odd.pages = {odd.host: dict(PAGES)}
    return County(odd, Days(archive.copy(tmp_path / "archive")))


def test_withdrawn_after_two_readings_and_restored_after_one(county: County) -> None:
    county.lists(ONE)
    del county.pages[ONE]
    county.crawl()
    assert county.events() == []
    county.crawl()
    assert county.events() == [("withdrawn", ID)]
    county.crawl()
    assert county.events() == [("withdrawn", ID)]
    (row,) = county.days.archive.json("news", "--kind", "withdrawn")
    assert row["report"] == ID and list(row["detail"]["pages"].values()) == ["gone"]
    assert "its page is gone" in county.days.archive.run("news", "--kind", "withdrawn").stdout
    county.lists()
    county.pages[ONE] = report_page(TITLES[ONE])
    county.crawl()
    assert county.events() == [("withdrawn", ID), ("restored", ID)]
    county.lists(ONE)
    county.crawl()
    county.crawl()
    assert county.events() == [("withdrawn", ID), ("restored", ID), ("withdrawn", ID)]


def test_what_is_missing_is_looked_at_twice_and_no_more(county: County) -> None:
    county.lists(ONE)
    asked = []
    for _ in range(4):
        before = len(county.odd.requests)
        county.crawl()
        asked.append([path for _, _, path in county.odd.requests[before:]].count(ONE))
    assert asked == [1, 1, 0, 0]
    assert county.days.archive.rows("select distinct kind from capture where url like ? order by kind", f"%{ONE}") == [
        {"kind": "detail"},
        {"kind": "missing"},
    ]
    (row,) = county.days.archive.json("news", "--kind", "withdrawn")
    assert list(row["detail"]["pages"].values()) == ["there"]


def test_one_slip_of_a_list_is_nothing(county: County) -> None:
    for _ in range(2):
        county.lists(ONE)
        county.crawl()
        county.lists()
        county.crawl()
    assert county.events() == []


def test_listed_and_gone_twice_is_withdrawn(county: County) -> None:
    """Case 15: 404 at two readings, though the list still names it."""
    del county.pages[ONE]
    county.crawl(status=2)
    assert county.events() == []
    county.crawl(status=2)
    assert county.events() == [("withdrawn", ID)]


@pytest.mark.parametrize(
    "answer",
    (Answer(500), Answer(412, b"<html></html>"), Answer(200, "<html><body>您访问的页面不存在</body></html>".encode())),
    ids=("error", "refused", "soft 404"),
)
def test_listed_and_refused_is_not_withdrawn(answer: Answer, county: County) -> None:
    """Case 16: an error is neither a revision nor a withdrawal."""
    county.pages[ONE] = answer
    for _ in range(3):
        county.crawl(status=2)
    assert county.events() == []


def test_rounds_that_tell_nothing(county: County) -> None:
    """A list page that fails, a portal that refuses, a round for one year: none is a reading; two that are lie between."""
    second = county.pages["/nb/index_2.html"]
    for _ in range(3):
        county.pages["/nb/index_2.html"] = Answer(500)
        county.crawl(status=2)
    for _ in range(3):
        county.pages["/nb/"] = Answer(412, b"<html></html>")
        county.crawl(status=2)
    assert county.state() == "blocked"
    county.lists()
    assert county.pages["/nb/index_2.html"] == second
    for _ in range(3):
        county.crawl("--years", "2024")
    assert county.events() == []
    county.lists(ONE)
    county.crawl()
    county.pages["/nb/"] = Answer(500)
    county.crawl(status=2)
    assert county.events() == []
    county.lists(ONE)
    county.crawl()
    assert county.events() == [("withdrawn", ID)]


def test_a_pager_that_broke_withdraws_nothing(county: County) -> None:
    county.lists(*list(TITLES)[SIZE:])
    for _ in range(4):
        county.crawl(status=2)
        assert county.state() == "shrunk"
    assert county.events() == []
    county.lists()
    county.crawl()
    assert (county.state(), county.events()) == ("ok", [])


def test_reports_that_are_gone_one_by_one_are_withdrawn_though_the_list_shrank(county: County) -> None:
    """What its own address answers is no matter of the list."""
    lost = list(TITLES)[SIZE + 2 :]
    county.lists(*lost)
    for href in lost[:5]:
        del county.pages[href]
    county.crawl(status=2)
    county.crawl(status=2)
    assert [kind for kind, _ in county.events()] == ["withdrawn"] * 5


def test_a_person_accepts_a_shorter_list(county: County) -> None:
    county.lists(*list(TITLES)[SIZE:])
    county.crawl(status=2)
    county.days.archive.run("portals", "confirm", county.odd.host)
    assert county.state() == "ok"
    county.crawl()
    assert [kind for kind, _ in county.events()] == ["withdrawn"] * 10


@pytest.mark.parametrize(
    ("page", "why"),
    (
        (list_page([]), "no entry"),
        (Answer(404), "gone"),
    ),
    ids=("empty", "gone"),
)
def test_a_broken_column_is_told_once(page: Any, why: str, county: County) -> None:
    for number in range(3):
        county.pages["/nb/"] = page
        said = county.crawl(status=2)
        assert said.count("ALARM") == 1 and f"/nb/ had 20 entries and gives none ({why})" in said, said
        assert county.state() == "empty" and county.days.archive.json("status")[0]["since"][:10] == "2026-01-13"
        assert [kind for kind, _ in county.events()] == ["column_broken"], number
    county.lists()
    county.crawl()
    assert [kind for kind, _ in county.events()] == ["column_broken", "column_restored"]
    assert county.state() == "ok"
    told = county.days.archive.run("news", "--kind", "column_broken").stdout
    assert "20" in told
    assert len(county.days.archive.json("news", "--kind", "column_broken", "--region", "99")) == 1
    assert county.days.archive.json("news", "--kind", "column_broken", "--region", "34") == []
    assert county.days.archive.json("news", "--kind", "column_broken", "--year", 2023) == []


def test_a_portal_that_is_down_is_no_broken_column(county: County) -> None:
    county.pages["/nb/"] = Answer(500)
    for _ in range(3):
        county.crawl(status=2)
    assert (county.state(), county.events()) == ("down", [])


@pytest.mark.parametrize("old", ("gone", "leads there", "leads there, still listed", "still there"))
def test_moved(old: str, county: County) -> None:
    """Cases 5 and 6: another address, the same report; neither new nor withdrawn."""
    new = "/r/neu.html"
    TITLES_NOW = {**TITLES, new: TITLES[ONE]}
    county.pages[new] = report_page(TITLES[ONE])
    still = old == "leads there, still listed"
    listed = [href for href in TITLES_NOW if href != (new if still else ONE)]
    for number in range(0, len(listed), SIZE):
        pager = '<a href="/nb/index_2.html">下一页</a>' if number == 0 else ""
        some_of = [(href, TITLES_NOW[href], "2025-01-15") for href in listed[number : number + SIZE]]
        county.pages["/nb/" if number == 0 else "/nb/index_2.html"] = list_page(some_of, pager)
    if old.startswith("leads"):
        county.pages[ONE] = Answer(301, b"", headers={"Location": new})
    elif old == "gone":
        del county.pages[ONE]
    county.crawl()
    assert county.events() == []
    county.crawl()
    county.crawl()
    assert county.events() == [("moved", ID)]
    (row,) = county.days.archive.json("news", "--kind", "moved")
    page = {"gone": "gone", "still there": "there"}.get(old, "elsewhere")
    assert (row["detail"]["from"], row["detail"]["to"], row["detail"]["page"]) == (
        county.odd.url[:-1] + ONE,
        county.odd.url[:-1] + new,
        page,
    )
    assert county.days.archive.rows("select count(*) as n from version where report = ?", ID) == [{"n": 1}]


def test_one_of_two_addresses_that_goes_is_no_event(county: County) -> None:
    """A report that two lists name and one of them drops is neither withdrawn nor moved."""
    other = "/r/zwei.html"
    county.pages[other] = report_page(TITLES[ONE])
    county.pages["/"] = list_page(
        [("/nb/", "政府信息公开年报", None), ("/bm/", "部门年报", None)], title="清沙县人民政府"
    )
    county.pages["/bm/"] = list_page([(other, TITLES[ONE], "2025-01-15")])
    county.days.archive.run("portals", "confirm", county.odd.host, "--column", county.odd.url + "bm/")
    county.crawl()
    county.pages["/bm/"] = list_page([(list(TITLES)[1], list(TITLES.values())[1], "2025-01-15")])
    county.crawl()
    county.crawl()
    assert county.events() == []


def test_another_column_that_cannot_be_read_may_list_it(county: County) -> None:
    """Two columns list one page; one drops it while the other answers with an error: nobody knows."""
    both = list_page([(ONE, TITLES[ONE], "2025-01-15")])
    county.pages["/zz/"] = both
    county.days.archive.run("portals", "confirm", county.odd.host, "--column", county.odd.url + "zz/")
    county.crawl()
    county.lists(ONE)
    county.pages["/zz/"] = Answer(500)
    for _ in range(3):
        county.crawl(status=2)
    assert county.events() == []
    county.pages["/zz/"] = both
    county.crawl()
    assert county.events() == []


def test_the_same_twice_gives_no_event(county: County) -> None:
    county.lists(ONE)
    county.crawl()
    county.crawl()
    before = county.days.archive.rows("select * from event order by n")
    for _ in range(2):
        county.crawl()
        assert county.days.run(county.day, "build").status == 0
    assert county.days.archive.rows("select * from event order by n") == before


ROUNDS = (date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 27))


def rounds(days: Days, kill_after: int = 0) -> list[Any]:
    """What is told of the readings of a winter; with a kill in each, before the round is gone on with."""
    for day in ROUNDS:
        if kill_after:
            assert days.run(day, "crawl", kill_after=kill_after).status == -9
        assert days.run(day, "crawl").status == 0
        assert days.run(day, "build", "--jobs", 1).status == 0
    rows = days.archive.rows("select kind, report, substr(at, 1, 10) as day from event order by kind, report, at")
    assert days.run(ROUNDS[-1], "verify").status == 0
    return [tuple(row.values()) for row in rows]


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The portals, an archive before the readings, and what they tell where nothing is killed."""

    portals: Portals
    start: Archive
    told: list[Any]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with Portals(date(2026, 2, 1), truth=some()) as portals:
        start = Archive(folder / "start")
        add_portals(start, portals)
        assert Days(start, portals).run(date(2026, 2, 1), "update").status == 0
        yield Undisturbed(portals, start, rounds(Days(start.copy(folder / "archive"), portals)))


@pytest.mark.parametrize("answers", (2, pytest.param(9, marks=LONG), pytest.param(17, marks=LONG), 30))
def test_killed_and_gone_on_with(answers: int, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """A kill in the round that withdraws: the events are those of the undisturbed winter, at the same readings."""
    killed = rounds(Days(undisturbed.start.copy(tmp_path / "archive"), undisturbed.portals), answers)
    assert killed == undisturbed.told
    assert {"withdrawn", "restored", "moved"} <= {kind for kind, _, _ in killed}
