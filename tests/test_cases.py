"""The 25 cases of detection (reference/domain.md, 6), all in one simulated year, and again in a year of kills.

What portals show and what is expected stands in `tests/year.py`, case by case; no other event may be told in the year.
"""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.kinds import KINDS, MEANINGS
from tests.helpers import LONG, Archive
from tests.living import TWICE, Lived, calendar, live, told, wanted
from tests.year import CELLS, NOT_REPORTS, TOWNS, own

SEED = 20260108
YEAR = calendar()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(tmp_path_factory.mktemp("year") / "archive")


@pytest.fixture(scope="module")
def archive(lived: Lived) -> Archive:
    return lived.archive


def versions(archive: Archive, report: str) -> list[dict[str, Any]]:
    return archive.json("diff", report, "--list")


def subject_of(event: tuple[str, str, str, str]) -> str:
    """The unit of an event, or the column."""
    return event[2].rpartition("/own/")[0] or event[2]


@pytest.mark.parametrize("case", YEAR.told, ids=lambda name: name.replace("_", " "))
def test_events_of(case: str, archive: Archive) -> None:
    """The events of everything that a case touches are those that it expects, and none besides."""
    own_, all_ = wanted(YEAR.told[case]), wanted([each for some in YEAR.told.values() for each in some])
    units = {subject_of(event) for event in own_}
    have = [event for event in told(archive) if subject_of(event) in units]
    assert have == [event for event in all_ if subject_of(event) in units]  # 05 and 14 touch the same units
    assert set(own_) <= set(have)


def test_no_other_event_in_the_whole_year(lived: Lived, tell: Callable[[str], None]) -> None:
    """Case 25 too: on some days everything was run twice."""
    assert told(lived.archive) == wanted([each for some in YEAR.told.values() for each in some])
    assert {day for day, said in lived.said.items() if len(said) > 2} == TWICE
    tell(f"{len(lived.said)} days, {sum(map(len, lived.requests.values()))} requests, {lived.seconds:.0f} s")


def test_02_volatile_bytes_make_no_version(archive: Archive) -> None:
    (row,) = archive.rows("select first_seen, last_seen from version where report = ?", own("教育局"))
    assert row["first_seen"][:10] == "2026-01-13" and row["last_seen"][:10] == "2027-01-07"
    held = archive.rows("select distinct sha256 from capture where url like '%/r/2.html' and status = 200")
    assert len(held) == 4  # as evidence every one is kept


@pytest.mark.parametrize("unit", ("财政局", "审计局"), ids=("03 page", "07 file under its page"))
def test_a_changed_cell_makes_a_version_with_its_difference(unit: str, archive: Archive) -> None:
    first, second = versions(archive, own(unit))
    assert (first["seq"], second["seq"], second["current"]) == (1, 2, 1)
    rows = archive.json("diff", own(unit))
    assert [row["path"] for row in rows] == list(CELLS) and {row["what"] for row in rows} == {"cell"}
    for row in rows:
        assert int(row["new"]) > int(row["old"]) and (row["old_state"], row["new_state"]) == ("number", "number")
        assert row["label"]


def test_04_only_the_text_changed(archive: Archive) -> None:
    assert len(versions(archive, own("民政局"))) == 2
    (row,) = archive.json("diff", own("民政局"))
    said = (row["what"], row["section"], row["change"], row["text"])
    assert said == ("text", 6, "added", "本报告的纸质版可以在档案馆查阅。")
    (back,) = archive.json("diff", own("民政局"), "--from", 2, "--to", 1)
    assert back["change"] == "removed"


def test_05_06_moved_is_one_version_at_two_addresses(archive: Archive) -> None:
    for report in (own("水务局", 2024, "990002"), own("统计局", 2024)):
        assert len(versions(archive, report)) == 1
        rows = archive.rows(
            "select distinct s.url from sighting s join version v on v.id = s.version where v.report = ?", report
        )
        assert len(rows) == 2


def test_08_three_documents_of_one_report(archive: Archive) -> None:
    rows = archive.rows(
        "select s.url, s.role from sighting s join version v on v.id = s.version where v.report = ? order by s.url",
        own("司法局"),
    )
    assert [(row["url"].rpartition("/")[2], row["role"]) for row in rows] == [
        ("8.docx", "other"),
        ("8.pdf", "other"),
        ("8.html", "best"),
    ]


def test_09_two_columns_are_two_sightings(archive: Archive) -> None:
    rows = archive.rows(
        "select s.page from sighting s join version v on v.id = s.version where v.report = ?", own("林业局")
    )
    assert len(rows) == 2


def test_10_the_index_is_no_report(archive: Archive) -> None:
    (row,) = archive.rows("select state, note from url where url like '%/r/10.html'")
    assert (row["state"], row["note"]) == ("not_report", f"a list of {len(TOWNS)} reports")
    assert archive.rows("select * from sighting where url like '%/r/10.html'") == []


def test_11_pages_of_several_units_in_one_file(archive: Archive) -> None:
    rows = archive.rows("select report, pages, document from version where report like '%街道办事处/own/2025'")
    assert len(rows) == 3 and len({row["document"] for row in rows}) == 1
    spans = sorted(tuple(map(int, row["pages"].split("-"))) for row in rows)
    assert spans[0][0] == 1 and all(first <= last for first, last in spans)
    assert all(after[0] >= before[1] for before, after in itertools.pairwise(spans))
    assert len(versions(archive, rows[0]["report"])) == 1


def test_11_what_no_title_parts_is_for_a_person(archive: Archive) -> None:
    (row,) = archive.rows("select kind, reason from failure where url like '%/f/11b.docx'")
    assert row["kind"] == "needs_review" and "no title stands between them" in row["reason"]
    assert archive.rows("select * from report where unit like '%公司%'") == []


def test_14_what_could_not_be_read_is_not_overdue(archive: Archive) -> None:
    """From 30 January to March the column answered with errors: nothing was said of its units until it was read."""
    days = archive.rows("select substr(at, 1, 10) as day from event where kind = 'overdue' and url like '%127.23.0.2%'")
    assert {row["day"] for row in days} == {"2026-03-20"}
    states = archive.rows("select count(*) as n from portal_state where state = 'down' and portal like '127.23.0.2%'")
    assert states[0]["n"] == 1


def test_18_a_renamed_unit_is_one_chain(archive: Archive) -> None:
    rows = archive.rows("select distinct chain from unit where name in ('文化广电局', '文化广电旅游局')")
    assert len(rows) == 1


def test_15_what_was_withdrawn_is_kept(archive: Archive) -> None:
    assert versions(archive, own("交通运输局", 2024))[0]["figures"] == 200


def test_16_refusals_are_failures_and_no_versions(archive: Archive) -> None:
    assert len(versions(archive, own("卫生健康局", 2024))) == 1
    rows = archive.rows("select distinct refused from capture where url like '%/r/16.html' and refused <> ''")
    assert len(rows) == 3, rows  # soft 404, login, firewall


def test_19_both_versions_are_reachable(archive: Archive) -> None:
    first, second = versions(archive, own("农业农村局"))
    assert (first["current"], second["current"]) == (0, 1) and second["title"].endswith("（更正版）")
    assert [each["url"].rpartition("/")[2] for each in (first, second)] == ["19.html", "19b.html"]
    told_ = archive.run("diff", own("农业农村局")).stdout
    assert "version 1" in told_ and "version 2" in told_ and all(path in told_ for path in CELLS)


def test_20_what_is_none_is_remembered_and_not_asked_for(lived: Lived) -> None:
    asked = Counter(path for paths in lived.requests.values() for path in paths if path.startswith("/n/"))
    assert asked == {}
    rows = lived.archive.rows("select distinct link_text from url where state = 'not_report' and url like '%/n/%'")
    assert {row["link_text"] for row in rows} == set(NOT_REPORTS)


def test_22_empty_tables_are_a_quality_of_the_version(archive: Archive) -> None:
    rows = archive.rows(
        "select f.kind from finding f join version v on v.id = f.version where v.report = ?", own("苇塘镇人民政府")
    )
    assert [row["kind"] for row in rows] == ["empty_tables"]


@pytest.mark.skipif(not YEAR.scan, reason="this machine cannot draw or read scans")
def test_23_figures_follow_the_news(archive: Archive) -> None:
    rows = archive.rows("select n, kind from event where report = ? order by n", own("文化和旅游局"))
    assert [row["kind"] for row in rows] == ["new", "figures"]
    (other,) = archive.rows("select n from event where report = ? and kind = 'restored'", own("交通运输局", 2024))
    assert rows[0]["n"] < other["n"] < rows[1]["n"]  # told when they were read, of the day on which they appeared
    (row,) = versions(archive, own("文化和旅游局"))
    assert row["figures"] == 15


def test_24_the_same_bytes_of_two_units_are_two_reports(archive: Archive) -> None:
    rows = archive.rows(
        "select report, document from version where report like '%平镇人民政府/own/2025' or report like '%城关镇%'"
    )
    mine = [row for row in rows if "太平镇" in row["report"] or "城关镇" in row["report"]]
    assert len(mine) == 2 and len({row["document"] for row in mine}) == 1


# --- news and diff for people


def test_news_tells_every_kind_in_words(archive: Archive) -> None:
    kinds = {row["kind"] for row in archive.json("news", "--limit", 1000)}
    assert kinds <= set(KINDS)
    shown = archive.run("news", "--limit", 1000).stdout
    for words in (
        "text changed, no figure", "corrected version beside", "2 cells:", "titled 2025, says 2024",
        "states 2026-01-28; was not in its column on 2026-02-10", "none of its 200 cells holds a number",
    ):  # fmt: skip
        assert words in " ".join(shown.split()), words


def test_docs_name_every_kind() -> None:
    written = (Path(__file__).parent.parent / "docs" / "history.md").read_text(encoding="utf-8")
    for kind, meaning in MEANINGS.items():
        assert f"| `{kind}` | {meaning} |" in written


def test_diff_of_one_version_says_so(archive: Archive) -> None:
    assert "has one version, first seen 2026-01-14" in archive.run("diff", own("水务局")).stdout
    assert archive.json("diff", own("水务局")) == []
    assert "no version 7, only 1 to 2" in archive.run("diff", own("财政局"), "--to", 7, status=1).stderr
    assert archive.run("diff", own("财政局"), "--csv").stdout.startswith("what,path,label,old,new,")


# --- the same year with kills


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    yield live(tmp_path_factory.mktemp("killed") / "archive", SEED)


SAME = {
    "versions": "select id, report, document, content, seq, title, stated_date, pages, substr(first_seen, 1, 10) as day from version order by id",
    "reports": "select id, current, substr(first_seen, 1, 10) as day from report order by id",
    "figures": "select version, path, value, state, written, unit from figure order by version, path",
}


@LONG
def test_a_year_of_kills_tells_the_same(lived: Lived, killed: Lived, tell: Callable[[str], None]) -> None:
    assert killed.kills > 20
    assert told(killed.archive) == told(lived.archive)
    for name, sql in SAME.items():
        assert killed.archive.rows(sql) == lived.archive.rows(sql), name
    killed.archive.run("verify")
    tell(f"{killed.kills} kills, {killed.seconds:.0f} s")


TOLD = {
    "events": "select id, kind, report, version, at, detail, portal, url from event order by id",
    "findings": "select * from finding order by page, version, kind, document",
    "versions": "select id, report, document, content, seq, title, stated_date, pages, first_seen, last_seen from version order by id",
    "reports": "select id, current, first_seen, last_seen from report order by id",
    "figures": "select version, path, value, state, written, unit from figure order by version, path",
}


def test_rebuilt_it_is_the_same(archive: Archive, tmp_path: Path) -> None:
    """From the WARC alone, on a machine that reads pictures from the first day on: nothing depends on when it was built."""
    copy = archive.copy(tmp_path / "archive")
    with closing(sqlite3.connect(copy.folder / "nianbao.db", isolation_level=None)) as db:
        db.execute("delete from event")  # what was told stays told: here it has to be found again
    copy.run("rebuild")
    for name, sql in TOLD.items():
        assert copy.rows(sql) == archive.rows(sql), name
