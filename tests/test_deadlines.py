"""Until when reports are due, and what may be said of one that is not there: missing only where somebody looked (domain.md, 3)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import clock, coverage, deadlines, expected
from archive.deadlines import Rule
from tests.filing import PORTAL, REGION, Filing, page_of
from tests.helpers import Archive

WHAT = "政府信息公开工作年度报告"
BASELINE = "2026-01-10T06:00:00.000000Z"  # the first crawl was on that day
WATER = f"{REGION}/水务局"


@pytest.fixture
def rules(tmp_path: Path) -> list[Rule]:
    return deadlines.rules(Filing(tmp_path / "rules").db)


@pytest.mark.parametrize(
    ("kind", "year", "due", "expected_by", "basis"),
    (
        ("department", 2024, "2025-01-31", "2025-01-31", "statute"),
        ("office", 2019, "2020-01-31", "2020-01-31", "statute"),
        ("government", 2024, "2025-03-31", "2025-03-31", "statute"),
        ("town", 2024, None, "2025-01-31", "convention"),
        ("street", 2019, None, "2020-01-31", "convention"),
        ("zone", 2023, None, "2024-01-31", "convention"),
        ("enterprise", 2023, None, "2024-01-31", "convention"),
        ("department", 2018, "2019-03-31", "2019-03-31", "statute"),
        ("town", 2008, "2009-03-31", "2009-03-31", "statute"),
        ("enterprise", 2010, None, "2011-03-31", "convention"),
    ),
)
def test_the_law(kind: str, year: int, due: str | None, expected_by: str, basis: str, rules: list[Rule]) -> None:
    found = deadlines.last_days(rules, REGION, kind, year)
    assert found is not None
    assert (found.due and str(found.due), str(found.expected_by), found.basis) == (due, expected_by, basis)
    assert deadlines.last_days(rules, REGION, kind, 2007) is None


def test_the_nearest_rule_of_a_basis_holds(rules: list[Rule]) -> None:
    local = [
        Rule("99", "department", 2020, None, "02-29", "local"),
        Rule("990001", "department", 2022, 2023, "03-10", "local"),
    ]
    local += [
        Rule("34", "department", 2008, None, "01-01", "local"),
        Rule("990001", "town", 2020, None, "03-31", "statute"),
    ]

    def days(kind: str, year: int) -> tuple[str, str, str]:
        found = deadlines.last_days([*rules, *local], REGION, kind, year)
        assert found
        return str(found.due), str(found.expected_by), found.basis

    assert days("department", 2019) == ("2020-01-31", "2020-01-31", "statute")
    assert days("department", 2020) == ("2021-01-31", "2021-02-28", "local")
    assert days("department", 2023) == ("2024-01-31", "2024-03-10", "local")
    assert (
        days("department", 2024)[1] == "2025-02-28"
        and deadlines.Rule("", "town", 2008, None, "02-29", "local").day(2023).day == 29
    )
    assert days("town", 2024) == ("2025-03-31", "2025-03-31", "statute")


class Watched(Filing):
    """A county whose first crawl was on 10 January 2026: the water bureau published 2023 and 2024, and a town."""

    def portal(self, *args: Any, **said: Any) -> None:
        super().portal(*args, **{"baseline": BASELINE, **said})

    def report(
        self, name: str, year: int, day: str = "2026-01-10", stated: str = "", path: str = "", column: str = "nb/"
    ) -> None:
        title = f"清沙县{name}{year}年{WHAT}"
        head = {"发布日期": stated} if stated else {}
        self.show(path or f"/{name}{year}.html", page_of(title, head=head), title, day, column=column)

    def state(self, year: int = 2025, unit: str = WATER) -> str:
        rows = coverage.coverage(self.db, unit=unit, year=year)
        assert len(rows) <= 1, rows
        return str(rows[0]["state"]) if rows else ""

    def overdue(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.db.query("select * from event where kind = 'overdue' order by id")]


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path / "archive")
    for year in (2023, 2024):
        made.report("水务局", year, stated=f"{year + 1}-01-20")
        made.report("石桥镇人民政府", year, stated=f"{year + 1}-01-20")
    made.read("2026-01-10")
    yield made


def test_missing_is_told_once_by_the_reading_that_proved_it(county: Watched) -> None:
    """Case 14: the last day has passed, the column was read whole after it, and the report was not there."""
    county.read("2026-01-30")
    county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])
    county.read("2026-02-05")
    county.build()
    assert county.state() == "missing"
    (event,) = county.overdue()
    assert (event["id"], event["at"][:10], event["portal"], event["report"]) == (
        f"overdue {WATER} 2025",
        "2026-02-05",
        PORTAL,
        None,
    )
    county.read("2026-02-12")
    county.build()
    assert county.overdue() == [event]
    (row,) = county.archive.json("overdue")
    assert (row["unit"], row["year"], row["due"], row["basis"], row["source"]) == (
        WATER,
        2025,
        "2026-01-31",
        "statute",
        "published",
    )
    assert (row["proved_at"][:10], row["absent_at"][:10], row["column_url"]) == (
        "2026-02-05",
        "2026-02-12",
        f"http://{PORTAL}/nb/",
    )
    assert row["days"] == (clock.today() - clock.date(2026, 1, 31)).days
    assert "水务局" in county.archive.run("overdue").stdout


def test_the_event_stays_when_the_report_comes(county: Watched) -> None:
    county.read("2026-02-05")
    county.build()
    county.report("水务局", 2025, "2026-02-20")
    county.read("2026-02-20")
    county.build()
    assert county.state() == "late_seen"
    assert [event["at"][:10] for event in county.overdue()] == ["2026-02-05"]
    assert county.archive.json("overdue") == []
    assert [
        row["kind"] for row in county.db.query("select kind from event where report = ?", [f"{WATER}/own/2025"])
    ] == ["new"]


def test_news_shows_what_is_overdue(county: Watched) -> None:
    county.read("2026-02-05")
    archive = county.build()
    (row,) = archive.json("news", "--kind", "overdue")
    assert (row["unit"], row["year"], row["report"]) == ("水务局", 2025, None)
    said = archive.run("news", "--kind", "overdue").stdout
    assert WATER in said and "2025" in said and "2026-01-31" in said
    for words, count in (
        (("--year", 2025), 1),
        (("--year", 2024), 0),
        (("--unit", "水务"), 1),
        (("--unit", "教育"), 0),
        (("--region", "99"), 1),
        (("--region", "34"), 0),
    ):
        assert len(archive.json("news", "--kind", "overdue", *words)) == count, words


@pytest.mark.parametrize("why", ("partial", "blocked:521", "unreachable", "shrunk", "years", "no entry", "cut"))
def test_a_reading_that_was_not_whole_says_nothing(why: str, county: Watched) -> None:
    """A failed crawl is never a missing report."""
    county.read("2026-02-05", why=why)
    county.read("2026-03-05", why=why)
    archive = county.build()
    assert (county.state(), county.overdue(), archive.json("overdue", "--all")) == ("due_unseen", [], [])
    (row,) = [row for row in archive.json("coverage", "--year", 2025) if row["unit"] == WATER]
    assert row["why"] == f"http://{PORTAL}/nb/: {why}" and row["proved_at"] is None


def test_the_last_day_itself_is_not_after_it(county: Watched) -> None:
    """The 31st of January in China ends at 16:00 UTC."""
    county.read("2026-01-31")
    county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])
    county.db.execute("update reading set at = '2026-01-31T16:30:00.000000Z' where at like '2026-01-31%'")
    expected.settle(county.db)
    assert county.state() == "missing"


def test_not_due_before_the_day(county: Watched) -> None:
    county.read("2026-01-20")
    county.build()
    clock.pretend("2026-01-31T12:00:00Z")
    try:
        assert county.state() == "not_due"
        clock.pretend("2026-01-31T16:00:00Z")
        assert county.state() == "due_unseen"
    finally:
        clock.pretend(None)


def test_the_units_own_column_is_the_one_that_counts(county: Watched) -> None:
    county.column("slj/nb/", "清沙县水务局", baseline=BASELINE)
    county.read("2026-01-10", column="slj/nb/")
    county.read("2026-02-05")
    county.read("2026-02-05", column="slj/nb/", why="partial")
    county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])
    county.read("2026-02-12", why="partial")
    county.read("2026-02-12", column="slj/nb/")
    county.build()
    assert county.state() == "missing" and county.overdue()[0]["url"] == f"http://{PORTAL}/slj/nb/"


def test_of_two_columns_that_are_nobodys_own_both_count(county: Watched) -> None:
    county.column("bm/", baseline=BASELINE)
    county.read("2026-02-05")
    county.read("2026-02-05", column="bm/", why="unreachable")
    county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])


def test_an_entry_that_could_not_be_read_may_be_the_report(county: Watched) -> None:
    county.entry("/x.html", f"清沙县水务局2025年{WHAT}", "2026-01-25")
    county.read("2026-02-05")
    archive = county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])
    (row,) = archive.json("coverage", "--unit", "水务局", "--year", 2025)
    assert row["why"].startswith("an entry that is not filed may be it: 清沙县水务局2025年")


def test_an_entry_of_another_unit_or_year_is_no_doubt(county: Watched) -> None:
    county.entry("/x.html", f"清沙县石桥镇2025年{WHAT}", "2026-01-25")
    county.entry("/y.html", f"清沙县水务局2022年{WHAT}", "2026-01-25")
    county.entry("/z.html", "关于做好2025年工作的通知", "2026-01-25")
    county.read("2026-02-05")
    county.build()
    assert county.state() == "missing"


def test_a_document_that_waits_for_a_decision_may_be_the_report(county: Watched) -> None:
    bare = f"2025年{WHAT}"
    county.show("/x.html", page_of(bare, "我局主动公开。"), bare, "2026-01-25")
    county.read("2026-02-05")
    archive = county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])
    (item,) = archive.json("review", "list")
    archive.run("review", "settle", item["id"], "--not-a-report")
    archive.run("build", "--jobs", 1)
    assert county.state() == "missing"
    archive.run("review", "settle", f"{WATER}/own/2024", "--year", 2024)  # changes nothing: it is that already
    archive.run("build", "--jobs", 1)
    assert len(county.overdue()) == 1


def test_gaps_before_the_first_crawl_are_missing_and_no_event(county: Watched) -> None:
    """Nobody watched then: what was not there in 2026 may have been there in 2020."""
    county.report("水务局", 2020, stated="2021-01-20")
    county.build()
    assert [county.state(year) for year in (2019, 2020, 2021, 2022, 2023)] == [
        "",
        "on_time",
        "missing",
        "missing",
        "on_time",
    ]
    assert county.overdue() == []
    assert {row["year"] for row in county.archive.json("overdue")} == {2021, 2022}


@pytest.mark.parametrize(
    ("day", "stated", "state"),
    (
        ("2026-01-25", "", "on_time"),
        ("2026-01-25", "2026-02-25", "on_time"),
        ("2026-02-20", "2026-02-18", "late_stated"),
        ("2026-02-20", "2026-01-28", "backdated_suspect"),
        ("2026-02-20", "", "late_seen"),
    ),
)
def test_when_it_was_seen_and_what_it_states(day: str, stated: str, state: str, county: Watched) -> None:
    """Seen on the day or before is on time, whatever it states; after a reading without it, its date must fit."""
    county.read("2026-01-20")
    if day > "2026-02-10":
        county.read("2026-02-10")
    county.report("水务局", 2025, day, stated)
    county.read(day)
    county.build()
    assert county.state() == state


@pytest.mark.parametrize(
    ("stated", "state"), (("2026-01-28", "on_time"), ("2026-02-02", "late_stated"), ("", "archived"))
)
def test_where_nobody_looked_between_only_its_date_tells(stated: str, state: str, county: Watched) -> None:
    county.report("水务局", 2025, "2026-02-20", stated)
    county.read("2026-02-20")
    county.build()
    assert county.state() == state


@pytest.mark.parametrize(
    ("stated", "state"), (("2025-01-20", "on_time"), ("2025-03-01", "late_stated"), ("", "archived"))
)
def test_the_first_crawl_sees_nothing_late(stated: str, state: str, tmp_path: Path) -> None:
    county = Watched(tmp_path / "archive")
    county.report("水务局", 2024, stated=stated)
    county.read("2026-01-10")
    county.build()
    assert county.state(2024) == state


def test_withdrawn_is_a_state_of_its_own(county: Watched) -> None:
    archive = county.build()
    county.db.execute(
        "insert into event (id, kind, report, at) values ('w', 'withdrawn', ?, '2026-01-20T00:00:00.000000Z')",
        [f"{WATER}/own/2024"],
    )
    assert county.state(2024) == "withdrawn"
    assert "withdrawn (1)" in archive.run("coverage").stdout


def test_towns_are_expected_by_convention_and_never_overdue_by_law(county: Watched) -> None:
    county.read("2026-02-05")
    archive = county.build()
    town = f"{REGION}/石桥镇人民政府"
    assert county.state(unit=town) == "missing"
    assert town not in {row["unit"] for row in archive.json("overdue")}
    assert {row["unit"]: row["basis"] for row in archive.json("overdue", "--all")} == {
        WATER: "statute",
        town: "convention",
    }
    assert [event["id"] for event in county.overdue()] == [f"overdue {WATER} 2025"]


def test_a_local_rule_is_what_is_expected_and_the_law_stays(county: Watched) -> None:
    """A notice that is stricter than the law makes nothing overdue; one that is milder neither takes the law away."""
    county.read("2026-01-20")
    archive = county.build()
    said = archive.run("units", "deadline", PORTAL, "department", "01-15", "--from", 2020, "--source", "县府办通知")
    assert "990001 department: until 01-15" in said.stdout
    assert archive.json("overdue") == []
    (row,) = archive.json("overdue", "--all")
    assert (row["unit"], row["due"], row["basis"]) == (WATER, "2026-01-15", "local")
    county.read("2026-02-05")
    county.build()
    assert [(row["due"], row["basis"]) for row in archive.json("overdue")] == [("2026-01-31", "statute")]
    rules = archive.json("units", "deadlines", "--region", REGION)
    assert {"region": REGION, "unit_type": "department", "source": "县府办通知"}.items() <= rules[-1].items()
    archive.run("units", "deadline", REGION, "department", "--from", 2020, "--remove")
    assert len(archive.json("units", "deadlines")) == len(rules) - 1
    assert (
        "nobody entered such a rule"
        in archive.run("units", "deadline", REGION, "department", "--remove", status=1).stderr
    )
    assert "is no day" in archive.run("units", "deadline", REGION, "department", "02-31", status=1).stderr
    assert "is none of" in archive.run("units", "deadline", REGION, "ministry", "02-01", status=1).stderr
    assert "nor a portal" in archive.run("units", "deadline", "zzz", "department", "02-01", status=1).stderr
    assert "nor a portal" in archive.run("units", "deadlines", "--region", "zzz", status=1).stderr
    assert "until which day" in archive.run("units", "deadline", REGION, "department", status=1).stderr


def test_a_reform_is_no_missing_report_until_a_person_says_so(county: Watched) -> None:
    """Case 18 without a code: 水务局 publishes nothing, 水务管理局 begins: nobody says that either is overdue."""
    county.report("水务管理局", 2025, "2026-01-25")
    county.read("2026-02-05")
    archive = county.build()
    assert (county.state(), county.overdue()) == ("due_unseen", [])
    (row,) = [row for row in archive.json("coverage", "--year", 2025) if row["unit"] == WATER]
    assert "nianbao units rename" in row["why"]
    archive.run("units", "rename", "水务局", "水务管理局", "--from", 2025)
    new = f"{REGION}/水务管理局"
    assert {row["year"]: row["state"] for row in archive.json("coverage", "--unit", "水务管理局")} == {
        2023: "on_time", 2024: "on_time", 2025: "on_time"
    }  # fmt: skip
    assert county.state() == "" and archive.json("overdue") == []
    assert archive.rows("select chain from unit where name = '水务局'") == [{"chain": new}]
    archive.run("units", "rename", "水务局", "水务管理局", "--remove")
    assert archive.rows("select chain from unit where name = '水务局'") == [{"chain": WATER}]


def test_a_unit_that_ended_owes_nothing(county: Watched) -> None:
    county.read("2026-02-05")
    archive = county.build()
    archive.run("units", "end", "水务局", "--to", 2024)
    assert county.state() == "" and archive.json("overdue") == []
    archive.run("units", "end", "水务局", "--remove")
    assert county.state() == "missing" and len(county.overdue()) == 1


def test_a_unit_that_is_heard_of_no_more_lapses(tmp_path: Path) -> None:
    """After its last report nobody watched: was it dissolved, or late? Only the newest year is sure, and a unit that goes on."""
    county = Watched(tmp_path / "archive")
    for name, years in (("质量技术监督局", (2017,)), ("水务局", (2022, 2023)), ("教育局", (2022, 2024))):
        for year in years:
            county.report(name, year)
    county.read("2026-02-10")
    archive = county.build()

    def states(name: str, *years: int) -> list[str]:
        return [county.state(year, f"{REGION}/{name}") for year in years]

    assert states("质量技术监督局", 2017, 2018, 2019, 2020, 2024) == ["archived", "due_unseen", "due_unseen", "", ""]
    assert states("水务局", 2024, 2025) == ["due_unseen", "missing"]
    assert states("教育局", 2023, 2025) == ["missing", "missing"]
    (row,) = archive.json("coverage", "--unit", "质量", "--year", 2018)
    assert row["why"].endswith(f"nianbao units end {REGION}/质量技术监督局 --to 2017")


ROSTER = f"""region,name,type,from_year,to_year,aliases,formerly
{REGION},水务局,,2023,,水利局,
{REGION},体育局,,2024,,,
{REGION},商务局,enterprise,2025,,,
{REGION},教育体育局,,2025,,,教育局
"""


def test_a_roster_says_what_is_owed(county: Watched, tmp_path: Path) -> None:
    county.report("教育局", 2024, stated="2025-01-20")
    county.read("2026-02-05")
    archive = county.build()
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    assert "4 units taken, 0 lines refused" in archive.run("units", "import", file).stdout
    rows = {
        (row["unit"].partition("/")[2], row["year"]): (row["state"], row["source"]) for row in archive.json("coverage")
    }
    assert rows == {
        ("水务局", 2023): ("on_time", "roster"), ("水务局", 2024): ("on_time", "roster"), ("水务局", 2025): ("missing", "roster"),
        ("体育局", 2024): ("missing", "roster"), ("体育局", 2025): ("missing", "roster"), ("商务局", 2025): ("missing", "roster"),
        ("教育体育局", 2024): ("on_time", "roster"), ("教育体育局", 2025): ("missing", "roster"),
        ("石桥镇人民政府", 2023): ("archived", ""), ("石桥镇人民政府", 2024): ("archived", ""),
    }  # fmt: skip
    assert {row["unit"].partition("/")[2] for row in archive.json("overdue", "--year", 2025)} == {
        "水务局",
        "体育局",
        "教育体育局",
    }
    assert archive.rows("select type from unit where name = '商务局'") == [{"type": "enterprise"}]


def test_a_roster_goes_out_and_comes_in(county: Watched, tmp_path: Path) -> None:
    archive = county.build()
    file, again = tmp_path / "roster.csv", tmp_path / "again.csv"
    file.write_text(ROSTER, encoding="utf-8")
    archive.run("units", "import", file)
    archive.run("units", "export", "-o", again)
    other = Filing(tmp_path / "other").archive
    other.run("units", "import", again)
    columns = ("region", "name", "type", "credit_code", "aliases", "formerly", "from_year", "to_year", "now_called")
    listed = [
        [{name: row[name] for name in columns} for row in each.json("units", "list")] for each in (archive, other)
    ]
    assert listed[0] == listed[1] and {row["name"] for row in listed[0]} >= {"教育局", "教育体育局", "体育局"}
    assert (
        again.read_text(encoding="utf-8-sig").splitlines()[0]
        == "region,name,type,credit_code,aliases,formerly,from_year,to_year"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    (
        (f"{REGION},谁,,,,,", "no name of an organ"), (",水务局,,,,,", "no name of an organ"), (f"{REGION},水务局,ministry,,,,", "is none of"),
        (f"{REGION},水务局,,soon,,,", "no report year"), (f"{REGION},水务局,,2024,2023,,", "comes after"),
        (f"{REGION},水务局,,,,,水利局", "needs from_year"), (f"{REGION},教育局,,2020,,,水务局", ""),
    ),
)  # fmt: skip
def test_lines_of_a_roster_that_cannot_be_taken(line: str, said: str, tmp_path: Path) -> None:
    archive, file = Filing(tmp_path / "archive").archive, tmp_path / "roster.csv"
    file.write_text("region,name,type,from_year,to_year,aliases,formerly\n" + line + "\n", encoding="utf-8")
    done = archive.run("units", "import", file, status=1 if said else 0)
    assert said in done.stderr and (f"{file}:2: " in done.stderr) == bool(said)
    assert archive.rows("select count(*) as n from roster") == [{"n": 0 if said else 1}]


def test_what_makes_no_chain(county: Watched) -> None:
    archive = county.build()

    def refused(*words: object) -> str:
        return archive.run("units", *words, status=1).stderr

    archive.run("units", "rename", "水务局", "水利局", "--from", 2025)
    assert "goes on as" in refused("rename", "水务局", "水文局", "--from", 2025)
    assert "units end" in refused("rename", "石桥镇人民政府", "水利局", "--from", 2025)
    assert "older name" in refused("rename", "水利局", "水务局", "--from", 2026)
    assert "same unit" in refused("rename", "水务局", "清沙县水务局", "--from", 2025)
    assert "--from 2019" in refused("rename", "水务局", "水文局")
    archive.run("units", "alias", "石桥镇人民政府", "石桥乡")
    assert "alias of" in refused("alias", "水务局", "石桥乡")
    archive.run("units", "alias", "石桥镇人民政府", "石桥乡", "--remove")
    assert "is no alias" in refused("alias", "石桥镇人民政府", "石桥乡", "--remove")
    assert "--to 2018" in refused("end", "水务局")


def test_an_alias_files_reports_under_its_unit(county: Watched) -> None:
    county.report("水利局", 2022)
    archive = county.build()
    assert archive.rows("select unit from report where year = 2022") == [{"unit": f"{REGION}/水利局"}]
    archive.run("units", "alias", "水务局", "水利局")
    archive.run("build", "--jobs", 1)
    assert archive.rows("select unit from report where year = 2022") == [{"unit": WATER}]
    assert f"{REGION}/水利局" not in {row["unit"] for row in archive.json("coverage")}


def test_a_county_whose_code_changed_goes_on(tmp_path: Path) -> None:
    """Case 18: the code of a county changed with a renaming of the county; the unit is one chain."""
    county = Watched(tmp_path / "archive")
    county.report("水务局", 2024)
    county.portal("www.new.test", "990101", "清沙市")
    title = f"清沙市水务局2025年{WHAT}"
    county.show("/a.html", page_of(title), title, portal="www.new.test")
    archive: Archive = county.build()
    archive.run("units", "rename", WATER, "990101/水务局", "--from", 2025)
    assert {row["chain"] for row in archive.rows("select chain from unit")} == {"990101/水务局"}
    assert {row["year"] for row in archive.json("coverage", "--unit", "990101/水务局")} == {2024, 2025}


def test_the_same_again_changes_nothing(county: Watched) -> None:
    county.read("2026-02-05")
    county.build()
    before = [
        list(county.db.query(f"select * from {name} order by 1, 2")) for name in ("expected", "unit", "event", "review")
    ]
    county.build()
    assert [
        list(county.db.query(f"select * from {name} order by 1, 2")) for name in ("expected", "unit", "event", "review")
    ] == before


def test_events_are_told_again_from_what_is_stored(county: Watched) -> None:
    county.read("2026-02-05")
    county.build()
    told = county.overdue()
    county.db.execute("delete from event where kind = 'overdue'")
    expected.settle(county.db)
    assert [{**row, "n": 0} for row in county.overdue()] == [{**row, "n": 0} for row in told]


def test_a_unit_with_a_page_of_its_own_owes_a_report(county: Watched) -> None:
    """The portal lists it, and it has published nothing: owed from the year before it was found, and not by every spelling."""
    found = {
        "portal": PORTAL,
        "home": f"http://{PORTAL}/sj/",
        "found_at": "2026-01-10T05:00:00.000000Z",
        "region": REGION,
    }
    for name in ("审计局", "审计署"):
        county.db.table("unit").insert(
            {"id": f"{REGION}/{name}", "name": name, "full_name": name, "type": "department", **found}
        )
    county.db.table("alias").insert({"region": REGION, "alias": "审计署", "unit": f"{REGION}/审计局"})
    county.read("2026-02-05")
    archive = county.build()
    rows = archive.json("coverage", "--unit", "审计")
    assert [(row["unit"], row["year"], row["state"], row["source"]) for row in rows] == [
        (f"{REGION}/审计局", 2025, "missing", "listed")
    ]


def test_files_without_a_county_owe_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    title = f"清沙县水务局2020年{WHAT}"
    file.write_text(page_of(title), encoding="utf-8")
    archive = Archive(tmp_path / "archive")
    archive.run("import", file)
    assert (
        archive.rows("select region from unit") == [{"region": "none"}] and archive.rows("select * from expected") == []
    )
    archive.run("import", file, "--region", "990001", "--region-name", "清沙县")
    archive.run("build", "--jobs", 1)
    assert {row["state"] for row in archive.json("coverage")} == {"archived"}
