"""A simulated winter: what is due is asked, nothing else, and every report is found on the first due day after it appeared."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.helpers import Archive, add_portals, portal_id, report_id
from tests.portals import Portals, ReportTruth
from tests.portals.quirks import AWAY, BACKDATED, MOVES, REVISED, VANISHES
from tests.winter import BEGIN, END, Days, Winter, dates, some, winter

TRUTH = some()
NAMES = tuple(county.portal for county in TRUTH.counties)
DOWN = ("trs", date(2026, 1, 19), date(2026, 1, 22))  # switched off on the first of these days, back on the last
EMPTY = ("plain", date(2026, 2, 25), date(2026, 3, 4))
KILLED = date(2026, 1, 27)  # on this day nobody runs anything: a machine that was off


@pytest.fixture(scope="module")
def portals() -> Iterator[Portals]:
    with Portals(BEGIN, truth=TRUTH) as running:
        yield running


def trouble(portals: Portals, day: date) -> None:
    for names, (name, since, until) in ((portals.down, DOWN), (portals.empty, EMPTY)):
        (names.add if since <= day < until else names.discard)(name)


@pytest.fixture(scope="module")
def lived(portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Winter]:
    archive = Archive(tmp_path_factory.mktemp("winter") / "archive")
    add_portals(archive, portals)
    return archive, winter(portals, archive, trouble)


def is_in(span: tuple[str, date, date], name: str, day: date) -> bool:
    return span[0] == name and span[1] <= day < span[2]


def plan(name: str) -> list[date]:
    """The days on which a portal ought to be asked, worked out by hand: independent of the code that is tested."""
    asked = [BEGIN]
    for day in dates(BEGIN + timedelta(days=1), END):
        last, month_day = asked[-1], (day.month, day.day)
        if (1, 10) <= month_day <= (2, 10):
            due = True
        elif (2, 11) <= month_day <= (3, 31):
            due = (day - last).days >= 3
        else:
            due = day.day == last.day and day.month != last.month
        failed = is_in(DOWN, name, last) or is_in(EMPTY, name, last)
        if due or failed:
            asked.append(day)
    return asked


def test_the_table(lived: tuple[Archive, Winter], tell: Callable[[str], None]) -> None:
    """The table that is printed tells what was served: a mark for each day, and sums."""
    table = lived[1].table(list(NAMES))
    tell(f"{table}\n{len(lived[1].requests)} days in {lived[1].seconds:.0f} s")
    for name, row in zip(NAMES, table.splitlines()[1:], strict=True):
        counts = [served[name] for served in lived[1].requests.values()]
        *weeks, total, days = row.removeprefix(name).split()
        assert len("".join(weeks)) == len(counts) and (int(total), int(days)) == (sum(counts), sum(map(bool, counts)))


@pytest.mark.parametrize("name", NAMES)
def test_requests_on_due_days_and_on_no_other(name: str, lived: tuple[Archive, Winter]) -> None:
    served = [day for day, counts in lived[1].requests.items() if counts[name]]
    assert served == [day for day in plan(name) if not is_in(DOWN, name, day)]  # who is down answers nothing


def test_a_day_without_anything_due_says_so(lived: tuple[Archive, Winter]) -> None:
    quiet = [day for day, counts in lived[1].requests.items() if not counts]
    assert len(quiet) > 50
    for day in quiet:
        said = lived[1].said[day]
        assert said.status == 0 and said.text.startswith("nothing is due today"), (day, said.text)


def first_due(report: ReportTruth) -> date | None:
    """The first day on which a crawl could see a report; None where there was none."""
    days = (day for day in plan(report.portal) if report.visible_on(day))
    return next(
        (day for day in days if not is_in(DOWN, report.portal, day) and not is_in(EMPTY, report.portal, day)), None
    )


def test_every_report_is_found_on_its_first_due_day(lived: tuple[Archive, Winter]) -> None:
    found = {row["id"]: row["first_seen"][:10] for row in lived[0].rows("select id, first_seen from report")}
    wanted = {report_id(report): str(day) for report in TRUTH.reports if (day := first_due(report))}
    assert found == wanted
    assert len({*found.values()}) > 15  # reports come on many days of the winter


def events(archive: Archive, kind: str) -> list[dict[str, object]]:
    return archive.rows("select * from event where kind = ? order by report, at", kind)


def test_what_is_new_and_what_was_there(lived: tuple[Archive, Winter]) -> None:
    new = {row["report"] for row in events(lived[0], "new")}
    assert new == {report_id(r) for r in TRUTH.reports if (day := first_due(r)) and day > BEGIN}
    assert {row["report"] for row in events(lived[0], "revised")} == {report_id(TRUTH.report(key)) for key in REVISED}


def good(name: str, since: date) -> list[date]:
    """The days from one on, on which a portal's list was read whole."""
    return [day for day in plan(name) if day >= since and not is_in(DOWN, name, day) and not is_in(EMPTY, name, day)]


def test_withdrawn_on_the_second_reading_without_it(lived: tuple[Archive, Winter]) -> None:
    gone = {**VANISHES, **{key: since for key, (since, _) in AWAY.items()}}
    wanted = {report_id(TRUTH.report(key)): str(good(TRUTH.report(key).portal, day)[1]) for key, day in gone.items()}
    rows = events(lived[0], "withdrawn")
    assert {row["report"]: str(row["at"])[:10] for row in rows} == wanted
    assert len(rows) == len(wanted) == 5
    assert all("gone" in str(row["detail"]) for row in rows)


def test_restored_when_it_is_there_again(lived: tuple[Archive, Winter]) -> None:
    wanted = {
        report_id(TRUTH.report(key)): str(good(TRUTH.report(key).portal, back)[0]) for key, (_, back) in AWAY.items()
    }
    assert {row["report"]: str(row["at"])[:10] for row in events(lived[0], "restored")} == wanted


def test_moved_is_neither_new_nor_withdrawn(lived: tuple[Archive, Winter]) -> None:
    rows = {str(row["report"]): row for row in events(lived[0], "moved")}
    assert {id: str(row["at"])[:10] for id, row in rows.items()} == {
        report_id(TRUTH.report(key)): str(good(TRUTH.report(key).portal, day)[1]) for key, (day, _) in MOVES.items()
    }
    for key, (_, redirects) in MOVES.items():
        page = "elsewhere" if redirects else "gone"
        assert f'"page": "{page}"' in str(rows[report_id(TRUTH.report(key))]["detail"])
        assert "cells" not in str(rows[report_id(TRUTH.report(key))]["detail"])


def test_an_empty_column_is_an_alarm_and_no_withdrawal(lived: tuple[Archive, Winter], portals: Portals) -> None:
    archive, told = lived
    (broken,), (restored,) = events(archive, "column_broken"), events(archive, "column_restored")
    name, since, until = EMPTY
    days = [day for day in plan(name) if since <= day]
    assert (str(broken["at"])[:10], str(restored["at"])[:10]) == (str(days[0]), str(good(name, until)[0]))
    assert broken["portal"] == restored["portal"] == portal_id(portals, name)
    for day in (day for day in days if day < until):
        said = told.said[day]
        assert said.status == 2 and said.text.count("ALARM") == 1 and str(broken["url"]) in said.text


def test_states_and_since_when(lived: tuple[Archive, Winter], portals: Portals) -> None:
    rows = lived[0].rows("select portal, substr(since, 1, 10) as day, state from portal_state order by since")
    history = defaultdict(list)
    for row in rows:
        history[row["portal"]].append((row["state"], row["day"]))
    first = [("new", str(BEGIN)), ("ok", str(BEGIN))]
    assert history[portal_id(portals, "lonsun")] == first
    name, since, until = DOWN
    assert history[portal_id(portals, name)] == [*first, ("down", str(since)), ("ok", str(until))]
    name, since, until = EMPTY
    empty = next(day for day in plan(name) if day >= since)
    assert history[portal_id(portals, name)] == [*first, ("empty", str(empty)), ("ok", str(good(name, until)[0]))]


def test_the_same_again_tells_nothing_and_is_clean(
    lived: tuple[Archive, Winter], portals: Portals, tmp_path: Path
) -> None:
    archive = lived[0].copy(tmp_path / "archive")
    days, day = Days(archive, portals), END + timedelta(days=1)
    before = archive.rows("select * from event order by n")
    for words in (("build",), ("crawl",), ("build",), ("crawl",), ("build",)):
        said = days.run(day, *words)
        assert said.status == 0, said.text
    assert archive.rows("select * from event order by n") == before
    assert days.run(day, "verify").status == 0
    kinds = Counter(row["kind"] for row in before)
    assert kinds["withdrawn"] == 5 and kinds["restored"] == 2 and kinds["moved"] == 2
    assert BACKDATED.keys() & {report.key for report in TRUTH.reports}


def test_told_anew_it_is_the_same(lived: tuple[Archive, Winter], portals: Portals, tmp_path: Path) -> None:
    """Without its events, a build tells the same ones from what is stored: a kill between crawl and build loses none."""
    import sqlite3

    archive = lived[0].copy(tmp_path / "archive")
    names = "id, kind, report, at, detail, portal, url"
    told = archive.rows(f"select {names} from event order by id")
    with sqlite3.connect(archive.folder / "nianbao.db") as db:
        db.execute("delete from event")
        db.execute("delete from built")
    assert Days(archive, portals).run(END, "build").status == 0
    assert archive.rows(f"select {names} from event order by id") == told
