"""SIGKILL at any point loses nothing and damages nothing: run the same command again, and all is as if undisturbed.

The points are drawn by a seed that is told in the summary; NIANBAO_KILL_SEED sets another.
"""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.helpers import (
    FIRST,
    LATER,
    TIMEOUT,
    Archive,
    Visit,
    add_portals,
    captures,
    differing,
    fetched_urls,
    records,
    report_urls,
    visit,
)
from tests.portals import Entry, Portals, Truth, make_truth
from tests.portals.quirks import COPIES, REVISED, VANISHES
from tests.portals.sites.lonsun import SECOND_ADDRESS

SEED = int(os.environ.get("NIANBAO_KILL_SEED", "20260110"))
BETWEEN = (sys.executable, str(Path(__file__).with_name("kill_between.py")))
PIECEMEAL = (sys.executable, str(Path(__file__).with_name("piecemeal.py")))
POLL = 0.01  # seconds between two looks
GRACE = 10  # seconds for the readers of a killed build to end, on a busy machine too
HOSTS = 3  # one request at a time of each: at most so many are under way when the process is killed
Tell = Callable[[str], None]


def fewer(truth: Truth) -> Truth:
    """The truth without most of its PDFs and a third of its other pages, so that a build takes two seconds."""
    special = REVISED.keys() | VANISHES.keys() | COPIES.keys() | SECOND_ADDRESS
    chosen = (
        r for r in truth.reports if (r.serial % 10 == 0 if r.carrier == "pdf" else r.serial % 3) or r.key in special
    )
    return replace(truth, reports=tuple(chosen))


TRUTH = fewer(make_truth())


@pytest.fixture(scope="module")
def county_portals() -> Iterator[Portals]:
    with Portals(truth=TRUTH) as running:
        yield running


@pytest.fixture(scope="module")
def surveyed(county_portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Where every crawl of these tests begins."""
    archive = Archive(tmp_path_factory.mktemp("surveyed") / "archive")
    add_portals(archive, county_portals)
    return visit(county_portals, archive, "survey")


@pytest.fixture(scope="module")
def unbuilt(county_portals: Portals, surveyed: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The undisturbed crawl: everything is fetched and nothing is built."""
    archive = surveyed.archive.copy(tmp_path_factory.mktemp("unbuilt") / "archive")
    return visit(county_portals, archive, "crawl")


@pytest.fixture(scope="module")
def crawled(county_portals: Portals, unbuilt: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The undisturbed crawl, built: what every killed one must come to."""
    archive = unbuilt.archive.copy(tmp_path_factory.mktemp("crawled") / "archive")
    return replace(visit(county_portals, archive, "build", "--jobs", 1), served=unbuilt.served)


@pytest.fixture(scope="module")
def later(county_portals: Portals, crawled: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The undisturbed update in February."""
    archive = crawled.archive.copy(tmp_path_factory.mktemp("later") / "archive")
    return visit(county_portals, archive, "update", "--jobs", 1, day=LATER)


@pytest.fixture
def server(county_portals: Portals) -> Portals:
    county_portals.day = FIRST
    return county_portals


def points(name: str, count: int = 1) -> list[float]:
    """Where to kill, as shares of the whole way: one somewhere in each of `count` equal parts."""
    chance = random.Random(f"{SEED} {name}")
    return [round((part + chance.random()) / count, 4) for part in range(count)]


def nth(share: float, whole: int) -> int:
    return 1 + int(share * whole)


def kill_after(
    portals: Portals,
    archive: Archive,
    served: int,
    *words: str,
    by: int = signal.SIGKILL,
    status: int = -signal.SIGKILL,
) -> tuple[Entry, ...]:
    """Run a command and send it a signal when the portals have given so many answers; what they served."""
    begun, process = len(portals.requests), archive.start(*words)

    def kill(count: int, entry: Entry) -> None:
        if count - begun == served:
            process.send_signal(by)

    portals.on_response = kill
    ended = process.wait(TIMEOUT)
    portals.on_response = None
    assert ended == status, archive.said.read_text()
    return tuple(portals.requests[begun:])


def kill_before_transaction(portals: Portals, archive: Archive, n: int, text: str, *words: str) -> tuple[Entry, ...]:
    """Run a command that kills itself between archive write and transaction; what the portals served."""
    begun = len(portals.requests)
    process = archive.start(*words, program=(*BETWEEN, str(n), text))
    assert process.wait(TIMEOUT) == -signal.SIGKILL, archive.said.read_text()
    return tuple(portals.requests[begun:])


def twice(*served: Entry) -> Counter[str]:
    """What was fetched more than once, by portal; robots.txt is asked for by every run."""
    fetched = Counter((entry.portal, entry.path) for entry in served if entry.path != "/robots.txt")
    return Counter(portal for (portal, _), count in fetched.items() for _ in range(count - 1))


def check_captures(archive: Archive, portals: Portals) -> None:
    """Nothing is missing, nothing is damaged, nothing waits."""
    assert report_urls(portals) - fetched_urls(archive) == set()
    archive.run("verify")
    assert len(captures(archive)) == archive.rows("select count(*) as n from capture")[0]["n"]
    assert archive.files(".open") == []
    assert archive.rows("select url, state, note from url where state not in ('done', 'not_report')") == []


@pytest.mark.parametrize("share", points("served", 4))
def test_killed_while_it_fetches(
    share: float, surveyed: Visit, crawled: Visit, server: Portals, copy: Callable[[Visit], Archive], tell: Tell
) -> None:
    archive, whole = copy(surveyed), len(crawled.served)
    tell(f"seed {SEED}: killed after {nth(share, whole)} of {whole} answers")
    before = kill_after(server, archive, nth(share, whole), "crawl")
    after = visit(server, archive, "crawl")
    archive.run("build", "--jobs", 1)
    check_captures(archive, server)
    assert max(twice(*before, *after.served).values(), default=0) <= 1
    assert twice(*before, *after.served).total() <= HOSTS
    assert differing(archive.dump(), crawled.archive.dump()) == []
    assert [row["state"] for row in archive.rows("select state from run order by started_at")][1:] == ["killed", "done", "done"]  # fmt: skip


NEARLY = 0.97  # of the whole way: the two smaller portals are finished, the third is not


@pytest.mark.parametrize(
    ("by", "share"),
    [(signal.SIGINT, *points("interrupted")), (signal.SIGTERM, NEARLY)],
    ids=("SIGINT", "SIGTERM"),
)
def test_interrupted(
    by: signal.Signals,
    share: float,
    surveyed: Visit,
    unbuilt: Visit,
    server: Portals,
    copy: Callable[[Visit], Archive],
    tell: Tell,
) -> None:
    """Ctrl-C and a polite kill close the segment, say how to go on, and end with 4."""
    archive, whole = copy(surveyed), len(unbuilt.served)
    tell(f"seed {SEED}: {by.name} after {nth(share, whole)} of {whole} answers")
    before = kill_after(server, archive, nth(share, whole), "crawl", by=by, status=4)
    assert "run the same command again" in archive.said.read_text() and archive.files(".open") == []
    after = visit(server, archive, "crawl")
    assert "repaired" not in after.said.stderr
    assert twice(*before, *after.served).total() <= HOSTS
    check_captures(archive, server)


@pytest.mark.parametrize("share", points("between"))
def test_killed_between_archive_and_transaction(
    share: float, surveyed: Visit, crawled: Visit, server: Portals, copy: Callable[[Visit], Archive], tell: Tell
) -> None:
    archive, whole = copy(surveyed), len(crawled.served)
    tell(f"seed {SEED}: killed before the transaction of capture {nth(share, whole)} of {whole}")
    before = kill_before_transaction(server, archive, nth(share, whole), "", "crawl")
    after = visit(server, archive, "crawl")
    repaired = re.search(r"repaired: .* (\d+) (?:of them )?catalogued now", after.said.stderr)
    assert repaired and int(repaired[1]) >= 1, after.said.stderr
    archive.run("build", "--jobs", 1)
    check_captures(archive, server)
    assert 1 <= twice(*before, *after.served).total() <= HOSTS
    assert differing(archive.dump(), crawled.archive.dump()) == []


def test_killed_before_the_attachments_of_a_page_are_known(
    surveyed: Visit, server: Portals, copy: Callable[[Visit], Archive]
) -> None:
    """The page is in the WARC, what it led to was never stored: asking for it again must find its attachment again."""
    archive = copy(surveyed)
    report = next(each for each in TRUTH.of_portal("plain") if each.carrier == "docx" and each.visible_on(FIRST))
    (page,), (attachment,) = server.url_of(report.key).pages, server.url_of(report.key).attachments
    kill_before_transaction(server, archive, 1, page.partition("//")[2], "crawl")
    visit(server, archive, "crawl")
    assert attachment in fetched_urls(archive)
    check_captures(archive, server)


@pytest.mark.parametrize("share", points("later"))
def test_killed_in_a_later_crawl(
    share: float, crawled: Visit, later: Visit, server: Portals, copy: Callable[[Visit], Archive], tell: Tell
) -> None:
    """Half of an update's crawl, the kill, and the rest: the same news as from a whole one."""
    archive, whole = copy(crawled), len(later.served)
    server.day = LATER
    tell(f"seed {SEED}: killed after {nth(share, whole)} of {whole} answers")
    before = kill_after(server, archive, nth(share, whole), "update")
    after = visit(server, archive, "update", "--jobs", 1, day=LATER)
    check_captures(archive, server)
    assert twice(*before, *after.served).total() <= HOSTS
    assert differing(archive.dump(), later.archive.dump()) == []


def until(true: Callable[[], bool]) -> None:
    """Look again and again until it is true."""
    end = time.monotonic() + TIMEOUT
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(POLL)


def group(leader: int) -> list[int]:
    """The living processes of a process group."""
    done = subprocess.run(["ps", "-e", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == leader and not state.startswith("Z")]


@dataclass(frozen=True, slots=True)
class KilledBuild:
    """An archive whose build was killed, the reports that were written by then, the processes that outlived it."""

    archive: Archive
    reports: int
    left: list[int]


@pytest.fixture(scope="module")
def killed_build(unbuilt: Visit, crawled: Visit, tmp_path_factory: pytest.TempPathFactory) -> KilledBuild:
    """A build killed when some of the reports were written, a few at a time: it is too fast to be met otherwise."""
    archive = unbuilt.archive.copy(tmp_path_factory.mktemp("killed") / "archive")
    enough = nth(points("build")[0], reports(crawled.archive) // 2)
    process = archive.start("build", program=PIECEMEAL)
    until(lambda: reports(archive) >= enough or process.poll() is not None)
    process.kill()
    assert process.wait(TIMEOUT) == -signal.SIGKILL, archive.said.read_text()
    end = time.monotonic() + GRACE
    while (left := group(process.pid)) and time.monotonic() < end:
        time.sleep(POLL)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return KilledBuild(archive, reports(archive), left)


def reports(archive: Archive) -> int:
    return int(archive.rows("select count(*) as n from report")[0]["n"])


def test_killed_while_it_builds(killed_build: KilledBuild, crawled: Visit, tmp_path: Path, tell: Tell) -> None:
    whole = reports(crawled.archive)
    tell(f"seed {SEED}: build killed when {killed_build.reports} of {whole} reports were written")
    assert 0 < killed_build.reports < whole
    archive = killed_build.archive.copy(tmp_path / "archive")
    archive.run("build", "--jobs", 1)
    assert differing(archive.dump(), crawled.archive.dump()) == []
    archive.run("verify")


def test_readers_do_not_outlive_a_killed_build(killed_build: KilledBuild) -> None:
    """Nobody would ever end them, and each holds 75 MB."""
    assert killed_build.left == []


GARBAGE = random.Random(SEED).randbytes(3000)


@pytest.mark.parametrize("tail", ("half a record", "garbage", "nothing"))
def test_a_torn_segment_is_repaired(tail: str, surveyed: Visit, copy: Callable[[Visit], Archive]) -> None:
    """The complete records stay where they were, the tail is kept aside, both are said."""
    archive = copy(surveyed)
    (segment,) = archive.files(".warc.gz")
    whole, last = segment.read_bytes(), list(records(segment))[-1]
    half = whole[last.offset : last.offset + last.length // 2]
    torn = {"half a record": half, "garbage": GARBAGE, "nothing": b""}[tail]
    segment.with_name(segment.name + ".open").write_bytes(whole + torn)
    segment.unlink()
    segment.with_name(segment.name.replace(".warc.gz", ".cdxj")).unlink()
    said = archive.run("build").stderr
    assert segment.name in said and "repaired" in said
    assert segment.read_bytes() == whole
    assert archive.files(".open") == [] and len(archive.files(".cdxj")) == 1
    if torn:
        (kept,) = archive.files(".torn")
        assert kept.read_bytes() == torn
        assert kept.name in said and f"{len(torn)} bytes" in said
    archive.run("verify")


@pytest.mark.parametrize("start", (b"", GARBAGE), ids=("nothing", "garbage"))
def test_a_segment_without_any_record(start: bytes, surveyed: Visit, copy: Callable[[Visit], Archive]) -> None:
    """Killed before its first record was whole."""
    archive = copy(surveyed)
    (segment,) = archive.files(".warc.gz")
    empty = segment.with_name("nianbao-20260110000000000-00000000-0000.warc.gz.open")
    empty.write_bytes(start)
    assert "0 captures kept" in archive.run("build").stderr
    assert archive.files(".open") == []
    assert [path for path in archive.files(".warc.gz") if list(records(path))] == [segment]
    assert [path.read_bytes() for path in archive.files(".torn")] == ([start] if start else [])
    archive.run("verify")


def test_captures_that_reached_the_segment_alone_are_catalogued(
    surveyed: Visit, copy: Callable[[Visit], Archive]
) -> None:
    """An open segment of which the catalogue knows nothing: every capture gets the row that it would have had."""
    archive = copy(surveyed)
    (segment,) = archive.files(".warc.gz")
    columns = "id, url, fetched_at, status, media_type, sha256, segment, start, length, type, revisit_of, portal, kind, round, found_on, link_text, stated_date, headers"  # fmt: skip
    rows = archive.rows(f"select {columns} from capture order by id")
    forget(archive)
    segment.rename(segment.with_name(segment.name + ".open"))
    said = archive.run("build").stderr
    assert re.search(rf"{len(rows)} captures kept, {len(rows)} (?:of them )?catalogued now", said)
    assert archive.rows(f"select {columns} from capture order by id") == rows
    archive.run("verify")


def forget(archive: Archive) -> None:
    """Take every capture out of the catalogue."""
    connection = sqlite3.connect(archive.folder / "nianbao.db")
    with connection:
        connection.execute("delete from capture")
    connection.close()
