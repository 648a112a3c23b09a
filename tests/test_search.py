"""Search: pairs find every Chinese word, whatever its length; the archive and Datasette give the same reports."""

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.bigrams import is_single, query, tokens
from archive.database import connect
from archive.search import Filter, catch_up, index_noted, index_report, join_segments, search, snippet, unindex
from archive.web.serve import command, metadata

NIANBAO = Path(sys.executable).with_name("nianbao")
CHARACTERS = "政府信息公开年报复议诉讼办理结果申请镇"
REPORT = """{title}

一、总体情况

2023 年，{body}

三、收到和处理政府信息公开申请情况

三、 本年 度办 理结 果\t(一) 予以公开\t{n}\t0\t0\t0\t0\t0\t{n}
"""


def matches(text: str, words: str) -> bool:
    """What a stock SQLite says of an index of one text."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5 (x, tokenize='ascii')")
    db.execute("insert into t values (?)", [tokens(text)])
    return db.execute("select count(*) from t where t match ?", [query(words)]).fetchone()[0] == 1


@given(st.text(CHARACTERS, min_size=2, max_size=60), st.data())
def test_every_part_of_two_characters_or_more_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, len(text)))]
    assert matches(text, part)


@given(st.text(CHARACTERS, min_size=2, max_size=30), st.text(CHARACTERS, min_size=2, max_size=5))
def test_what_is_not_there_is_not_found(text: str, part: str) -> None:
    assert matches(text, part) == (part in text)


@given(st.text(CHARACTERS, min_size=4, max_size=20), st.integers(1, 3))
def test_spaces_that_a_table_prints_do_not_hide_a_word(text: str, at: int) -> None:
    assert matches(f"{text[:at]} {text[at:]}", text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_every_word_is_found_whatever_its_letters(text: str) -> None:
    """Of any script: words are cut and made small before the index sees them, so it and the query agree."""
    for word in tokens(text).split(" "):
        assert not word or is_single(word) or matches(text, f'"{word}"')


def test_letters_are_as_they_are_printed() -> None:
    """Small and large are one; a mark over a letter is not left out, as another tokenizer would."""
    assert matches("Café ÄB", "CAFÉ") and matches("Café ÄB", "äb")
    assert not matches("Café", "cafe")


@pytest.mark.parametrize(
    "hostile", ['"', '" OR "', "NEAR(", "a AND b", "*", "col:x", "政府*", "-", "'; drop table t; --"]
)
def test_a_query_is_never_syntax(hostile: str) -> None:
    made = query(hostile)
    if made:
        matches("政府信息公开", hostile)
    assert made.count('"') % 2 == 0


def test_snippet_marks_the_word_over_spaces() -> None:
    assert snippet("前文 三、 本年 度办 理结 果 后文", ["办理结果"]) == "…前文 三、 本年 度【办 理结 果】后文…"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three imported reports."""
    folder = tmp_path_factory.mktemp("search")
    files = folder / "files"
    files.mkdir()
    for number, (name, body) in enumerate(
        (
            ("云岭县松原镇人民政府", "镇里整修了复议接待窗口"),
            ("云岭县水务局", "没有行政复议"),
            ("云岭县教育局", "校车 Wi-Fi 信息公开"),
        )
    ):
        text = REPORT.format(title=f"{name}2023年政府信息公开工作年度报告", body=body, n=number)
        (files / f"{number}.txt").write_text(text, encoding="utf-8")
    made = folder / "archive"
    subprocess.run(
        [NIANBAO, "import", str(files), "--region", "990101", "--region-name", "云岭县", "--archive", str(made)],
        check=True,
    )
    return made


def found(archive: Path, *words: str) -> set[str]:
    done = subprocess.run(
        [NIANBAO, "search", *words, "--json", "--archive", str(archive)], check=True, capture_output=True, text=True
    )
    return {row["report"].split("/")[1] for row in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("words", "units"),
    [
        (["复议"], {"松原镇人民政府", "水务局"}),
        (["办理结果"], {"松原镇人民政府", "水务局", "教育局"}),
        (["行政复议"], {"水务局"}),
        (["镇"], {"松原镇人民政府"}),
        (["复议", "窗口"], {"松原镇人民政府"}),
        (["wi-fi"], {"教育局"}),
        (["没有这个词"], set()),
    ],
)
def test_search_finds(archive: Path, words: list[str], units: set[str]) -> None:
    assert found(archive, *words) == units


@pytest.mark.parametrize(
    ("words", "units"),
    [
        (["办理结果", "--unit", "水务"], {"水务局"}),
        (["办理结果", "--unit", "局"], {"水务局", "教育局"}),
        (["办理结果", "--unit", "云岭县教育局"], {"教育局"}),
        (["办理结果", "--unit", "局云"], set()),
        (["复议", "--unit", "教育局"], set()),
        (["云岭县", "--region", "9901"], {"松原镇人民政府", "水务局", "教育局"}),
        (["复议", "--region", "99010"], {"松原镇人民政府", "水务局"}),
        (["复议", "--region", "9902"], set()),
        (["复议", "--year", "2023", "--region", "990101", "--unit", "水务局"], {"水务局"}),
        (["复议", "--year", "2022"], set()),
        (["镇", "--year", "2023"], {"松原镇人民政府"}),
        (["r990101"], set()),
    ],
)
def test_filters(archive: Path, words: list[str], units: set[str]) -> None:
    """What the index knows of region and unit is no word of the text."""
    assert found(archive, *words) == units


@pytest.mark.parametrize("words", [["search", "办理结果"], ["news"]], ids=["search", "news"])
def test_it_is_said_when_there_is_more(archive: Path, words: list[str]) -> None:
    asked = [NIANBAO, *words, "--archive", archive]
    done = subprocess.run([*asked, "--limit", "2"], capture_output=True, text=True, check=True)
    assert "the first 2" in done.stderr
    assert len(done.stdout.splitlines()) == len(subprocess.check_output([*asked, "--limit", "1"]).splitlines()) + 1
    assert "first" not in subprocess.run([*asked, "--limit", "3"], capture_output=True, text=True, check=True).stderr


def test_all_that_came_has_no_limit(archive: Path) -> None:
    """What a limit left out would never be shown; a name may be empty."""
    for name in ("reader", ""):
        done = subprocess.run(
            [NIANBAO, "news", "--since-last", name, "--limit", "2", "--archive", archive],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1 and "leave out --limit" in done.stderr


def test_long_indexing_says_how_far_it_is(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.search.SAID", 2)
    db = connect(archive)
    db.execute("delete from indexed")
    db.execute("insert into report_fts (report_fts) values ('delete-all')")
    said: list[str] = []
    catch_up(db, 2, said.append)
    (reports,) = db.execute("select count(*) from indexed").fetchone()
    db.close()
    assert reports % 2 and said[0] == f"  2 of {reports} reports" and said[-1] == f"  {reports} of {reports} reports"


def test_search_without_a_word_says_what_to_do(archive: Path) -> None:
    done = subprocess.run(
        [NIANBAO, "search", "，", "--archive", str(archive)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "give at least one word" in done.stderr


@pytest.fixture(scope="module")
def datasette(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Datasette on the archive, as `nianbao serve` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    described = tmp_path_factory.mktemp("datasette") / "metadata.json"
    described.write_text(json.dumps(metadata()), encoding="utf-8")
    process = subprocess.Popen(
        command(archive / "nianbao.db", port, described), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/nianbao"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{url}.json", timeout=1).read()
            break
        except OSError:
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait()


@pytest.mark.parametrize("word", ["复议", "办理结果", "行政复议", "松原镇"])
def test_datasette_finds_the_same(archive: Path, datasette: str, word: str) -> None:
    with urllib.request.urlopen(f"{datasette}/report.json?_search={quote(word)}&_shape=array", timeout=10) as answer:
        rows = json.load(answer)
    assert {row["unit"].split("/")[1] for row in rows} == found(archive, word)
    assert rows


def test_datasette_says_what_tables_and_columns_mean(datasette: str) -> None:
    page = urllib.request.urlopen(f"{datasette}/figure", timeout=10).read().decode()
    assert "NULL unless state is number" in page
    assert "One printed cell of a statutory table" in page


def test_datasette_links_rows_by_what_they_name(archive: Path, datasette: str) -> None:
    """A report is named by its id, though its key in the table is a number: its links lead to it, and its page counts what names it."""
    db = sqlite3.connect(archive / "nianbao.db")
    version, report, figures = db.execute(
        "select v.id, v.report, (select count(*) from figure f where f.version = v.id) from version v limit 1"
    ).fetchone()
    (n,) = db.execute("select n from report where id = ?", [report]).fetchone()
    db.close()

    def page(path: str) -> str:
        return str(urllib.request.urlopen(f"{datasette.removesuffix('/nianbao')}{path}", timeout=10).read().decode())

    told: dict[str, int] = {}
    for path in (f"/nianbao/report/{n}", f"/nianbao/version/{version}"):
        listed = page(path).partition("Links from other tables")[2]
        for link, count in re.findall(r'<a href="(/nianbao/[^"]+)">\s*([0-9,]+) rows?</a>', listed):
            table, _, query_ = link.partition("?")
            rows = json.loads(page(f"{table}.json?{query_}&_shape=array&_size=max"))
            assert len(rows) == int(count), link
            told[table.removeprefix("/nianbao/")] = len(rows)
    assert told["version"] == 1 and told["event"] >= 1 and told["figure"] == figures > 0 and told["section"] > 0
    for table, other in (("version", "report"), ("figure", "version"), ("panel", "report")):
        (link,) = re.findall(rf'<td class="col-{other} [^"]*"><a href="([^"]+)">', page(f"/nianbao/{table}?_size=1"))
        assert "col-id " in page(link) and "1 row" in page(link)


def test_segments_of_the_index_are_joined(archive: Path, tmp_path: Path) -> None:
    """Each transaction leaves one; joined they answer the same, and what is joined already is left."""
    shutil.copytree(archive, tmp_path / "archive")
    db = connect(tmp_path / "archive")

    def segments() -> int:
        return int(db.execute("select count(distinct segid) from report_fts_idx").fetchone()[0])

    def answers() -> dict[str, list[str]]:
        return {
            word: [row["report"] for row in search(db, word, Filter(), 50)] for word in ("信息", "行政复议", "教育局")
        }

    before = answers()
    assert all(before.values())
    reports = [(row["id"], row["n"]) for row in db.query("select id, n from report")]
    for id, n in (reports * 20)[:20]:
        with db.atomic():
            unindex(db, "b.n = ?", n)
            index_report(db, id)
            index_noted(db)
    assert segments() >= 20 and answers() == before
    join_segments(db)
    assert 0 < segments() < 8 and answers() == before
    written = db.conn.total_changes
    join_segments(db)
    assert db.conn.total_changes - written <= 1
