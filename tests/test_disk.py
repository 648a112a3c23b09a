"""What cannot be written. A disk that takes no more: the crawl stops with a reason, nothing follows a torn record, and the next run goes on.

The limit is the kernel's (RLIMIT_FSIZE): a write beyond it fails as on a full disk, in the middle of a record.
"""

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import warc
from tests.helpers import Archive, Visit, fetched_urls, report_urls
from tests.portals import Portals

WRITES = """
import json, sys
from pathlib import Path
from archive.warc import Unwritable, Writer

writer, written, refused = Writer(Path(sys.argv[1]), "0" * 32), 0, 0
for number in range(40):
    try:
        writer.write("resource", f"http://127.0.0.1/{number}", bytes(range(256)) * 8, media_type="text/plain")
        written += 1
    except Unwritable:
        refused += 1
try:
    writer.close()
except Unwritable:
    refused += 1
print(json.dumps([written, refused]))
"""
HURRIED = "import archive.database as database; database.WAIT = 0.2; import nianbao; nianbao.main()"


def limited(size: int) -> Callable[[], None]:
    """What a child process does first: no file of its own may grow beyond `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_nothing_follows_a_torn_record(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITES, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=limited(10_000))
    written, refused = json.loads(done.stdout)
    assert written > 3
    assert (
        written + refused == 41
    )  # every later record is refused too, and so is closing the segment as if it were whole
    (open_segment,) = warc.left_open(tmp_path)
    segment, torn = warc.close_copy(open_segment)
    assert torn > 0
    assert [record.type for _, _, record in warc.records(segment)] == ["warcinfo", *["resource"] * written]


@pytest.mark.parametrize("size", [400_000, 1_200_000])
def test_a_crawl_on_a_full_disk_stops_and_goes_on(
    size: int, surveyed: Visit, server: Portals, copy: Callable[[Visit], Archive]
) -> None:
    archive = copy(surveyed)
    words, environment = archive.command("crawl")
    full = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, preexec_fn=limited(size))
    assert full.returncode == 4, full.stderr
    assert "Nothing is lost" in full.stderr and "Traceback" not in full.stderr
    archive.run("crawl")
    archive.run("verify")
    assert fetched_urls(archive) >= report_urls(server)
    assert not archive.files(".open")


@pytest.mark.parametrize(
    "held", ["begin immediate", "pragma locking_mode = exclusive; begin exclusive; delete from failure; commit"]
)
def test_another_process_writes_for_long(held: str, tmp_path: Path) -> None:
    """Where it lets others read, and where not even that: nothing is damaged, and it is said what to do."""
    archive = Archive(tmp_path / "archive")
    archive.run("portals", "add", "http://127.22.0.9:9/", "--allow-private", "--region", "990001")
    before = archive.run("portals", "list", "--json").stdout
    writer = sqlite3.connect(archive.folder / "nianbao.db", isolation_level=None)
    writer.executescript(held)
    words, environment = archive.command("portals", "edit", "127.22.0.9:9", "--every", 9)
    done = subprocess.run([sys.executable, "-c", HURRIED, *words[1:]], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "another command is writing in this archive" in done.stderr and done.stderr.count("\n") == 1, done.stderr
    writer.close()
    assert archive.run("portals", "list", "--json").stdout == before
