"""`nianbao rebuild`: the catalogue made anew from the WARC alone is the old one, table by table, and the crawl goes on as before."""

import gzip
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.database import connect
from archive.journal import TABLES
from tests.catalogue import LOCAL, everything, tables
from tests.helpers import FIRST, LATER, Archive, add_portals, differing
from tests.portals import Portals
from tests.winter import Days, some

TRAP = (sys.executable, str(Path(__file__).with_name("kill_told.py")))
DAYS = (FIRST, LATER, LATER + timedelta(days=2), LATER + timedelta(days=4))
NEXT = LATER + timedelta(days=6)
MADE = {  # by the build from captures and what is told, and by the program itself
    "band", "built", "check_rule", "credit", "cross_check", "cross_due", "crosswalk", "document", "expected", "finding",
    "indexed", "part", "report", "review", "sighting", "similarity", "sketched", "version", "version_check", "version_figure", "version_number",
    "version_part", "version_section",
}  # fmt: skip
RUNNING = frozenset({"run"})
NOT_YET_TOLD = RUNNING | {"event.n", "unit.found_at", "bookmark"}


@pytest.fixture(scope="module")
def county_portals() -> Iterator[Portals]:
    with Portals(FIRST, truth=some()) as running:
        yield running


def report(folder: Path, name: str, title: str) -> Path:
    """A file with a report of a few sentences."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    heads = "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 四、因政府信息公开工作被申请行政复议、提起行政诉讼情况 五、存在的主要问题及改进情况 六、其他需要报告的事项"
    file.write_text(
        "\n\n".join([title, *(f"{head}\n\n本年度工作照常进行。" for head in heads.split())]), encoding="utf-8"
    )
    return file


@pytest.fixture(scope="module")
def lived(county_portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Days:
    """An archive that has seen much: rounds with changes and withdrawals, a kill, a portal that was down, people, imports."""
    folder = tmp_path_factory.mktemp("lived")
    days = Days(Archive(folder / "archive"), county_portals)
    add_portals(days.archive, county_portals)
    roster = folder / "roster.csv"
    roster.write_text("region,region_name,name,alias\n990101,清沙县,教育局,教育体育局\n", encoding="utf-8")
    inside = [
        report(folder, f"b/{name}.txt", f"清沙县{name}2024年政府信息公开工作年度报告") for name in ("林业局", "气象局")
    ]
    with zipfile.ZipFile(folder / "bundle.zip", "w") as bundle:
        for file in inside:
            bundle.write(file, file.name)
    alone = report(folder, "a.txt", "云栎县统计局2023年政府信息公开工作年度报告")
    names = sorted(county_portals.sites)
    assert days.run(DAYS[0], "update", "--jobs", 1).status == 0
    for words in (
        ("units", "import", roster),
        ("import", folder / "bundle.zip", "--region", "990101", "--region-name", "清沙县"),
        ("import", alone),
        ("news", "--since-last", "reader"),
        ("portals", "edit", days.archive.rows("select id from portal")[0]["id"], "--note", "一句话: with a colon"),
    ):
        assert days.run(DAYS[0], *words).status == 0, words
    assert days.run(DAYS[1], "crawl", kill_after=20).status == -signal.SIGKILL
    assert days.run(DAYS[1], "update", "--jobs", 1).status == 0
    county_portals.down.add(names[0])
    assert days.run(DAYS[2], "update", "--jobs", 1).status == 2
    county_portals.down.clear()
    assert days.run(DAYS[3], "update", "--jobs", 1).status in (0, 2)
    kinds = {row["kind"] for row in days.archive.rows("select distinct kind from event")}
    assert kinds >= {"backfill", "new", "revised", "withdrawn"}, kinds
    return days


@pytest.fixture
def archive(lived: Days, tmp_path: Path) -> Archive:
    return lived.archive.copy(tmp_path / "archive")


def catalogue(archive: Archive) -> Path:
    return archive.folder / "nianbao.db"


def test_every_table_is_told_or_made(tmp_path: Path) -> None:
    """A new table must be told to the WARC (`archive.journal`), made by the build, or be local for a reason that is written down."""
    db = connect(tmp_path, create=True)
    have = set(tables(db.conn))
    db.close()
    assert have == TABLES.keys() & have | MADE | {name for name in LOCAL if "." not in name}
    assert TABLES.keys() <= have


def test_every_table_is_as_it_was(archive: Archive) -> None:
    before, news = everything(catalogue(archive), RUNNING), archive.json("search", "政府信息公开")
    said = archive.run("rebuild", "--jobs", 1)
    assert "not told" not in said.stderr and not differing(everything(catalogue(archive), RUNNING), before)
    assert archive.json("search", "政府信息公开") == news
    kept = archive.folder / "nianbao.db.before-rebuild"
    assert not differing(everything(kept, RUNNING), before)
    (last,) = archive.rows("select command, state from run order by started_at desc limit 1")
    assert (last["command"], last["state"]) == ("rebuild", "done")
    archive.run("verify")
    archive.run("rebuild", "--jobs", 1)
    assert not differing(everything(catalogue(archive), RUNNING), before)


def test_without_any_catalogue(archive: Archive) -> None:
    """What people did after the last crawl, and the numbers of the last build's events, are not told yet: all else is."""
    before = everything(catalogue(archive), NOT_YET_TOLD)
    for file in archive.folder.glob("nianbao.db*"):
        file.unlink()
    said = archive.run("rebuild", "--jobs", 1)
    assert "there is no nianbao.db" in said.stderr
    assert not differing(everything(catalogue(archive), NOT_YET_TOLD), before)


def test_a_catalogue_that_cannot_be_read(archive: Archive) -> None:
    before = everything(catalogue(archive), NOT_YET_TOLD)
    with catalogue(archive).open("r+b") as file:
        file.write(b"no database at all" * 100)
    assert "rebuild" in archive.run("status", status=3).stderr
    said = archive.run("rebuild", "--jobs", 1)
    assert "cannot be read" in said.stderr
    assert not differing(everything(catalogue(archive), NOT_YET_TOLD), before)


def test_the_crawl_goes_on_as_if_nothing_had_happened(
    archive: Archive, lived: Days, county_portals: Portals, tmp_path: Path
) -> None:
    """The same requests, conditional ones too, in the same round; the same reports and events after it; no event twice."""
    rebuilt = archive.copy(tmp_path / "rebuilt")
    rebuilt.run("rebuild", "--jobs", 1)
    assert rebuilt.json("status") == archive.json("status")
    asked = []
    for each in (archive, rebuilt):
        begun = len(county_portals.requests)
        assert Days(each, county_portals).run(NEXT, "update", "--due", "--jobs", 1).status in (0, 2)
        served = county_portals.requests[begun:]
        asked.append(sorted((entry.portal, entry.path, entry.status) for entry in served))
    assert asked[0] == asked[1] and any(status == 304 for _, _, status in asked[0])
    assert not differing(rebuilt.dump(), archive.dump())
    events = [
        each.rows("select kind, report, version, url, detail from event order by n") for each in (archive, rebuilt)
    ]
    assert events[0] == events[1]
    (mine, theirs) = (each.run("news", "--since-last", "reader", "--csv").stdout for each in (archive, rebuilt))
    assert len(mine.splitlines()) == len(theirs.splitlines()) > 1


def test_kills_leave_the_archive_as_it_was(archive: Archive) -> None:
    """SIGKILL at any time: the archive works as before, and the same command again does what it should have done."""
    before = everything(catalogue(archive), RUNNING)
    began = time.monotonic()
    archive.copy(archive.folder.with_name("timed")).run("rebuild", "--jobs", 1)
    whole, chance = time.monotonic() - began, random.Random(7)
    killed = 0
    for part in range(4):
        process = archive.start("rebuild", "--jobs", 1)
        try:
            process.wait((part + chance.random()) / 4 * whole)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        assert not differing(everything(catalogue(archive), RUNNING), before)
        archive.run("verify")
    assert killed >= 2
    archive.run("rebuild", "--jobs", 1)
    assert not differing(everything(catalogue(archive), RUNNING), before)
    assert not list(archive.folder.glob("nianbao.db.new*"))


def flip(path: Path) -> None:
    """Turn one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


FOREIGN = gzip.compress(
    b"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    b"Content-Type: application/warc-fields\r\nContent-Length: 20\r\n\r\nsoftware: another\r\n\r\n\r\n\r\n"
)
DAMAGE: dict[str, Callable[[Path], object]] = {
    "a bit": flip,
    "torn": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "foreign": lambda path: path.write_bytes(FOREIGN),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_segments_that_are_not_whole_are_named(kind: str, archive: Archive) -> None:
    before = everything(catalogue(archive), RUNNING)
    segment = max(archive.files(".warc.gz"), key=lambda path: path.stat().st_size)
    DAMAGE[kind](segment)
    said = archive.run("rebuild", status=3).stderr
    assert segment.name in said and "nothing was changed" in said
    assert not differing(everything(catalogue(archive), RUNNING), before)


def test_a_full_disk_loses_nothing(archive: Archive) -> None:
    before = everything(catalogue(archive), RUNNING)
    words, environment = archive.command("rebuild", "--jobs", 1)
    size = catalogue(archive).stat().st_size // 2
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # noqa: E731
    full = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert full.returncode == 1 and "run it again" in full.stderr and "Traceback" not in full.stderr, full.stderr
    assert not differing(everything(catalogue(archive), RUNNING), before)
    archive.run("rebuild", "--jobs", 1)


def test_somebody_reads_the_catalogue(archive: Archive) -> None:
    reader = sqlite3.connect(catalogue(archive), isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from report").fetchone()
    assert "stop it" in archive.run("rebuild", status=1).stderr
    reader.close()
    archive.run("rebuild", "--jobs", 1)


def test_no_segments(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    assert "no segments" in Archive(tmp_path / "archive").run("rebuild", status=1).stderr


@pytest.fixture(scope="module")
def surveyed(county_portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Where the crawls that are killed begin."""
    archive = Archive(tmp_path_factory.mktemp("surveyed") / "archive")
    add_portals(archive, county_portals)
    county_portals.day = FIRST
    archive.run("survey")
    return archive


@pytest.mark.parametrize("nth", [2, 9, 30])
def test_what_was_told_and_not_stored(nth: int, surveyed: Archive, county_portals: Portals, tmp_path: Path) -> None:
    """Killed after a transaction was told and before it ended: the next run stores it, and asks for nothing twice because of it."""
    archive = surveyed.copy(tmp_path / "archive")
    county_portals.day = FIRST
    begun = len(county_portals.requests)
    process = archive.start(str(nth), "crawl", program=TRAP)
    process.wait(120)
    assert process.returncode == -signal.SIGKILL, archive.said.read_text()
    said = archive.run("crawl").stderr
    assert "rows of the crawl stored now" in said
    archive.run("verify")
    asked = [(entry.path, entry.portal) for entry in county_portals.requests[begun:] if "robots" not in entry.path]
    assert len(asked) - len(set(asked)) <= len(
        county_portals.sites
    )  # one of each host was under way when it was killed
    archive.run("build", "--jobs", 1)
    before = everything(catalogue(archive), RUNNING)
    archive.run("rebuild", "--jobs", 1)
    assert not differing(everything(catalogue(archive), RUNNING), before)
