"""Every refusal and fault through the real crawl: its kind, its row, no report of it, no storm, and the good report beside it.

All cases of a folder of portals are crawled by one `update`; the table of what was sent, expected and recorded is printed.
"""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.pages import Page
from crawler.refusals import pretence, refusal
from extract.model import Unreadable
from tests.fault_cases import FAULTY, FINE
from tests.faults import FAULT, Case, Faults
from tests.helpers import Archive
from tests.hurried import TOLD

TIMEOUT = 400
FIXTURES = Path(__file__).with_name("fixtures")
PAGES = sorted(FIXTURES.rglob("*.html"))
ELSEWHERE = {  # kinds that other tests hold: what is sent, the kind, where
    "429, 503": ("retry-after, busy", "test_politeness"),
    "robots.txt 401, 403, 5xx": ("robots", "test_politeness"),
    "a private address, also by redirect and DNS": ("not-allowed", "test_politeness"),
    "a name that does not resolve; old TLS": ("unreachable; read", "test_politeness"),
}
OVERHEAD = 10  # requests of a portal beside the fault: home page, column, good reports, pages of the pager that show nothing new
SAVED = 80  # MB that bodies of 200 MB may take: the limit of a page is 20, once in the buffer and once whole, in two portals
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """An archive after one `update` of all cases."""

    faults: Faults
    archive: Archive
    said: str
    status: int
    peak: int
    counts: dict[str, int]  # requests to the paths of each case

    def portal(self, case: Case) -> str:
        return self.faults.url(case.name).split("/")[2]

    def kind(self, case: Case) -> str:
        """The kind that was recorded for the first path of a case."""
        url = self.faults.url(case.name) + case.on[0][1:]
        rows = self.archive.rows("select kind from failure where subject = ? and portal = ?", url, self.portal(case))
        return ", ".join(row["kind"] for row in rows)


def run(cases: tuple[Case, ...], folder: Path) -> Iterator[Ran]:
    with Faults(cases) as faults:
        archive = Archive(folder / "archive")
        file = folder / "portals.csv"
        with file.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("url", "region", "region_name", "allow_private", "delay"))
            for number, name in enumerate(faults.cases):
                writer.writerow((faults.url(name), 990_001 + number, "清沙县", 1, 0))
        archive.run("portals", "import", file)
        words, environment = archive.command("update", "--jobs", 1)
        hurried = [sys.executable, str(Path(__file__).with_name("hurried.py")), *words[1:]]
        done = subprocess.run(hurried, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said[-5000:]
        counts = {case.name: faults.asked(case.name, *case.on) for case in cases}
        yield Ran(faults, archive, said, done.returncode, int(done.stderr.rpartition(TOLD)[2]), counts)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    yield from run(FAULTY, tmp_path_factory.mktemp("faulty"))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    yield from run(FINE, tmp_path_factory.mktemp("fine"))


def years(ran: Ran, case: Case) -> list[tuple[str, int]]:
    """The reports of a case's portal, in a county of its own."""
    region = 990_001 + list(ran.faults.cases).index(case.name)
    rows = ran.archive.rows(
        "select u.name, r.year from report r join unit u on u.id = r.unit where r.region = ?", str(region)
    )
    return sorted((row["name"], row["year"]) for row in rows)


def check(ran: Ran, case: Case) -> None:
    """What holds for every case: requests, reports, nothing waiting."""
    assert ran.counts[case.name] == case.asked or not case.asked
    found = set(years(ran, case))
    assert (("水务局", 2023) in found, ("教育局", 2024) in found) == (case.found > 0, case.found > 1)
    assert found <= {("教育局", 2024), *(("水务局", year) for year in range(2020, 2024))}
    waiting = "select url, note from url where portal = ? and state = 'waiting'"
    assert ran.archive.rows(waiting, ran.portal(case)) == []


@pytest.mark.parametrize("case", FAULTY, ids=[case.name for case in FAULTY])
def test_fault(case: Case, faulty: Ran) -> None:
    check(faulty, case)
    assert faulty.kind(case) == case.kind
    for path in case.on[: 1 if case.kind == "cut" else None]:
        url, state = faulty.faults.url(case.name) + path[1:], "failed"
        states = faulty.archive.rows(
            "select state from url where url = ? and portal = ? and spider = 'reports'", url, faulty.portal(case)
        )
        directory = path.endswith("/") and case.kind == "blocked:403"
        assert {row["state"] for row in states} <= ({"done"} if directory or "/index." in path else {state}) | {state}
    (row,) = [row for row in faulty.archive.json("status") if row["portal"] == faulty.portal(case)]
    assert row["state"] in case.state.split(" or ")
    assert case.kind in str(row["failures"])


@pytest.mark.parametrize("case", FINE, ids=[case.name for case in FINE])
def test_odd_and_read(case: Case, harmless: Ran) -> None:
    check(harmless, case)
    assert harmless.kind(case) == ""
    url = harmless.faults.url(case.name) + case.on[0][1:]
    read = harmless.archive.rows(
        "select d.text from sighting s join document d on d.sha256 = s.document where s.url = ?", url
    )
    assert read and all("总体情况" in row["text"] for row in read)
    (row,) = [row for row in harmless.archive.json("status") if row["portal"] == harmless.portal(case)]
    assert row["state"] == case.state
    assert harmless.faults.asked(case.name) <= OVERHEAD + case.asked


def test_exit_status(faulty: Ran, harmless: Ran) -> None:
    assert (faulty.status, harmless.status) == (2, 0), harmless.said[-3000:]


def test_failures_are_listed(faulty: Ran) -> None:
    """`status --failures` names each fault's address and kind, with a reason in words."""
    listed = {(row["url"], row["kind"]): row["reason"] for row in faulty.archive.json("status", "--failures")}
    for case in FAULTY:
        url = faulty.faults.url(case.name) + case.on[0][1:]
        assert len(listed[url, case.kind]) >= len("status 404"), case.name


def test_nothing_of_a_fault_is_content(faulty: Ran) -> None:
    """No document, version or sighting comes from what a fault sent; the archive holds it, and it verifies."""
    for case in FAULTY:
        if case.kind == "cut":
            continue
        for path in case.on:
            url = faulty.faults.url(case.name) + path[1:]
            assert faulty.archive.rows("select 1 from sighting where url = ?", url) == [], case.name
            unsaid = "select 1 from capture where url = ? and status = 200 and refused = '' and document is not null"
            assert faulty.archive.rows(unsaid, url) == [], case.name
    faulty.archive.run("verify")


def test_a_second_update_makes_no_storm(faulty: Ran, tmp_path: Path) -> None:
    """The next round asks each fault again, as often as before and no more, and invents nothing."""
    archive = faulty.archive.copy(tmp_path / "archive")
    before = archive.dump()
    words, environment = archive.command("update", "--jobs", 1)
    hurried = [sys.executable, str(Path(__file__).with_name("hurried.py")), *words[1:]]
    assert subprocess.run(hurried, env=environment, capture_output=True, timeout=TIMEOUT).returncode == 2
    for case in FAULTY:
        assert faulty.faults.asked(case.name, *case.on) <= 2 * faulty.counts[case.name], case.name
    after = archive.dump()
    assert [after[name] for name in ("report", "version", "figure", "event")] == [
        before[name] for name in ("report", "version", "figure", "event")
    ]


def test_cookies_stay_few(harmless: Ran) -> None:
    """After a storm of cookies, requests are no longer than a server takes."""
    sent = [headers.get("cookie", "") for case, _, headers in harmless.faults.requests if case == "a storm of cookies"]
    assert max(map(len, sent)) < 10_000


def test_memory_stays_flat(faulty: Ran, harmless: Ran, tell: Tell) -> None:
    tell(f"peak of memory: {faulty.peak} MB with bodies of 200 MB, {harmless.peak} MB without")
    assert faulty.peak < harmless.peak + SAVED


def test_the_table(faulty: Ran, harmless: Ran, tell: Tell) -> None:
    """What was sent, expected and recorded, for people."""
    lines = [f"{'case':24}{'requests':>9}  {'expected':22}{'recorded':22}sent"]
    for ran, cases in ((faulty, FAULTY), (harmless, FINE)):
        for case in cases:
            recorded = ran.kind(case) or ("read" if ("教育局", 2024) in years(ran, case) else "nothing")
            lines.append(f"{case.name:24}{ran.counts[case.name]:>9}  {case.kind or 'read':22}{recorded:22}{case.sent}")
    for sent, (kind, where) in ELSEWHERE.items():
        lines.append(f"{'':24}{'':>9}  {kind:22}{'see ' + where:22}{sent}")
    tell("\n".join(lines))
    assert FAULT in faulty.faults.cases["404"].pages


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(FIXTURES)))
def test_no_page_of_the_fixtures_is_refused(file: Path) -> None:
    """Lists and reports of every family: none is taken for a fault."""
    body = file.read_bytes()
    assert refusal(200, {"content-type": "text/html"}, body) is None
    with suppress(Unreadable):  # one is nested too deeply to be read
        assert pretence(Page("http://www.mm.gov.cn/zwgk/a.html", body)) is None
