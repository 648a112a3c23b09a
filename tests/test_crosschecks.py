"""Checks between years and between units, in the catalogue: what is compared, what is worked out again, what stays."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import crosschecks
from extract.identities import all_rules
from tests.crossed import REGION, catalogue, contents, crossed, drop, report

IN, OUT, NEW = "t3.carried_in.total", "t3.carried_out.total", "t3.new_received.total"
ISSUED, REPEALED, FORCE = (f"t2.normative_documents.{column}" for column in ("issued", "repealed", "in_force"))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return catalogue(tmp_path)


def test_two_years_of_a_unit(db: Database) -> None:
    """2021 carries 2 out and has 16 documents in force; 2022 says 1 and 18."""
    report(db, "水务局", 2021, {OUT: "2", FORCE: "16", ISSUED: "9", REPEALED: "0", "t4.review.pending": "1"})
    later = report(db, "水务局", 2022, {IN: "1", FORCE: "18", ISSUED: "4", REPEALED: "2", "t4.review.total": "0"})
    assert crossed(db) == {
        (later, "X.CARRY", "total"): ("fail", "2", "1"),
        (later, "X.FORCE", "normative_documents"): ("pass", "18", "18"),
        (later, "X.PEND", "review"): ("fail", ">= 1", "0"),
    }
    row = contents(db)[0]
    assert row["other"] == f"{REGION}/水务局/own/2021" and row["version"] != row["other_version"] and row["note"] == ""


def test_blank_dash_and_not_printed_never_fail(db: Database) -> None:
    report(db, "水务局", 2021, {OUT: "", FORCE: "16"})
    later = report(db, "水务局", 2022, {IN: "1", FORCE: "16", ISSUED: "/", REPEALED: "0"})
    last = report(db, "水务局", 2023, {FORCE: "16", ISSUED: "3"})
    assert crossed(db) == {
        (later, "X.CARRY", "total"): ("not_assessable", None, "1"),
        (later, "X.FORCE", "normative_documents"): ("not_assessable", None, "16"),
        (last, "X.FORCE", "normative_documents"): ("not_assessable", None, "16"),
    }


def test_only_the_same_unit_scope_and_the_year_before(db: Database) -> None:
    report(db, "水务局", 2020, {OUT: "2"})
    report(db, "教育局", 2021, {OUT: "3"})
    report(db, "水务局", 2021, {OUT: "4"}, region="340603")
    report(db, "人民政府", 2021, {OUT: "5"}, scope="government_office")
    report(db, "水务局", 2022, {IN: "0"})
    report(db, "人民政府", 2022, {IN: "0"}, scope="whole_government")
    assert crossed(db, "X.CARRY") == {}


def test_decimals_and_whole_numbers_are_told_as_printed(db: Database) -> None:
    report(db, "水务局", 2021, {OUT: "2"})
    later = report(db, "水务局", 2022, {IN: "2.5"})
    assert crossed(db)[later, "X.CARRY", "total"] == ("fail", "2", "2.5")


def test_a_renamed_unit_follows_its_chain(db: Database) -> None:
    """教育局 becomes 教育体育局; before a person says so, they are two units."""
    report(db, "教育局", 2021, {OUT: "2"})
    later = report(db, "教育体育局", 2022, {IN: "2"})
    assert crossed(db) == {}
    db.execute("update unit set chain = ? where id = ?", [f"{REGION}/教育体育局", f"{REGION}/教育局"])
    assert crossed(db) == {(later, "X.CARRY", "total"): ("pass", "2", "2")}
    assert contents(db)[0]["note"] == f"{REGION}/教育局 was its name in 2021"
    db.execute("update unit set chain = id")
    assert crossed(db) == {}


def test_two_reports_of_a_chain_for_one_year_are_not_mixed(db: Database) -> None:
    report(db, "教育局", 2021, {OUT: "2"})
    report(db, "体育局", 2021, {OUT: "7"})
    later = report(db, "教育体育局", 2022, {IN: "2"})
    for old in ("教育局", "体育局"):
        db.execute("update unit set chain = ? where id = ?", [f"{REGION}/教育体育局", f"{REGION}/{old}"])
    assert crossed(db) == {}
    report(db, "教育体育局", 2021, {OUT: "9"})
    assert crossed(db) == {(later, "X.CARRY", "total"): ("fail", "9", "2")}


def test_a_county_against_its_units(db: Database) -> None:
    whole = report(db, "人民政府", 2022, {NEW: "20"}, scope="whole_government")
    report(db, "人民政府办公室", 2022, {NEW: "3"}, scope="government_office")
    report(db, "水务局", 2022, {NEW: "12"})
    report(db, "教育局", 2022, {NEW: ""})
    report(db, "水务局", 2021, {NEW: "99"})
    assert crossed(db, "G.ROLLUP") == {(whole, "G.ROLLUP", "new_received"): ("pass", ">= 15", "20")}
    assert contents(db)[0]["note"] == "2 of 3 reports of units have the figure"
    report(db, "教育局", 2022, {NEW: "6"})
    assert crossed(db, "G.ROLLUP") == {(whole, "G.ROLLUP", "new_received"): ("fail", ">= 21", "20")}


def test_another_version_is_compared_with_both_years(db: Database) -> None:
    report(db, "水务局", 2021, {OUT: "2"})
    middle = report(db, "水务局", 2022, {IN: "2", OUT: "1"})
    last = report(db, "水务局", 2023, {IN: "1"})
    first = crossed(db)
    assert {result for result, _, _ in first.values()} == {"pass"}
    report(db, "水务局", 2022, {IN: "3", OUT: "4"})
    assert crossed(db) == {
        (middle, "X.CARRY", "total"): ("fail", "2", "3"),
        (last, "X.CARRY", "total"): ("fail", "4", "1"),
    }


def test_a_report_that_goes_takes_its_comparisons_with_it(db: Database) -> None:
    report(db, "水务局", 2021, {OUT: "2"})
    middle = report(db, "水务局", 2022, {IN: "2", OUT: "1"})
    report(db, "水务局", 2023, {IN: "1"})
    assert len(crossed(db)) == 2
    drop(db, middle)
    assert crossed(db) == {}


def test_what_is_read_anew_is_compared_anew(db: Database) -> None:
    """A newer reader sees other figures in the same version: the version's row is updated, its report is not."""
    report(db, "水务局", 2021, {OUT: "2"})
    later = report(db, "水务局", 2022, {IN: ""})
    assert crossed(db)[later, "X.CARRY", "total"][0] == "not_assessable"
    db.execute("update version_figure set value = 2, state = 'number' where path = ?", [IN])
    db.execute("update version set content = 'as the newer reader sees it' where report = ?", [later])
    assert crossed(db)[later, "X.CARRY", "total"] == ("pass", "2", "2")


def test_only_what_was_touched_is_due(db: Database) -> None:
    for year in range(2019, 2026):
        for unit in ("水务局", "教育局", "柳溪镇人民政府"):
            report(db, unit, year, {IN: "1", OUT: "1"})
    assert crosschecks.settle(db) == 21
    assert crosschecks.settle(db) == 0
    before = contents(db)
    assert len(before) == 18
    written = db.conn.total_changes
    report(db, "水务局", 2022, {IN: "1", OUT: "1"})  # the same again, as a build that sees it again writes it
    assert crosschecks.settle(db) == 1
    assert contents(db) == before
    assert db.conn.total_changes - written < 20


def test_the_order_of_a_build_changes_nothing(tmp_path: Path) -> None:
    """Built at once or report by report, in any order, with versions that came and went: the same rows."""
    reports = [(unit, year) for unit in ("水务局", "教育局", "柳溪镇人民政府") for year in range(2019, 2025)]
    dumps = []
    for seed in range(4):
        order, random_ = list(reports), random.Random(seed)
        random_.shuffle(order)
        db = catalogue(tmp_path / str(seed))
        for unit, year in order:
            if seed % 2:
                drop(db, report(db, unit, year, {IN: "77"}))
                crosschecks.settle(db)
            report(db, unit, year, {IN: str(year % 3), OUT: str(year % 2), NEW: "1"})
            if year == 2022:
                report(db, "人民政府", year, {NEW: "2"}, scope="whole_government")
            if seed > 1:
                crosschecks.settle(db)
        crosschecks.settle(db)
        dumps.append(contents(db))
    assert dumps[0] and all(dump == dumps[0] for dump in dumps)


def test_a_build_that_was_killed_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due stays due until its county is written."""
    report(db, "水务局", 2021, {OUT: "2"})
    report(db, "水务局", 2022, {IN: "2"})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(crosschecks, "_write", killed)
        crosschecks.settle(db)
    assert contents(db) == []
    assert crosschecks.settle(db) == 2 and len(contents(db)) == 1


@pytest.mark.parametrize(
    "region,result", [("340602", "fail"), ("340600", "not_assessable"), ("none", "not_assessable")]
)
def test_a_county_makes_no_regulations(db: Database, region: str, result: str) -> None:
    """水务局 alone does not say that it is a county's; the code of its region does."""
    id = report(db, "水务局", 2022, {NEW: "0"}, region=region)
    version = next(db.query("select current from report where id = ?", [id]))["current"]
    db.execute(
        "insert into version_check select n, 'T2.REG', 'regulations', 'not_assessable', '0', '1/0/9' from version where id = ?",
        [version],
    )
    crosschecks.settle(db)
    assert next(db.query("select result from check_result"))["result"] == result


def test_what_is_not_legible_stays_not_assessable(db: Database) -> None:
    id = report(db, "水务局", 2022, {NEW: "0"})
    version = next(db.query("select current from report where id = ?", [id]))["current"]
    db.execute(
        "insert into version_check select n, 'T2.REG', 'regulations', 'not_assessable', '0', '□/0/0' from version where id = ?",
        [version],
    )
    crosschecks.settle(db)
    assert next(db.query("select result from check_result"))["result"] == "not_assessable"


def test_the_database_says_what_its_checks_mean(db: Database) -> None:
    crosschecks.settle(db)
    told = {row["id"]: row["severity"] for row in db.query("select * from check_rule")}
    assert told == {rule.id: rule.severity for rule in all_rules().values()}
    written = db.conn.total_changes
    crosschecks.settle(db)
    assert db.conn.total_changes == written
