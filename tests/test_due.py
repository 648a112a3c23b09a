"""When a portal is due: by season, by its own rule, after what went wrong; in days of China on any machine."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.due import is_due, next_due, step, written
from tests.helpers import Archive
from tests.oddities import Answer, Odd, list_page, report_page
from tests.winter import Days, Said, dates

TITLES = {f"/a{year}.html": f"清沙县水务局{year}年政府信息公开工作年度报告" for year in (2022, 2023, 2024)}
COLUMN = list_page([(href, text, "2025-01-15") for href, text in TITLES.items()])
HOME = list_page([("/nb/", "政府信息公开年报", None)], title="清沙县人民政府")
WINTER, SUMMER = date(2026, 1, 15), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("day", "often"),
    [
        ((1, 1), "monthly"), ((1, 9), "monthly"), ((1, 10), "1"), ((2, 10), "1"), ((2, 11), "3"), ((3, 31), "3"),
        ((4, 1), "monthly"), ((7, 1), "monthly"), ((12, 31), "monthly"),
    ],
)  # fmt: skip
def test_the_season(day: tuple[int, int], often: str) -> None:
    assert step(date(2026, *day), "season") == often
    assert (step(date(2026, *day), "daily"), step(date(2026, *day), "7")) == ("1", "7")


@pytest.mark.parametrize(
    ("last", "every", "due"),
    [
        ("2025-12-15", "season", "2026-01-10"),  # the season begins for everybody on its first day
        ("2025-11-20", "season", "2025-12-20"),
        ("2026-01-10", "season", "2026-01-11"),
        ("2026-02-09", "season", "2026-02-10"),
        ("2026-02-10", "season", "2026-02-13"),
        ("2026-03-29", "season", "2026-04-29"),
        ("2026-03-28", "season", "2026-03-31"),
        ("2026-01-31", "monthly", "2026-02-28"),  # a month has no 31st
        ("2025-12-31", "monthly", "2026-01-31"),
        ("2026-07-01", "daily", "2026-07-02"),
        ("2026-01-12", "10", "2026-01-22"),
    ],
)
def test_the_next_day(last: str, every: str, due: str) -> None:
    assert str(next_due(date.fromisoformat(last), every)) == due


@pytest.mark.parametrize("every", ("season", "daily", "monthly", "5", "366"))
def test_the_next_day_is_the_first_on_which_it_is_due(every: str) -> None:
    for last in dates(date(2023, 12, 1), date(2025, 1, 31)):
        found = next_due(last, every)
        assert found > last and is_due(last, found, every)
        assert not any(is_due(last, day, every) for day in dates(last + timedelta(days=1), found - timedelta(days=1)))


@pytest.mark.parametrize("text", ("", "0", "367", "-1", "1.5", "weekly", "٣ days"))
def test_what_cannot_be_said(text: str) -> None:
    with pytest.raises(ValueError, match="none of season"):
        written(text)


@pytest.fixture
def odd() -> Iterator[Odd]:
    pages = {"/": HOME, "/nb/": COLUMN} | {href: report_page(text) for href, text in TITLES.items()}
    with Odd(pages) as running:
        yield running


@pytest.fixture
def days(odd: Odd, tmp_path: Path) -> Days:
    archive = Archive(tmp_path / "archive")
    archive.run(
        "portals", "add", odd.url, "--allow-private", "--delay", 0, "--region", "990001", "--region-name", "清沙县"
    )
    return Days(archive)


def asked(odd: Odd, days: Days, day: date, *words: object) -> tuple[int, Said]:
    """How many requests a command made, and what it said."""
    before = len(odd.requests)
    said = days.run(day, *words)
    return len(odd.requests) - before, said


def next_of(days: Days) -> str:
    (row,) = days.archive.rows("select next_due from portal_status")
    assert (
        days.archive.json("portals", "list")[0]["next_due"]
        == days.archive.json("status")[0]["next_due"]
        == row["next_due"]
    )
    return str(row["next_due"])


def test_update_due_asks_once_a_day(odd: Odd, days: Days) -> None:
    assert next_of(days) == "now"
    requests, said = asked(odd, days, WINTER, "update", "--due")
    assert requests and said.status == 0, said.text
    assert next_of(days) == "2026-01-16"
    for words in (("update", "--due"), ("crawl", "--due"), ("update", "--due", "--jobs", 1)):
        requests, said = asked(odd, days, WINTER, *words)
        assert (requests, said.status) == (0, 0)
        assert "nothing is due today, 2026-01-15 in China" in said.text and "2026-01-16" in said.text
    assert asked(odd, days, WINTER, "update")[0] > 0  # without --due a person is obeyed
    assert asked(odd, days, WINTER + timedelta(days=1), "crawl", "--due")[0] > 0


def test_a_rule_of_its_own(odd: Odd, days: Days) -> None:
    days.run(SUMMER, "update")
    id = days.archive.json("portals", "list")[0]["portal"]
    wanted = {"daily": "2026-06-02", "monthly": "2026-07-01", "12": "2026-06-13", "season": "2026-07-01"}
    for every, due in wanted.items():
        days.archive.run("portals", "edit", id, "--every", every)
        assert next_of(days) == due
        assert days.archive.json("portals", "list")[0]["every"] == every
    assert "none of season" in days.archive.run("portals", "edit", id, "--every", "weekly", status=1).stderr
    days.archive.run("portals", "edit", id, "--every", "12")
    assert asked(odd, days, date(2026, 6, 12), "crawl", "--due")[0] == 0
    assert asked(odd, days, date(2026, 6, 13), "crawl", "--due")[0] > 0


def test_the_rule_comes_and_goes_as_csv(odd: Odd, days: Days, tmp_path: Path) -> None:
    days.run(SUMMER, "update")
    text = days.archive.run("portals", "list", "--csv").stdout
    (tmp_path / "portals.csv").write_text(text.replace(",season,", ",9,"), encoding="utf-8")
    days.archive.run("portals", "import", tmp_path / "portals.csv")
    assert next_of(days) == "2026-06-10"
    (tmp_path / "portals.csv").write_text(text.replace(",season,", ",always,"), encoding="utf-8")
    assert "none of season" in days.archive.run("portals", "import", tmp_path / "portals.csv", status=1).stderr


@pytest.mark.parametrize("answer", (Answer(500), Answer(412, b"<html></html>")), ids=("down", "blocked"))
def test_what_failed_is_due_again_the_next_day_and_not_the_same(answer: Answer, odd: Odd, days: Days) -> None:
    days.run(SUMMER, "update")
    later = date(2026, 7, 1)
    odd.pages[odd.host]["/nb/"] = answer
    assert asked(odd, days, later, "crawl", "--due")[1].status == 2
    assert next_of(days) == "2026-07-02"
    assert asked(odd, days, later, "crawl", "--due")[0] == 0
    odd.pages[odd.host]["/nb/"] = COLUMN
    assert asked(odd, days, date(2026, 7, 2), "crawl", "--due")[1].status == 0
    assert next_of(days) == "2026-08-02"


def test_a_portal_that_cannot_be_surveyed_is_asked_once_a_day(odd: Odd, days: Days) -> None:
    odd.pages[odd.host] = {"/": Answer(500)}
    assert asked(odd, days, SUMMER, "update", "--due")[1].status == 2
    assert asked(odd, days, SUMMER, "update", "--due")[0] == 0
    assert asked(odd, days, SUMMER + timedelta(days=1), "update", "--due")[0] > 0


def test_a_portal_without_a_column_is_not_surveyed_every_day(odd: Odd, days: Days) -> None:
    odd.pages[odd.host] = {"/": list_page([("/x.html", "县情概况", None)], title="清沙县人民政府")}
    asked(odd, days, SUMMER, "update", "--due")
    assert next_of(days) == "2026-07-01"


def test_what_was_interrupted_is_due_at_once(odd: Odd, days: Days) -> None:
    days.run(SUMMER, "update")
    import sqlite3

    with sqlite3.connect(days.archive.folder / "nianbao.db") as db:
        db.execute("update portal set round_done = 0")
    assert next_of(days) == "now"
    assert days.archive.json("status")[0]["state"] == "unfinished"
    assert asked(odd, days, SUMMER, "crawl", "--due")[1].status == 0
    assert next_of(days) == "2026-07-01"


def test_a_round_for_some_years_is_no_round(odd: Odd, days: Days) -> None:
    days.run(SUMMER, "update")
    days.run(date(2026, 6, 20), "crawl", "--years", "2024")
    assert next_of(days) == "2026-07-01"
    assert "--due reads all years" in days.run(SUMMER, "crawl", "--due", "--years", "2024").text


def test_a_paused_portal_is_never_due(odd: Odd, days: Days) -> None:
    days.run(SUMMER, "update")
    id = days.archive.json("portals", "list")[0]["portal"]
    days.archive.run("portals", "pause", id)
    assert days.archive.json("status")[0]["state"] == "paused" and days.archive.json("status")[0]["next_due"] is None
    assert asked(odd, days, date(2027, 1, 20), "crawl", "--due")[0] == 0
    days.archive.run("portals", "pause", id, "--off")
    assert days.archive.json("status")[0]["state"] == "ok"


@pytest.mark.parametrize("zone", ("UTC", "America/Los_Angeles", "Pacific/Auckland"))
def test_days_are_those_of_china(zone: str, odd: Odd, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 15:59 UTC it is the 9th in China, at 16:00 the 10th, whatever the machine's clock shows."""
    days.run(date(2025, 12, 20), "update")
    arguments, environment = days.archive.command("crawl", "--due")
    import subprocess

    for time, status in (
        ("2026-01-09T15:59:00Z", "nothing is due today, 2026-01-09"),
        ("2026-01-09T16:00:00Z", "ok, 3 entries"),
    ):
        told = {**environment, "NIANBAO_NOW": time, "TZ": zone}
        done = subprocess.run(arguments, env=told, capture_output=True, text=True, timeout=60)
        assert status in done.stdout, done
    assert next_of(days) == "2026-01-11"
    assert "NIANBAO_NOW" not in os.environ
