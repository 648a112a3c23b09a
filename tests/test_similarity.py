"""Likeness of reports: exact where it is told, hardly anything missed, the same in whatever order it was worked out."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from sqlite_utils import Database

from archive import similarity
from archive.database import connect
from extract.clauses import clauses, likeness
from tests.bench.generated import VOCABULARY
from tests.helpers import Archive, Row

YEARS = (2022, 2023, 2024)
FORM = """
一、总体情况

根据《中华人民共和国政府信息公开条例》和国办公开办函〔2021〕30号要求，编制本报告。统计期限从2023年1月1日起，到2023年12月31日止。如有疑问，请与云岭县水务局联系（电话：0340-6700050，地址：云岭县城关大街1号，邮编：990100，邮箱：a@b.example）。

## 五、存在的主要问题及改进情况

六、其他需要报告的事项

本年度没有收取信息处理费，没有其他需要报告的事项。
"""


def sentences(random: Random, count: int) -> list[str]:
    return ["".join(random.choices(VOCABULARY, k=8)) for _ in range(count)]


def texts() -> dict[tuple[str, int], list[str]]:
    """60 units over three years: half repeat most of their year before, some copy another unit's report, more or less."""
    random = Random(7)
    made: dict[tuple[str, int], list[str]] = {}
    for number in range(60):
        unit = f"第{number}局"
        for year in YEARS:
            own = sentences(random, 40)
            if before := made.get((unit, year - 1)):
                kept = (0, 10, 30, 39)[number % 4]
                own = before[:kept] + own[kept:]
            if number % 5 == 4:
                copied = made[f"第{number - 1}局", year]
                share = random.choice((20, 28, 34, 40))
                own = copied[:share] + own[share:]
            made[unit, year] = own
    return made


def put(db: Database, unit: str, year: int, prose: Iterable[str]) -> str:
    """A report straight into the catalogue, as a build leaves it; an older text of it is replaced."""
    id, name = f"990101/{unit}/own/{year}", f"990101/{unit}"
    text = f"{unit}{year}年度报告\n\n" + "。\n\n".join(prose) + "。\n"
    version = sha256(text.encode()).hexdigest()[:16]
    db.execute(
        "insert or ignore into unit (id, region, name, type, found_at) values (?, '990101', ?, 'department', 't')",
        [name, unit],
    )
    db.execute(
        "insert or ignore into document (sha256, bytes, reader, read_at, text) values (?, 1, 'r', 't', ?)",
        [version, text],
    )
    db.execute(
        "insert or ignore into report (id, region, unit, scope, year, first_seen, last_seen) values (?, '990101', ?, 'own', ?, 't', 't')",
        [id, name, year],
    )
    db.execute(
        "insert or ignore into version (id, report, document, content, first_seen, last_seen) values (?, ?, ?, ?, 't', 't')",
        [version, id, version, version],
    )
    db.execute("update report set current = ? where id = ?", [version, id])
    return id


def table(db: Database) -> list[Row]:
    return list(db.query("select * from similarity order by report, other"))


def filled(folder: Path, made: dict[tuple[str, int], list[str]]) -> Database:
    db = connect(folder, create=True)
    for (unit, year), prose in made.items():
        put(db, unit, year, prose)
    return db


def test_against_comparing_all_with_all(tmp_path: Path) -> None:
    """What is told is exact; of the pairs that are really alike, nearly all are told."""
    made = texts()
    db = filled(tmp_path, made)
    assert similarity.settle(db) == len(made)
    sets = {f"990101/{unit}/own/{year}": frozenset(prose) for (unit, year), prose in made.items()}
    rows = {(row["report"], row["other"]): row for row in table(db)}
    for (report, other), row in rows.items():
        shared = len(sets[report] & sets[other])
        assert row["shared"] == shared
        assert row["score"] == pytest.approx(shared / len(sets[report] | sets[other]), abs=1e-4)
    wanted: dict[str, set[tuple[str, str]]] = {"same_unit": set(), "other_unit": set()}
    for one, other in combinations(sets, 2):
        (unit, year), (unit2, year2) = ((id.split("/")[1], int(id[-4:])) for id in (one, other))
        score = likeness(sets[one], sets[other])
        if unit == unit2 and (abs(year - year2) == 1 or score >= similarity.LEAST):
            wanted["same_unit"].add((one, other) if year > year2 else (other, one))
        if unit != unit2 and abs(year - year2) <= similarity.BESIDE and score >= 0.7:
            wanted["other_unit"].add((one, other))
    assert {pair for pair, row in rows.items() if row["kind"] == "same_unit"} == wanted["same_unit"]
    told = {frozenset(pair) for pair, row in rows.items() if row["kind"] == "other_unit"}
    found = sum(frozenset(pair) in told for pair in wanted["other_unit"])
    assert len(wanted["other_unit"]) > 15
    assert found / len(wanted["other_unit"]) > 0.95
    assert all(row["score"] >= similarity.LEAST for row in rows.values() if row["kind"] == "other_unit")


@pytest.mark.parametrize(("together", "rows"), [(similarity.TOGETHER, similarity.ROWS_AT_ONCE), (7, 1)])
def test_the_same_in_any_order_and_again(
    together: int, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built at once, or piece by piece with changes, withdrawals and a settling after each, many in a transaction or few: the same rows."""
    made = texts()
    whole = filled(tmp_path / "whole", made)
    similarity.settle(whole)
    monkeypatch.setattr(similarity, "TOGETHER", together)
    monkeypatch.setattr(similarity, "ROWS_AT_ONCE", rows)
    pieces = connect(tmp_path / "pieces", create=True)
    order = list(made.items())
    Random(3).shuffle(order)
    for start in range(0, len(order), 45):
        for (unit, year), prose in order[start : start + 45]:
            put(pieces, unit, year, [*prose[:20], "以后改过的一句话"])
        extra = put(pieces, "不久撤销局", 2023, order[start][1])
        similarity.settle(pieces)
        pieces.execute("update report set current = null where id = ?", [extra])
        for (unit, year), prose in order[start : start + 45]:
            put(pieces, unit, year, prose)
        similarity.settle(pieces)
    pieces.execute("delete from version where report = ?", [extra])
    pieces.execute("delete from report where id = ?", [extra])
    similarity.settle(pieces)
    assert table(pieces) == table(whole)
    assert table(whole)
    before = table(whole)
    assert similarity.settle(whole) == 0
    whole.execute("insert into similar_due select id from report")
    similarity.settle(whole)
    assert table(whole) == before


def test_the_write_lock_is_taken_before_the_texts_are_read(tmp_path: Path) -> None:
    """Else what another command writes meanwhile ends the build, because its transaction began with what was before."""
    db = filled(tmp_path, {(f"第{n}局", 2023): sentences(Random(n), 20) for n in range(4)})
    ran: list[str] = []
    db.conn.set_trace_callback(lambda statement: ran.append(statement.split()[0].lower()))
    similarity.settle(db)
    db.conn.set_trace_callback(None)
    begun = ran.index("begin")
    assert ran[begun : begun + 2] == ["begin", "delete"], ran


def test_what_the_form_asks_for_is_no_copying(tmp_path: Path) -> None:
    random = Random(1)
    assert clauses("标题\n" + FORM, ["云岭县水务局"]) == frozenset()
    own = [sentences(random, 30) for _ in range(2)]
    db = filled(tmp_path, {(f"第{n}局", 2023): [FORM, *prose] for n, prose in enumerate(own)})
    similarity.settle(db)
    assert not table(db)


def test_numbers_and_names_are_masked_and_tables_left_out() -> None:
    one = "标题甲\n\n水务局2023年公开信息12条，发布在县城公告栏。\n\n一、本年新收\t0\t0\n"
    other = "标题乙\n\n教育局2024年公开信息7条，发布在县城公告栏。\n\n一、本年新收\t9\t9\n"
    assert clauses(one, ["水务局"]) == clauses(other, ["教育局"]) == {"某#年公开信息#条", "发布在县城公告栏"}


def test_years_of_a_renamed_unit_are_compared(tmp_path: Path) -> None:
    prose = sentences(Random(2), 30)
    db = filled(tmp_path, {("教育局", 2022): prose, ("教育体育局", 2023): prose})
    similarity.settle(db)
    assert {row["kind"] for row in table(db)} == {"other_unit"}
    db.execute("update unit set chain = '990101/教育体育局'")
    similarity.settle(db)
    (row,) = table(db)
    assert (row["kind"], row["report"][-4:], row["score"]) == ("same_unit", "2023", 1.0)


def test_copy_paste_from_files(tmp_path: Path) -> None:
    """From files to the answer, as a person would."""
    random = Random(5)
    prose = sentences(random, 30)
    files = tmp_path / "files"
    files.mkdir()
    for unit, year, body in (
        ("水务局", 2022, prose),
        ("水务局", 2023, [*prose[:29], "新写的一句话在这里"]),
        ("教育局", 2023, prose),
        ("林业局", 2023, sentences(random, 30)),
    ):
        title = f"云岭县{unit}{year}年政府信息公开工作年度报告"
        (files / f"{title}.txt").write_text(f"{title}\n{FORM}\n" + "。\n\n".join(body) + "。\n", encoding="utf-8")
    archive = Archive(tmp_path / "archive")
    archive.run("import", files, "--region", "990101", "--region-name", "云岭县")
    (row,) = archive.json("query", "copy-paste")
    assert (row["report"], row["year_before"]) == ("990101/水务局/own/2023", 2022)
    pairs = {frozenset((row["report"], row["other"])) for row in archive.json("query", "text-reuse")}
    education, water = "990101/教育局/own/2023", "990101/水务局/own/{}".format
    assert pairs == {frozenset((education, water(2022))), frozenset((education, water(2023)))}


def renamed(db: Database, unit: str) -> None:
    """As a build does it: an upsert, whose conflict clause would hold in triggers too; twice, while the report is due."""
    for full in ("云岭县水务局", "云岭县水务局（本级）", "云岭县水务局"):
        db.execute(
            "insert into unit (id, region, name, type, found_at) values (?, '990101', '水务局', 'department', 't') "
            "on conflict (id) do update set full_name = ?",
            [unit, full],
        )


def county_named(db: Database, _: str) -> None:
    db.execute(
        "insert into portal (id, region, region_name, home, added_at) values ('p', '990101', '云岭县', 'h', 't')"
    )


def county_renamed(db: Database, unit: str) -> None:
    county_named(db, unit)
    similarity.settle(db)
    db.execute("update portal set region_name = '云岭' where id = 'p'")


def county_gone(db: Database, unit: str) -> None:
    county_named(db, unit)
    similarity.settle(db)
    db.execute("delete from portal where id = 'p'")


@pytest.mark.parametrize("happens", [renamed, county_named, county_renamed, county_gone])
def test_names_that_become_known_later(tmp_path: Path, happens: Callable[[Database, str], None]) -> None:
    """What is masked is what is known now: the same bands as when it was known from the beginning."""
    pytest.importorskip("datasketch")
    made = {("水务局", 2023): [f"云岭县水务局{each}" for each in sentences(Random(1), 40)]}
    db = filled(tmp_path, made)
    similarity.settle(db)
    before = list(db.query("select * from band order by band"))
    happens(db, "990101/水务局")
    assert similarity.settle(db)
    later = list(db.query("select * from band order by band"))
    db.execute("insert into similar_due select id from report")
    similarity.settle(db)
    assert later == list(db.query("select * from band order by band"))
    assert (later == before) is (happens is county_gone)


def test_names_of_one_length_are_masked_in_one_order() -> None:
    """清沙县东关街道 and 东关街道办事处 overlap: what is masked must not follow the order of a set, which each process has anew."""
    program = (
        "from extract.clauses import clauses; print(sorted(clauses('题\\n清沙县东关街道办事处按时答复了申请人', "
        "['清沙县东关街道', '东关街道办事处', '清沙县'])))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(6)
    }
    assert len(found) == 1
