"""The stages of one archive, each made once a session and never changed: surveyed → crawled → again → later.

A test that changes an archive takes a copy; one that changes the portals asks for `server`, which puts them back.
"""

import compileall
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import FIRST, LATER, Archive, Visit, add_portals, visit
from tests.portals import Portals

ROOT = Path(__file__).resolve().parent.parent
LONGEST = (
    "cases structures winter county many_kills ocr events pipeline every_family bundles politeness kill merge rebuild queries office "
    "extract_properties quality faults health portals migrations picture due deadlines search"
).split()  # measured; order matters little among them


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the program once: where PYTHONDONTWRITEBYTECODE is set, each of its processes would do it again."""
    if not hasattr(session.config, "workerinput"):
        for room in ("extract", "archive", "crawler"):
            compileall.compile_dir(ROOT / room, quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that none is left for one process when the others have ended."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem.removeprefix("test_"), len(places)))


@pytest.fixture(scope="session")
def county_portals() -> Iterator[Portals]:
    """The three portals of this test process, on a free port."""
    with Portals() as running:
        yield running


@pytest.fixture
def server(county_portals: Portals) -> Iterator[Portals]:
    """The portals for a test that changes them: their day, who is down or empty, what happens after an answer."""
    county_portals.day = FIRST
    yield county_portals
    county_portals.on_response = None
    county_portals.down.clear()
    county_portals.empty.clear()


@pytest.fixture(scope="session")
def surveyed(county_portals: Portals, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The portals were added and surveyed; no report has been fetched."""
    archive = Archive(tmp_path_factory.mktemp("surveyed") / "archive")
    add_portals(archive, county_portals)
    return visit(county_portals, archive, "survey")


@pytest.fixture(scope="session")
def crawled(county_portals: Portals, surveyed: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The first `update`, undisturbed, in January."""
    archive = surveyed.archive.copy(tmp_path_factory.mktemp("crawled") / "archive")
    return visit(county_portals, archive, "update")


@pytest.fixture(scope="session")
def again(county_portals: Portals, crawled: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """`update` once more on the same day: nothing has changed."""
    archive = crawled.archive.copy(tmp_path_factory.mktemp("again") / "archive")
    return visit(county_portals, archive, "update")


@pytest.fixture(scope="session")
def later(county_portals: Portals, again: Visit, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """`update` in February: reports have appeared, changed and vanished. Somebody had read the news up to then."""
    archive = again.archive.copy(tmp_path_factory.mktemp("later") / "archive")
    archive.run("news", "--since-last", "reader")
    return visit(county_portals, archive, "update", day=LATER)


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[Visit], Archive]:
    """Makes copies of a stage's archive for a test that changes it."""

    def make(stage: Visit) -> Archive:
        return stage.archive.copy(tmp_path / f"copy-{len(list(tmp_path.iterdir()))}")

    return make


Tell = Callable[[str], None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Says something in the summary of the tests, from a worker process too."""
    return lambda text: record_property("said", text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests told."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    told = [(report.nodeid, text) for report in reports for name, text in report.user_properties if name == "said"]
    for nodeid, text in told:
        terminalreporter.write_line(f"{nodeid.rpartition('/')[2]}:")
        terminalreporter.write_line("".join(f"    {line}\n" for line in str(text).splitlines()).rstrip())
