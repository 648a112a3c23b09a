"""`nianbao merge`: archives joined without doubling anything; what comes of it is what a rebuild of the joined segments gives."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import database
from archive.joining import join
from tests.catalogue import everything
from tests.helpers import FIRST, LATER, Archive, add_portals, differing, report_id
from tests.portals import Portals
from tests.winter import Days, some

BOTH = LATER + timedelta(days=3)
RUNNING = frozenset({"run"})


@pytest.fixture(scope="module")
def county_portals() -> Iterator[Portals]:
    with Portals(FIRST, truth=some()) as running:
        yield running


@pytest.fixture(scope="module")
def apart(county_portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Archive]:
    """One archive, and a copy of it that went on by itself: rounds of both lie between each other; people said things in both."""
    folder = tmp_path_factory.mktemp("apart")
    one = Days(Archive(folder / "one"), county_portals)
    add_portals(one.archive, county_portals)
    assert one.run(FIRST, "update", "--jobs", 1).status == 0
    other = Days(one.archive.copy(folder / "other"), county_portals)
    roster = folder / "roster.csv"
    roster.write_text("region,region_name,name\n990101,清沙县,民族宗教局\n", encoding="utf-8")
    portal = one.archive.rows("select id from portal order by id")[0]["id"]
    for days, day, said in (
        (one, LATER, ("portals", "edit", portal, "--note", "said here")),
        (other, LATER + timedelta(days=1), ("portals", "edit", portal, "--note", "said there")),
        (other, LATER + timedelta(days=2), ("units", "import", roster)),
        (one, BOTH, ("news", "--since-last", "reader")),
    ):
        assert days.run(day, *said).status == 0
        assert days.run(day, "update", "--jobs", 1).status in (0, 2)
    return one.archive, other.archive


@pytest.fixture(scope="module")
def alone(county_portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive that never knew of the others: one of their portals, crawled while they did; an import."""
    archive = Archive(tmp_path_factory.mktemp("alone") / "archive")
    days = Days(archive, county_portals)
    add_portals(archive, county_portals, sorted(county_portals.sites)[0])
    assert days.run(LATER, "update", "--jobs", 1).status == 0
    file = archive.folder.parent / "云栎县统计局2023年政府信息公开工作年度报告.txt"
    heads = (
        "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 五、存在的主要问题及改进情况".split()
    )
    file.write_text("\n\n".join([file.stem, *(f"{head}\n\n照常进行。" for head in heads)]), encoding="utf-8")
    assert days.run(LATER, "import", file, "--region", "990202", "--region-name", "云栎县").status == 0
    return archive


@pytest.fixture
def target(apart: tuple[Archive, Archive], tmp_path: Path) -> Archive:
    return apart[0].copy(tmp_path / "target")


def catalogue(archive: Archive) -> Path:
    return archive.folder / "nianbao.db"


def merge(target: Archive, *others: Archive) -> subprocess.CompletedProcess[str]:
    return target.run("merge", *[other.folder for other in others], "--jobs", 1)


def state(archive: Archive) -> dict[str, str]:
    """Every file of an archive by its digest; the catalogue without the runs, which even a merge of nothing adds to."""
    files = (path for path in archive.folder.rglob("*") if path.is_file() and not path.name.startswith("nianbao.db"))
    found = {str(path.relative_to(archive.folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return found | {"catalogue": str(everything(catalogue(archive), RUNNING))}


def is_a_rebuild(archive: Archive, folder: Path) -> None:
    """A rebuild of the joined segments gives every table as it is."""
    copy = archive.copy(folder)
    copy.run("rebuild", "--jobs", 1)
    assert not differing(everything(catalogue(copy), RUNNING), everything(catalogue(archive), RUNNING))
    archive.run("verify")


def no_round_twice(archive: Archive) -> None:
    """The rounds of a portal are numbered in the order in which they began, none twice, and each holds its own captures only."""
    for portal in archive.rows("select id, round from portal"):
        rounds = archive.rows(
            "select round, began_at, ended_at from portal_round where portal = ? order by round", portal["id"]
        )
        began = [row["began_at"] for row in rounds]
        assert began == sorted(set(began)) and portal["round"] >= max(row["round"] for row in rounds)
        for row in rounds:
            wrong = archive.rows(
                "select id from capture where portal = ? and round = ? and kind in ('detail', 'column', 'attachment') "
                "and not fetched_at between ? and ?",
                *(portal["id"], row["round"], row["began_at"], row["ended_at"]),
            )
            assert not wrong


def test_copies_that_went_on_by_themselves(apart: tuple[Archive, Archive], target: Archive, tmp_path: Path) -> None:
    one, other = apart
    before = state(other)
    said = merge(target, other)
    assert "'said here' here and stays so, 'said there' there" in said.stderr
    assert target.rows("select note from portal order by id")[0]["note"] == "said here"
    assert target.rows("select 1 from unit where name = '民族宗教局'")
    captures = {row["id"] for each in apart for row in each.rows("select id from capture")}
    assert {row["id"] for row in target.rows("select id from capture")} == captures
    reports = {row["id"] for each in apart for row in each.rows("select id from report")}
    assert {row["id"] for row in target.rows("select id from report")} == reports
    assert (
        max(
            Counter(
                row["kind"] + str(row["report"])
                for row in target.rows("select kind, report from event where kind in ('new', 'backfill')")
            ).values()
        )
        == 1
    )
    no_round_twice(target)
    rounds = {each.folder.name: len(each.rows("select 1 from portal_round")) for each in (one, other, target)}
    assert rounds["target"] == rounds["one"] + rounds["other"] - len(one.rows("select 1 from portal"))
    assert state(other) == before
    old = {row["id"]: row["n"] for row in one.rows("select id, n from event")}
    assert {
        id: n for id, n in ((row["id"], row["n"]) for row in target.rows("select id, n from event")) if id in old
    } == old
    is_a_rebuild(target, tmp_path / "rebuilt")


def test_the_same_merge_again_changes_nothing(apart: tuple[Archive, Archive], target: Archive) -> None:
    merge(target, apart[1])
    before = state(target)
    assert "everything was there already" in merge(target, apart[1]).stdout
    assert "everything was there already" in merge(target, apart[0]).stdout
    assert state(target) == before


def test_archives_that_never_met(
    apart: tuple[Archive, Archive], alone: Archive, target: Archive, tmp_path: Path
) -> None:
    """Three at once, one of which crawled the same portal in overlapping times; then each one more and again."""
    merge(target, apart[1], alone)
    no_round_twice(target)
    assert target.rows("select 1 from capture where portal like 'import:%'") and target.json(
        "search", "统计局", "--region", "990202"
    )
    is_a_rebuild(target, tmp_path / "rebuilt")
    step = apart[0].copy(tmp_path / "step")
    merge(step, alone)
    merge(step, apart[1])
    assert not differing(step.dump(), target.dump())
    before = state(target)
    for other in (alone, apart[1]):
        merge(target, other)
    assert state(target) == before


def test_into_nothing(apart: tuple[Archive, Archive], tmp_path: Path) -> None:
    """A target that is not there yet becomes what the source is."""
    target = Archive(tmp_path / "new" / "archive")
    target.folder.mkdir(parents=True)
    merge(target, apart[0])
    local = RUNNING | {"bookmark", "event.n"}
    assert not differing(everything(catalogue(target), local), everything(catalogue(apart[0]), local))


def test_a_revisit_before_what_it_refers_to(apart: tuple[Archive, Archive], target: Archive, tmp_path: Path) -> None:
    """Times of captures have seconds, and a clock may be set back: their order is no reason to refuse an archive."""
    db = database.connect(target.folder)
    db.execute("update capture set fetched_at = '2027-01-01T00:00:00Z' where id in (select revisit_of from capture)")
    assert list(
        db.query("select 1 from capture c join capture o on o.id = c.revisit_of and o.fetched_at > c.fetched_at")
    )
    (tmp_path / "empty").mkdir()
    empty = database.connect(tmp_path / "empty", create=True)
    changed, _ = join(empty, db, {}, with_crawl=True)
    assert changed and not list(empty.query("pragma foreign_key_check"))
    count = "select count(*) as n, count(revisit_of) as revisits from capture"
    assert list(empty.query(count)) == list(db.query(count))


def test_the_crawl_goes_on_in_what_was_joined(
    apart: tuple[Archive, Archive], target: Archive, county_portals: Portals
) -> None:
    """What one of them has fetched is asked for conditionally, and told once."""
    merge(target, apart[1])
    before = {row["id"] for row in target.rows("select id from event")}
    begun = len(county_portals.requests)
    after = BOTH + timedelta(days=1)  # each process of a pretended day begins at the same moment
    assert Days(target, county_portals).run(after, "update", "--jobs", 1).status in (0, 2)
    served = county_portals.requests[begun:]
    assert any(entry.status == 304 for entry in served)
    fresh = [row for row in target.rows("select id, kind, report from event") if row["id"] not in before]
    appeared = {report_id(report) for report in county_portals.truth.reports if report.appears == after}
    assert {row["report"] for row in fresh if row["kind"] in ("new", "backfill")} == appeared
    no_round_twice(target)


def test_a_name_that_is_taken(apart: tuple[Archive, Archive], alone: Archive, target: Archive, tmp_path: Path) -> None:
    """Another segment by the same name comes under another one, and what refers to its captures follows."""
    other = alone.copy(tmp_path / "other")
    segment, mine = other.files(".warc.gz")[-1], target.files(".warc.gz")[0]
    for ending in (".warc.gz", ".cdxj"):
        path = segment.with_name(segment.name.replace(".warc.gz", ending))
        path.rename(path.with_name(mine.name.replace(".warc.gz", ending)))
    import sqlite3

    connection = sqlite3.connect(catalogue(other))
    connection.execute("pragma foreign_keys = off")
    for column in ("id", "segment", "revisit_of"):
        connection.execute(f"update capture set {column} = replace({column}, ?, ?)", [segment.name, mine.name])
    connection.execute("update url set capture = replace(capture, ?, ?)", [segment.name, mine.name])
    connection.execute("update sighting set capture = replace(capture, ?, ?)", [segment.name, mine.name])
    connection.commit()
    connection.close()
    merge(target, other)
    assert (target.folder / "warc" / mine.name.replace(".warc.gz", "-2.warc.gz")).exists()
    assert (target.folder / "warc" / mine.name).read_bytes() == mine.read_bytes()
    is_a_rebuild(target, tmp_path / "rebuilt")


def test_a_source_without_a_catalogue(apart: tuple[Archive, Archive], target: Archive, tmp_path: Path) -> None:
    bare = apart[1].copy(tmp_path / "bare")
    for file in bare.folder.glob("nianbao.db*"):
        file.unlink()
    said = merge(target, bare)
    assert "it has no nianbao.db" in said.stderr
    assert {row["id"] for row in target.rows("select id from report")} >= {
        row["id"] for row in apart[1].rows("select id from report")
    }
    is_a_rebuild(target, tmp_path / "rebuilt")


def test_wrong_use(target: Archive, tmp_path: Path) -> None:
    assert "no archive" in target.run("merge", tmp_path, status=1).stderr
    assert "the target itself" in target.run("merge", target.folder, status=1).stderr


def test_a_damaged_source_changes_nothing(apart: tuple[Archive, Archive], target: Archive, tmp_path: Path) -> None:
    other = apart[1].copy(tmp_path / "other")
    segment = other.files(".warc.gz")[-1]
    segment.write_bytes(segment.read_bytes()[:-9])
    before = state(target)
    assert segment.name in target.run("merge", other.folder, status=3).stderr
    target.run("build", "--jobs", 1)
    assert state(target).items() >= before.items()


def test_kills(apart: tuple[Archive, Archive], target: Archive, tmp_path: Path) -> None:
    """SIGKILL at any time: the target works, as it was or joined; the same merge again gives what it gives undisturbed."""
    whole = target.copy(tmp_path / "whole")
    began = time.monotonic()
    merge(whole, apart[1])
    seconds, chance, killed = time.monotonic() - began, random.Random(11), 0
    before = len(target.rows("select 1 from report"))
    for part in range(4):
        each = target.copy(tmp_path / f"killed-{part}")
        process = each.start("merge", apart[1].folder, "--jobs", 1)
        try:
            process.wait((part + chance.random()) / 4 * seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        assert len(each.rows("select 1 from report")) >= before
        merge(each, apart[1])
        each.run("verify")
        assert not differing(everything(catalogue(each), RUNNING), everything(catalogue(whole), RUNNING))
        assert not [path for path in each.folder.iterdir() if path.name.startswith("merge")]
        shutil.rmtree(each.folder)
    assert killed >= 2
