"""The quality gate: no format is read worse than when its floors were pinned (`tests/quality.py`)."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import quality
from tests.corpus import FORMATS, STRUCTURAL, digest_of, documents, names, office
from tests.quality import COUNTS, FLOORS, SHARES, Score

CORPUS = Path(__file__).resolve().parent / "corpus"
ALLOWED_SIZE = 6 * 2**20
TOO_LOW = 0.002  # a floor so far below what is read is no floor any more
PRODUCT = {"extract", "archive", "crawler", "nianbao"}


@pytest.fixture(scope="module")
def measured() -> dict[str, Score]:
    return quality.scores()


def test_the_table(measured: dict[str, Score], tell: Callable[[str], None]) -> None:
    """What is read today, for a person."""
    tell(quality.table(measured))
    assert set(measured) == set(FLOORS) == set(FORMATS)
    assert all(one.documents >= 30 for one in measured.values())


@pytest.fixture(autouse=True)
def measurable(request: pytest.FixtureRequest) -> None:
    """A test of one format is skipped where this machine cannot measure it."""
    format = getattr(request.node, "callspec", None) and request.node.callspec.params.get("format")
    if format and not quality.can_measure(format):
        pytest.skip(f"{format} is measured with LibreOffice, which is not installed")


@pytest.mark.parametrize("format", FORMATS)
def test_the_corpus_is_the_one_of_the_floors(format: str, measured: dict[str, Score]) -> None:
    """Another corpus has other floors: look at `python -m tests.quality --errors --pin`, then pin both."""
    assert digest_of(measured[format].fingerprints) == FLOORS[format][-1]


@pytest.mark.parametrize("format", FORMATS)
def test_no_floor_sinks(format: str, measured: dict[str, Score]) -> None:
    rates = measured[format].rates()
    errors = "\n".join(quality.frequent(measured[format].errors))
    for name, floor in floors(format).items():
        assert rates[name] <= floor if name in COUNTS else rates[name] >= floor, f"{name} of {format}\n{errors}"


@pytest.mark.parametrize("format", FORMATS)
def test_a_floor_is_what_was_measured(format: str, measured: dict[str, Score]) -> None:
    """A floor that is far below what is read would let much sink unseen: pin what has been reached."""
    rates, pinned = measured[format].rates(), floors(format)
    assert {name: rates[name] - pinned[name] for name in SHARES if rates[name] - pinned[name] > TOO_LOW} == {}


@pytest.mark.parametrize("format", FORMATS)
def test_every_document_reads_back_as_itself(format: str, measured: dict[str, Score]) -> None:
    """Its canonical text, that is; what cannot be read has none, and is counted by the floors."""
    assert measured[format].changed == ()
    assert measured[format].unread == 0 and measured[format].documents == len(names(format))


def floors(format: str) -> dict[str, float]:
    """What is pinned of a format, by name."""
    return dict(zip((*SHARES, *COUNTS), map(float, FLOORS[format][:-1]), strict=True))


def test_the_corpus_knows_nothing_of_the_product() -> None:
    for path in CORPUS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            assert not {module.partition(".")[0] for module in modules} & PRODUCT, path


def test_committed_files_are_few_and_named() -> None:
    """Every file stands in its manifest and belongs to today's truth (`office.load` looks at both digests)."""
    assert sum(path.stat().st_size for path in office.FOLDER.rglob("*.*")) < ALLOWED_SIZE
    for format in STRUCTURAL:
        assert len(list(documents(format))) == len(names(format)) == len(office.manifest(format))
    for folder in office.FOLDER.iterdir():
        assert {path.stem for path in folder.iterdir()} == {*office.manifest(folder.name), "manifest"}
