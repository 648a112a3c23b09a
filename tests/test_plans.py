"""What a build asks for every county, page or report is found by a key: a table that is gone through each time would make a build cost its square."""

import re
from collections import Counter
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.build import build
from archive.captures import Recorder
from archive.database import connect
from archive.identity import import_origin
from archive.imports import import_files
from tests.bench.generated import COUNTY, county, report

COUNTIES, REPORTS = 4, 12  # of each; a statement that runs as often as there are counties is one for each
_VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_ASKS = re.compile(r"\s*(?:select|with|update|delete|insert\b.*\bselect\b)", re.DOTALL | re.IGNORECASE)


@pytest.fixture
def archive(tmp_path: Path) -> Database:
    """Counties with reports that stand on pages and are due to be compared."""
    db = connect(tmp_path, create=True)
    recorder = Recorder(tmp_path, db, "test")
    for number in range(COUNTIES):
        files = tmp_path / f"files{number}"
        files.mkdir()
        for one in map(report, range(number * COUNTY, number * COUNTY + REPORTS)):
            (files / one.name).write_text(one.text, encoding="utf-8")
        import_files(recorder, db, [files], import_origin(*county(number * COUNTY)))
    recorder.close()
    return db


def asked(db: Database, folder: Path) -> list[str]:
    """The statements that a build runs once a county or more often, each with values of one time."""
    examples: dict[str, str] = {}
    times: Counter[str] = Counter()

    def note(statement: str) -> None:
        shape = _VALUE.sub("?", statement)
        times[shape] += 1
        examples.setdefault(shape, statement)

    db.conn.set_trace_callback(note)
    summary = build(folder, db, 1)
    db.conn.set_trace_callback(None)
    assert (summary.reports, summary.failures) == (COUNTIES * REPORTS, 0)
    return [examples[shape] for shape, count in times.items() if count >= COUNTIES and _ASKS.match(shape)]


def scanned(db: Database, statement: str) -> list[str]:
    """The tables of the catalogue that it goes through from end to end."""
    plan = [row[3] for row in db.conn.execute(f"explain query plan {statement}")]
    names = [step.split()[1] for step in plan if step.startswith("SCAN")]
    return [f"{name}: {statement[:200]}" for name in names if name != "sqlite_master"]


def test_a_build_goes_through_no_table_for_each_county(archive: Database, tmp_path: Path) -> None:
    statements = asked(archive, tmp_path)
    assert len(statements) > 30
    assert [found for statement in statements for found in scanned(archive, statement)] == []
