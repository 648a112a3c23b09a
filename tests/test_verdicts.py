"""What people say of checks: given, listed, stale when the numbers change, kept through builds, out and in as CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import verdicts
from archive.search import Filter
from archive.verdicts import Which
from nianbao import cli
from tests.crossed import REGION, catalogue, crossed, report
from tests.helpers import Archive

BROKEN = Path(__file__).parent / "fixtures" / "extract" / "reports" / "a-broken-sums"
IN, OUT = "t3.carried_in.total", "t3.carried_out.total"
GRANTED, OTHERWISE = "予以公开\t\t3\t1\t0", "予以公开\t\t3\t0\t0"  # 3 + 1 is not 5, nor is 3 + 0
KEYS = ("report", "check", "scope", "expected", "found", "verdict", "remark")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """Two years of a unit that do not fit, and a county's reports that break an identity of their own."""
    db = catalogue(tmp_path)
    report(db, "水务局", 2021, {OUT: "2"})
    report(db, "水务局", 2022, {IN: "1"})
    crossed(db)
    return db


def say(tmp_path: Path, *words: str, status: int = 0) -> Result:
    """Run `nianbao checks …` on the archive of this test."""
    found = CliRunner().invoke(cli, ["checks", *words, "--archive", str(tmp_path)])
    assert found.exit_code == status, found.output
    return found


def listed(db: Database, **which: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [(row["check"], row["scope"], row["verdict"]) for row in verdicts.checks(db, Filter(), Which(**which))]


def test_confirm_list_and_withdraw(db: Database, tmp_path: Path) -> None:
    assert listed(db) == [("X.CARRY", "total", "")]
    say(tmp_path, "confirm", "水务局 2022", "X.CARRY:total", "--remark", "电话核实")
    assert listed(db) == [("X.CARRY", "total", "confirmed")]
    assert listed(db, verdicts=("confirmed",)) and not listed(db, verdicts=("", "dismissed", "stale"))
    [row] = json.loads(say(tmp_path, "--verdict", "confirmed", "--json").output)
    assert (row["remark"], row["expected"], row["found"], row["severity"]) == ("电话核实", "2", "1", "warning")
    say(tmp_path, "dismiss", "水务局 2022", "X.CARRY")
    assert listed(db) == [("X.CARRY", "total", "dismissed")]
    say(tmp_path, "withdraw-verdict", "水务局 2022", "X.CARRY")
    assert listed(db) == [("X.CARRY", "total", "")]


def test_a_verdict_is_of_its_numbers(db: Database) -> None:
    """Other numbers make it stale; the same numbers again make it apply again."""
    verdicts.give(db, verdicts.failing(db, f"{REGION}/水务局/own/2022", "X.CARRY"), "confirmed")
    report(db, "水务局", 2022, {IN: "5"})
    crossed(db)
    assert listed(db) == [("X.CARRY", "total", "stale")]
    assert [row["state"] for row in verdicts.given(db)] == ["stale"]
    report(db, "水务局", 2022, {IN: "1"})
    crossed(db)
    assert listed(db) == [("X.CARRY", "total", "confirmed")]
    report(db, "水务局", 2022, {IN: "2"})
    crossed(db)
    assert listed(db) == [] and listed(db, results=("pass",)) == [("X.CARRY", "total", "stale")]


def test_a_new_word_takes_the_place_of_a_stale_one(db: Database) -> None:
    id = f"{REGION}/水务局/own/2022"
    verdicts.give(db, verdicts.failing(db, id, "X.CARRY"), "confirmed")
    report(db, "水务局", 2022, {IN: "5"})
    crossed(db)
    verdicts.give(db, verdicts.failing(db, id, "X.CARRY"), "dismissed")
    assert [(row["verdict"], row["found"], row["state"]) for row in verdicts.given(db)] == [
        ("dismissed", "5", "applies")
    ]


def test_a_verdict_on_what_is_gone_is_kept(db: Database) -> None:
    verdicts.give(db, verdicts.failing(db, f"{REGION}/水务局/own/2022", "X.CARRY"), "confirmed")
    report(db, "水务局", 2021, {"t3.granted.total": "0"})
    crossed(db)
    assert [row["state"] for row in verdicts.given(db)] == ["gone"]


def test_what_narrows_a_listing(db: Database) -> None:
    report(db, "水务局", 2021, {OUT: "2", "t4.review.pending": "1"})
    report(db, "水务局", 2022, {IN: "1", "t4.review.total": "0"})
    crossed(db)
    assert {check for check, _, _ in listed(db)} == {"X.CARRY", "X.PEND"}
    assert [check for check, _, _ in listed(db, severities=("info",))] == ["X.PEND"]
    assert [check for check, _, _ in listed(db, ids=("X.C",))] == ["X.CARRY"]
    assert listed(db, ids=("T3",)) == []
    assert not verdicts.checks(db, Filter(year=2021), Which())
    assert not verdicts.checks(db, Filter(region="99"), Which())


def test_errors_say_what_to_do(db: Database, tmp_path: Path) -> None:
    assert "checks rules" in say(tmp_path, "confirm", "水务局 2022", "X.CARY", status=1).output
    assert "does not fail" in say(tmp_path, "confirm", "水务局 2022", "T3.BAL:total", status=1).output
    assert "checks verdicts" in say(tmp_path, "withdraw-verdict", "水务局 2022", "X.CARRY", status=1).output
    report(db, "水务局", 2021, {OUT: "2", "t3.carried_out.natural_person": "2"})
    report(db, "水务局", 2022, {IN: "1", "t3.carried_in.natural_person": "1"})
    crossed(db)
    said = say(tmp_path, "confirm", "水务局 2022", "X.CARRY", status=1).output
    assert "X.CARRY:natural_person" in said and "--all" in said
    say(tmp_path, "confirm", "水务局 2022", "X.CARRY", "--all")
    assert {verdict for _, _, verdict in listed(db)} == {"confirmed"}


def test_out_and_in_as_csv(db: Database, tmp_path: Path) -> None:
    report(db, "水务局", 2023, {IN: "7"})
    report(db, "水务局", 2022, {IN: "1", OUT: ""})
    report(db, "水务局", 2023, {IN: "1", OUT: "0"})
    db.execute(
        "insert into version_check select v.n, 'N.FEE', 'mentioned', 'fail', '信息处理费', null from report r join version v on v.id = r.current where r.year = 2023"
    )
    crossed(db)
    say(tmp_path, "confirm", "水务局 2022", "X.CARRY", "--remark", '逗号, 引号" 和\n换行')
    say(tmp_path, "dismiss", "水务局 2023", "N.FEE")
    before = verdicts.given(db)
    assert len(before) == 2
    file = tmp_path / "verdicts.csv"
    file.write_text(say(tmp_path, "verdicts", "--csv").output, encoding="utf-8-sig")
    db.execute("delete from verdict")
    say(tmp_path, "import", str(file))
    assert verdicts.given(db) == before and [row["state"] for row in before] == ["applies", "applies"]
    say(tmp_path, "import", str(file))
    assert verdicts.given(db) == before


def test_of_two_words_the_later_stays(db: Database, tmp_path: Path) -> None:
    say(tmp_path, "confirm", "水务局 2022", "X.CARRY")
    [row] = verdicts.given(db)
    for at, verdict in (("2020-01-01T00:00:00.000000Z", "confirmed"), ("2999-01-01T00:00:00.000000Z", "dismissed")):
        with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*KEYS, "at"], extrasaction="ignore")
            writer.writeheader()
            writer.writerow(row | {"verdict": "dismissed", "at": at})
        say(tmp_path, "import", str(tmp_path / "in.csv"))
        assert [each["verdict"] for each in verdicts.given(db)] == [verdict]


def test_lines_that_are_no_verdict_are_refused(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    lines = [
        f"{REGION}/水务局/own/2022,X.CARRY,total,2,1,maybe,",
        "a,X.NONE,total,2,1,confirmed,",
        "a,X.CARRY,,2,1,confirmed,",
    ]
    file.write_text("\n".join([",".join(KEYS), *lines]), encoding="utf-8")
    assert "3 lines refused" in say(tmp_path, "import", str(file), status=1).output
    assert verdicts.given(db) == []


@drawn(st.data())
def test_a_fingerprint_tells_all_its_parts_apart(data: st.DataObject) -> None:
    text = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=4)
    rows = st.fixed_dictionaries(
        {key: st.one_of(text, st.none()) if key in ("expected", "found") else text for key in verdicts.KEY}
    )
    one, other = data.draw(rows), data.draw(rows)
    assert (verdicts.fingerprint(one) == verdicts.fingerprint(other)) == (one == other)


def test_a_verdict_survives_builds(tmp_path: Path) -> None:
    """A document imported, judged, read again, published anew with other figures, and as it was."""
    archive, source = Archive(tmp_path / "archive"), tmp_path / "report.txt"
    text = next(BROKEN.glob("input.*")).read_text(encoding="utf-8")
    source.write_text(text, encoding="utf-8")
    archive.run("import", source, "--region", "340602")
    failing = {(row["check"], row["scope"]): row for row in archive.json("checks")}
    name = failing["T3.COL", "granted"]["report"]
    archive.run("checks", "confirm", name, "T3.COL:granted", "--remark", "原件如此")
    archive.run("checks", "dismiss", name, "N.NEW")

    def said() -> dict[str, str]:
        return {row["check"]: row["verdict"] for row in archive.json("checks") if row["verdict"]}

    def read_again() -> None:
        """As after an update of the reader: what the pages were built from is no more what they would be built from."""
        db = Database(archive.folder / "nianbao.db")
        db.execute("update built set inputs = 'an older reader'")
        db.execute("delete from version_check")
        db.conn.commit()
        archive.run("build")

    assert said() == {"T3.COL": "confirmed", "N.NEW": "dismissed"}
    read_again()
    assert said() == {"T3.COL": "confirmed", "N.NEW": "dismissed"}
    assert archive.json("checks", "--verdict", "confirmed")[0]["remark"] == "原件如此"
    source.write_text(text.replace(GRANTED, OTHERWISE), encoding="utf-8")
    archive.run("import", source, "--region", "340602")
    assert said() == {"T3.COL": "stale", "N.NEW": "dismissed"}
    source.write_text(text + "\n\n更正后重新发布。\n", encoding="utf-8")
    archive.run("import", source, "--region", "340602")
    assert said() == {"T3.COL": "confirmed", "N.NEW": "dismissed"}
