"""How portals are and since when: the command, the view of the same name, what moved, and how a person accepts it."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.helpers import Archive, add_portals
from tests.oddities import Answer, Odd, list_page, report_page
from tests.portals import Portals
from tests.winter import Days, some

FIRST = date(2026, 1, 12)
OTHER = "127.22.0.2"
ORGANS = "水务局 教育局 民政局 财政局 统计局 审计局".split()
TITLES = {f"/r/{n}.html": f"清沙县{organ}2024年政府信息公开工作年度报告" for n, organ in enumerate(ORGANS)}
LIST = list_page([(href, text, "2025-01-15") for href, text in TITLES.items()])
HOME = list_page([("/nb/", "政府信息公开年报", None)], title="清沙县人民政府")
DETAILS = {href: report_page(text) for href, text in TITLES.items()}
PAGES = {"/": HOME, "/nb/": LIST, **DETAILS}
KEYS = (
    "portal name region region_name family state since last_success entries entries_before reports last_new next_due every "
    "moved reason failures notes"
).split()  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Odd]:
    with Odd(PAGES, also={OTHER: {}}) as running:
        yield running


@pytest.fixture
def odd(server: Odd) -> Odd:
    """The portal as it was, asked for nothing."""
    server.pages = {server.host: dict(PAGES), OTHER: {}}
    server.requests.clear()
    return server


@pytest.fixture(scope="module")
def begun(server: Odd, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Archive]:
    """The archive that knows the portal, before and after its first round."""
    folder = tmp_path_factory.mktemp("begun")
    new = Archive(folder / "new")
    new.run(
        "portals", "add", server.url, "--allow-private", "--delay", 0, "--region", "990001", "--region-name", "清沙县"
    )
    days = Days(new.copy(folder / "ok"))
    crawl(days, 0)
    return {"new": new, "ok": days.archive}


@pytest.fixture
def new(begun: dict[str, Archive], odd: Odd, tmp_path: Path) -> Days:
    return Days(begun["new"].copy(tmp_path / "archive"))


@pytest.fixture
def days(begun: dict[str, Archive], odd: Odd, tmp_path: Path) -> Days:
    """After the first round."""
    return Days(begun["ok"].copy(tmp_path / "archive"))


def status(days: Days) -> dict[str, Any]:
    (row,) = days.archive.json("status")
    (view,) = days.archive.rows("select * from portal_status")
    assert {**row, "moved": 0} == {**view, "moved": 0} and list(row) == KEYS
    (line,) = csv.DictReader(io.StringIO(days.archive.run("status", "--csv").stdout))
    assert line["state"] == row["state"] and list(line) == KEYS
    return row


def crawl(days: Days, number: int, status: int = 0) -> str:
    """A crawl and a build, so many days after the first."""
    day = FIRST + timedelta(days=number)
    said = days.run(day, "update" if number == 0 else "crawl")
    assert said.status == status, said.text
    assert days.run(day, "build", "--jobs", 1).status == 0
    return said.text


def test_from_new_to_ok(new: Days, odd: Odd) -> None:
    row = status(new)
    assert (row["state"], row["next_due"], row["last_success"], row["entries"]) == ("new", "now", None, None)
    crawl(new, 0)
    row = status(new)
    assert (row["state"], row["since"][:10], row["entries"], row["reports"]) == ("ok", "2026-01-12", 6, 6)
    assert (row["entries_before"], row["last_new"], row["next_due"]) == (None, None, "2026-01-13")
    added = "清沙县林业局2025年政府信息公开工作年度报告"
    odd.pages[odd.host] |= {
        "/nb/": LIST.replace("<ul", f'<a href="/r/neu.html">{added}</a><ul', 1),
        "/r/neu.html": report_page(added),
    }
    crawl(new, 1)
    row = status(new)
    assert (row["state"], row["since"][:10], row["last_success"][:10]) == ("ok", "2026-01-12", "2026-01-13")
    assert (row["entries"], row["entries_before"], row["last_new"][:10]) == (7, 6, "2026-01-13")


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (Answer(500), "down"),
        (Answer(412, b"<html></html>"), "blocked"),
        (Answer(521, b"<script>document.cookie='__jsl_clearance=1'</script>"), "blocked"),
        (list_page([]), "empty"),
        (Answer(404), "empty"),
        (list_page([(href, text, None) for href, text in list(TITLES.items())[:2]]), "shrunk"),
    ],
    ids=("down", "412", "521", "empty", "gone", "shrunk"),
)
def test_a_state_is_kept_with_its_first_day(page: Any, state: str, days: Days, odd: Odd) -> None:
    odd.pages[odd.host]["/nb/"] = page
    for number in (1, 2, 3):
        said = crawl(days, number, status=2)
        assert state in said
        row = status(days)
        assert (row["state"], row["since"][:10], row["entries_before"]) == (state, "2026-01-13", 6)
        assert row["last_success"][:10] == ("2026-01-12" if state != "shrunk" else str(FIRST + timedelta(days=number)))
        assert row["reason"] and row["reports"] == 6
    odd.pages[odd.host]["/nb/"] = LIST
    crawl(days, 4)
    row = status(days)
    assert (row["state"], row["since"][:10], row["reason"]) == ("ok", "2026-01-16", "")
    history = days.archive.rows("select state, substr(since, 1, 10) as day from portal_state order by since")
    assert [tuple(each.values()) for each in history][-3:] == [
        ("ok", "2026-01-12"),
        (state, "2026-01-13"),
        ("ok", "2026-01-16"),
    ]
    told = days.archive.run("status", odd.host).stdout
    assert f"{state} from 2026-01-13" in told and "清沙县" in told and "/nb/" in told


def test_a_host_that_does_not_want_to_be_asked(days: Days, odd: Odd) -> None:
    """No list was read, so nothing is said of what it holds; the day after it is asked again."""
    odd.pages[odd.host]["/robots.txt"] = Answer(503)
    for number in (1, 2, 3):
        crawl(days, number, status=2)
        row = status(days)
        assert (row["state"], row["since"][:10]) == ("down", "2026-01-13") and "robots" in row["notes"], row
    assert days.archive.rows("select kind from event where kind <> 'backfill'") == []
    del odd.pages[odd.host]["/robots.txt"]
    crawl(days, 4)
    assert (status(days)["state"], status(days)["notes"]) == ("ok", "")


def moved(odd: Odd, old: str) -> str:
    """The portal's column, or all of it, is on another host from now on."""
    there = odd.url_of(OTHER)
    odd.pages[OTHER] = {"/": HOME, "/nb/": LIST, **DETAILS}
    odd.pages[odd.host][old] = Answer(301, b"", headers={"Location": there[:-1] + old})
    return there[:-1] + old


def test_a_column_that_moved_to_another_host(days: Days, odd: Odd) -> None:
    new = moved(odd, "/nb/")
    said = crawl(days, 1, status=2)
    row = status(days)
    assert (row["state"], row["moved"]) == ("moved", {odd.url + "nb/": new})
    assert f"{odd.url}nb/ is now {new}" in said and "--accept-move" in said and new in row["reason"]
    assert not [1 for host, _, _ in odd.requests if host == OTHER]  # nobody said that it is the portal's
    days.archive.run("portals", "edit", row["portal"], "--accept-move")
    columns = {each["url"]: each["state"] for each in days.archive.json("portals", "list", "--columns")}
    assert columns == {odd.url + "nb/": "removed", new: "confirmed"}
    assert status(days)["next_due"] == "now"
    crawl(days, 2)
    row = status(days)
    assert (row["state"], row["entries"], row["moved"]) == ("ok", 6, {})
    crawl(days, 3)
    kinds = {each["kind"] for each in days.archive.rows("select kind from event")}
    assert "new" not in kinds and "withdrawn" not in kinds
    assert "has not moved" in days.archive.run("portals", "edit", row["portal"], "--accept-move", status=1).stderr


def test_a_home_page_that_moved(days: Days, odd: Odd) -> None:
    new = moved(odd, "/")
    days.run(FIRST + timedelta(days=1), "survey")
    crawl(days, 1, status=2)
    row = status(days)
    assert (row["state"], row["moved"]) == ("moved", {odd.url: new})
    days.archive.run("portals", "edit", row["portal"], "--accept-move")
    (portal,) = days.archive.json("portals", "list")
    assert portal["home"] == new and OTHER in portal["hosts"]
    crawl(days, 2)
    assert status(days)["state"] == "ok"


def test_within_its_host_nothing_has_moved(days: Days, odd: Odd) -> None:
    odd.pages[odd.host] |= {"/nb/": Answer(301, b"", headers={"Location": "/neu/"}), "/neu/": LIST}
    crawl(days, 1)
    row = status(days)
    assert (row["state"], row["moved"], row["entries"]) == ("ok", {}, 6)


def test_for_a_while_is_not_for_good(days: Days, odd: Odd) -> None:
    odd.pages[odd.host]["/nb/"] = Answer(302, b"", headers={"Location": odd.url_of(OTHER)})
    crawl(days, 1, status=2)
    assert status(days)["moved"] == {}


def test_a_column_found_elsewhere(days: Days, odd: Odd) -> None:
    """The survey of the next update finds it, it is read, and a person is told to accept it."""
    odd.pages[odd.host] |= {"/": HOME.replace("/nb/", "/xxgk/nb/"), "/xxgk/nb/": LIST}
    del odd.pages[odd.host]["/nb/"]
    crawl(days, 1, status=2)
    said = days.run(FIRST + timedelta(days=2), "update")
    row = status(days)
    assert (row["state"], row["moved"]) == ("moved", {odd.url + "nb/": odd.url + "xxgk/nb/"}), said.text
    assert row["entries"] == 6
    days.archive.run("portals", "edit", row["portal"], "--accept-move")
    crawl(days, 3)
    assert status(days)["state"] == "ok"


def test_the_table_fits_80_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with Portals(FIRST, truth=some()) as portals:
        days = Days(Archive(tmp_path / "archive"), portals)
        add_portals(days.archive, portals)
        assert days.run(FIRST, "update").status == 0
        portals.empty.add("plain")
        portals.down.add("trs")
        said = days.run(FIRST + timedelta(days=1), "crawl", "--due")
        assert said.status == 2 and said.text.count("ALARM") == 1
        lines = days.archive.run("status").stdout.splitlines()
    table = [line for line in lines if line.startswith(" ") and line.strip()]
    assert len(table) == 5 and max(map(cell_len, table)) <= 80, table
    for state, since in (("ok", "2026-01-12"), ("down", "2026-01-13"), ("empty", "2026-01-13")):
        assert any(f" {state} " in line and since in line and "2026-01-14" in line for line in table), table
    assert any(line.startswith("127.21.0.3") and "gives none" in line for line in lines)


def test_an_archive_of_before_tells_its_last_round(days: Days, odd: Odd) -> None:
    """The migration judges the last round of each portal from what is stored."""
    import sqlite3

    from archive.database import connect
    from archive.health import adopt

    before = status(days)
    with sqlite3.connect(days.archive.folder / "nianbao.db") as db:
        for table in ("reading", "portal_round", "portal_state"):
            db.execute(f"delete from {table}")
    db = connect(days.archive.folder)
    adopt(db)
    db.close()
    after = status(days)
    assert {name: after[name] for name in ("state", "entries", "reports")} == {
        name: before[name] for name in ("state", "entries", "reports")
    }
