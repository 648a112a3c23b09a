"""Many SIGKILLs over one crawl of all simulated portals: `make kill` has 20, the tests have 6 (NIANBAO_KILLS).

What the portals' own log says is held against the archive: nothing is missing, nothing was fetched twice but what was under
way at a kill, every segment is whole by our own reading and by warcio's, every revisit leads to a full record.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Tell
from tests.helpers import (
    CAPTURES,
    FIRST,
    LATER,
    TIMEOUT,
    Archive,
    Record,
    Visit,
    add_portals,
    captures,
    differing,
    fetched_urls,
    records,
    report_urls,
    visit,
)
from tests.portals import Entry, Portals, make_truth
from tests.test_kill import SEED, fewer, points

KILLS = int(os.environ.get("NIANBAO_KILLS", "6"))
WARCIO = Path(sys.executable).with_name("warcio")


@dataclass(frozen=True, slots=True)
class Killed:
    """An archive whose crawl was killed so often, what each run was served, how often repairs were told."""

    archive: Archive
    runs: list[tuple[Entry, ...]]
    repairs: int


@pytest.fixture(scope="module")
def portals() -> Iterator[Portals]:
    with Portals(truth=fewer(make_truth(every=True))) as running:
        yield running


@pytest.fixture(scope="module")
def surveyed(portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    archive = Archive(tmp_path_factory.mktemp("surveyed") / "archive")
    add_portals(archive, portals)
    return visit(portals, archive, "survey")


@pytest.fixture(scope="module")
def whole(portals: Portals, surveyed: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The undisturbed crawl."""
    archive = surveyed.archive.copy(tmp_path_factory.mktemp("whole") / "archive")
    done = visit(portals, archive, "crawl")
    archive.run("build")
    return done


@pytest.fixture(scope="module")
def killed(portals: Portals, surveyed: Visit, whole: Visit, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """The crawl with its kills, then once more to its end."""
    archive = surveyed.archive.copy(tmp_path_factory.mktemp("killed") / "archive")
    count, runs, repairs, last = len(pages(whole.served)), [], 0, 0
    for share in points("many", KILLS):
        at = int(share * count)
        runs.append(killed_after(portals, archive, max(1, at - last)))
        repairs += "repaired" in archive.said.read_text()
        last = at
    end = visit(portals, archive, "crawl")
    archive.run("build")
    return Killed(archive, [*runs, end.served], repairs + ("repaired" in end.said.stderr))


def pages(served: tuple[Entry, ...]) -> list[Entry]:
    """What was served beside robots.txt, which every run asks for."""
    return [entry for entry in served if entry.path != "/robots.txt"]


def killed_after(portals: Portals, archive: Archive, count: int) -> tuple[Entry, ...]:
    """Run the crawl and kill it when so many answers (robots.txt apart) have gone out."""
    begun, left, process = len(portals.requests), count, archive.start("crawl")

    def kill(_: int, entry: Entry) -> None:
        nonlocal left
        left -= entry.path != "/robots.txt"
        if not left:
            process.send_signal(signal.SIGKILL)

    portals.on_response = kill
    ended = process.wait(TIMEOUT)
    portals.on_response = None
    assert ended == -signal.SIGKILL, archive.said.read_text()
    return tuple(portals.requests[begun:])


def asked_again(killed: Killed) -> list[Counter[str]]:
    """For each run that was killed: the requests by host that a later run made again."""
    found = []
    for number, run in enumerate(killed.runs[:-1]):
        later = {
            (entry.portal, entry.path, entry.method) for each in killed.runs[number + 1 :] for entry in pages(each)
        }
        found.append(Counter(entry.portal for entry in pages(run) if (entry.portal, entry.path, entry.method) in later))
    return found


def sorted_query(url: str) -> tuple[str, ...]:
    """An address whose parameters may stand in any order."""
    path, _, query = url.partition("?")
    return (path, *sorted(query.split("&")))


def all_records(archive: Archive) -> list[Record]:
    return [record for segment in archive.files(".warc.gz") for record in records(segment)]


def test_nothing_is_lost(killed: Killed, whole: Visit, portals: Portals) -> None:
    """Every page and file of every report is there, nothing waits, and what is built is what an undisturbed crawl gives."""
    assert set(map(sorted_query, report_urls(portals))) - set(map(sorted_query, fetched_urls(killed.archive))) == set()
    assert fetched_urls(killed.archive) == fetched_urls(whole.archive)
    assert killed.archive.rows("select url, state from url where state = 'waiting'") == []
    assert differing(killed.archive.dump(), whole.archive.dump()) == []


def test_only_what_was_under_way_is_fetched_twice(killed: Killed, whole: Visit, portals: Portals, tell: Tell) -> None:
    """One connection per host, so one request per host and kill at most."""
    again = asked_again(killed)
    twice = [sum(counted.values()) for counted in again]
    tell(
        f"seed {SEED}: {KILLS} kills over {len(pages(whole.served))} requests to {len(portals.sites)} portals; "
        f"fetched twice: {sum(twice)} (each kill: {' '.join(map(str, twice))}); segments repaired in {killed.repairs} runs"
    )
    assert all(count <= 1 for counted in again for count in counted.values())
    served = sum(len(pages(run)) for run in killed.runs)
    assert served == len(pages(whole.served)) + sum(twice)


def test_records_are_rows(killed: Killed, tell: Tell) -> None:
    """As many captures in the segments as rows in the catalogue, by warcio's reading; `verify` and `warcio check` are clean."""
    archive = killed.archive
    archive.run("verify")
    assert archive.files(".open") == []
    rows = archive.rows("select count(*) as n from capture")[0]["n"]
    assert len(captures(archive)) == rows
    segments = archive.files(".warc.gz")
    for segment in segments:
        done = subprocess.run([WARCIO, "check", "-v", segment], capture_output=True, text=True, timeout=TIMEOUT)
        assert done.returncode == 0 and "digest pass" in done.stdout, done.stdout + done.stderr
    torn = [path.stat().st_size for path in archive.files(".torn")]
    tell(f"{len(segments)} segments, {rows} captures, {len(torn)} torn tails kept aside ({sum(torn)} bytes)")


def test_revisits_lead_to_full_records(killed: Killed, portals: Portals, tmp_path: Path, tell: Tell) -> None:
    """After an update on a later day: every revisit names the address and date of a record that holds the payload."""
    archive = killed.archive.copy(tmp_path / "archive")
    portals.day = LATER
    try:
        visit(portals, archive, "update", day=LATER)
    finally:
        portals.day = FIRST
    found = all_records(archive)
    full = {
        (record.url, record.headers["WARC-Date"]): record.headers["WARC-Payload-Digest"]
        for record in found
        if record.type in ("response", "resource")
    }
    revisits = [record for record in found if record.type == "revisit"]
    named = [
        (record.headers["WARC-Refers-To-Target-URI"], record.headers["WARC-Refers-To-Date"]) for record in revisits
    ]
    assert revisits and all(
        full[key] == record.headers["WARC-Payload-Digest"] for key, record in zip(named, revisits, strict=True)
    )
    assert {record.type for record in found} <= {*CAPTURES, "request", "metadata", "warcinfo"}
    tell(f"{len(revisits)} revisit records, all of them lead to one of {len(full)} full records")
