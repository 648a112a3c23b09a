"""Coverage as a person sees it, on a portal that is crawled day by day: archived, late, missing, unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.coverage import MARKS, as_of, legend, matrix
from tests.helpers import Archive
from tests.oddities import Answer, Odd, list_page, report_page
from tests.winter import Days

WHAT = "政府信息公开工作年度报告"
FIRST = date(2026, 1, 12)
ORGANS = "水务局 教育局 民政局 财政局 石桥镇人民政府".split()
HOME = list_page([("/nb/", "政府信息公开年报", None)], title="清沙县人民政府")


def title(organ: str, year: int) -> str:
    return f"清沙县{organ}{year}年{WHAT}"


@dataclass
class County:
    """A portal whose column lists what a test says, and an archive of it."""

    odd: Odd
    days: Days
    listed: dict[str, tuple[str, str]]

    def publish(self, organ: str, year: int, stated: str) -> None:
        """A report appears in the list, under a date."""
        href = f"/r/{len(self.listed)}.html"
        self.listed[href] = (title(organ, year), stated)
        page = report_page(title(organ, year)).replace("2025-01-20", stated)
        self.odd.pages[self.odd.host] |= {href: page, "/nb/": self.column()}

    def column(self) -> str:
        return list_page([(href, text, stated) for href, (text, stated) in self.listed.items()])

    def crawl(self, day: date, *words: object, status: int = 0) -> None:
        """A crawl and a build as of a day."""
        said = self.days.run(day, "crawl", *words)
        assert said.status == status, said.text
        built = self.days.run(day, "build", "--jobs", 1)
        assert built.status == 0, built.text

    def states(self, year: int = 2025) -> dict[str, str]:
        rows = self.days.archive.json("coverage", "--year", year)
        return {row["unit"].partition("/")[2]: row["state"] for row in rows}

    def events(self, kind: str) -> list[Any]:
        return [row["id"] for row in self.days.archive.rows("select id from event where kind = ? order by id", kind)]


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with Odd({"/": HOME}) as odd:
        archive = Archive(tmp_path / "archive")
        made = County(odd, Days(archive), {})
        for organ in ORGANS:
            made.publish(organ, 2023, "2024-01-20")
            made.publish(organ, 2024, "2025-01-20")
        region = ("--region", "990001", "--region-name", "清沙县")
        archive.run("portals", "add", odd.url, "--allow-private", "--delay", 0, *region)
        said = made.days.run(FIRST, "update", "--jobs", 1)
        assert said.status == 0 and "10 entries" in said.text, said.text
        yield made


def test_a_season(county: County) -> None:
    """Cases 13 and 14: one on time, one dated back, one that says itself that it is late, one that never comes; a town."""
    county.publish("水务局", 2025, "2026-01-19")
    county.crawl(date(2026, 1, 26))
    assert county.states() == dict.fromkeys(ORGANS, "due_unseen") | {"水务局": "on_time"}  # today is long after it
    county.odd.pages[county.odd.host]["/nb/"] = Answer(500)
    county.crawl(date(2026, 2, 2), status=2)
    assert county.states()["财政局"] == "due_unseen" and county.events("overdue") == []
    county.odd.pages[county.odd.host]["/nb/"] = county.column()
    county.crawl(date(2026, 2, 9))
    assert county.events("overdue") == [f"overdue 990001/{organ} 2025" for organ in sorted(ORGANS[1:4])]
    county.publish("教育局", 2025, "2026-01-28")
    county.publish("民政局", 2025, "2026-02-12")
    county.crawl(date(2026, 2, 16))
    county.crawl(date(2026, 2, 23))
    assert county.states() == {
        "水务局": "on_time", "教育局": "backdated_suspect", "民政局": "late_stated", "财政局": "missing", "石桥镇人民政府": "missing"
    }  # fmt: skip
    assert len(county.events("overdue")) == 3 and len(county.events("backdated_suspect")) == 1
    archive = county.days.archive
    assert [row["unit"] for row in archive.json("overdue")] == ["990001/财政局"]
    shown = archive.run("coverage").stdout
    for words in ("23 24 25", "财政局", "missing: looked for after the last day (2)", "on time (11)"):
        assert words in shown, shown
    assert (
        len({len(line) for line in shown.splitlines() if line.strip()}) > 1 and max(map(len, shown.splitlines())) < 80
    )
    assert [row["year"] for row in archive.json("coverage", "--state", "missing", "--unit", "财政")] == [2025]
    csv = archive.run("coverage", "--csv").stdout.splitlines()
    assert csv[0].startswith("region,unit,name,type,year,state,report") and len(csv) == 16
    assert "units list" in archive.run("coverage", "--unit", "没有这个").stdout
    assert archive.run("coverage", "--csv", "--unit", "没有这个").stdout.splitlines() == csv[:1]


def test_a_round_for_some_years_proves_nothing(county: County) -> None:
    county.crawl(date(2026, 2, 9), "--years", "2024")
    assert county.events("overdue") == [] and set(county.states().values()) == {"due_unseen"}
    county.crawl(date(2026, 2, 16))
    assert len(county.events("overdue")) == 4


def test_a_page_that_refuses_may_be_the_report(county: County) -> None:
    """It is listed and could not be fetched: not missing, and no event until it is known what it is."""
    county.publish("水务局", 2025, "2026-01-28")
    href = list(county.listed)[-1]
    page = county.odd.pages[county.odd.host][href]
    county.odd.pages[county.odd.host][href] = Answer(412, b"<html></html>")
    county.crawl(date(2026, 2, 9), status=2)
    assert county.states()["水务局"] == "due_unseen" and "overdue 990001/水务局 2025" not in county.events("overdue")
    (row,) = county.days.archive.json("coverage", "--year", 2025, "--unit", "水务局")
    assert title("水务局", 2025) in row["why"]
    county.odd.pages[county.odd.host][href] = page
    county.crawl(date(2026, 2, 16))
    assert county.states()["水务局"] == "on_time"
    assert "overdue 990001/水务局 2025" not in county.events("overdue")


def row(state: str, unit: str = "u", year: int = 2024) -> dict[str, Any]:
    return {
        "state": state,
        "unit": unit,
        "name": unit,
        "region": "r",
        "type": "t",
        "year": year,
        "due": "2025-01-31",
        "expected_by": "2025-02-28",
    }


def test_the_table_and_its_legend() -> None:
    rows = [row("on_time"), row("missing", year=2025), row("due_unseen", "v", 2025)]
    lines, heading = matrix([*rows, row("not_due", "w/x", 2026)])
    assert [(line["name"], line["years"]) for line in lines] == [("", "+  -   "), ("", "   ?   "), ("x", "      .")]
    assert heading == "24 25 26"
    assert legend(rows) == [
        "+ on time (1)",
        "- missing: looked for after the last day (1)",
        "? not known: nobody could look after the last day (1)",
    ]
    assert len({mark for mark, _ in MARKS.values()}) == len(MARKS)


@pytest.mark.parametrize(("day", "state"), (("2025-01-31", "not_due"), ("2025-02-01", "due_unseen")))
def test_only_what_is_not_known_depends_on_today(day: str, state: str) -> None:
    assert as_of(row("due_unseen"), date.fromisoformat(day)) == as_of(row("not_due"), date.fromisoformat(day)) == state
    assert as_of(row("missing"), date.fromisoformat(day)) == "missing"
