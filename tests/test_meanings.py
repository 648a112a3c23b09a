"""Every table, view and column of the catalogue says what it means; nothing is described that is not there."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import meanings
from archive.database import connect
from archive.meanings import Column, faults, named, schema

KNOWN = {
    "": "Cells of one kind.",
    "value": "件",
    "t3_*": "a cell of table three, 件",
}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanings, "meanings", lambda: {"cell": KNOWN})


def columns(*names: str) -> list[Column]:
    return [Column(name, "integer", False) for name in names]


def test_the_catalogue_is_described_in_full(tmp_path: Path) -> None:
    assert list(faults(schema(connect(tmp_path, create=True)))) == []


def test_the_documentation_prints_every_column(tmp_path: Path) -> None:
    written = (Path(__file__).parent.parent / "docs" / "schema.md").read_text(encoding="utf-8")
    sections = {part.split(maxsplit=1)[0]: part for part in written.split("\n## ")[1:]}
    found = schema(connect(tmp_path, create=True))
    assert sections.keys() == found.keys()
    for table, its in found.items():
        for column in its:
            assert f"`{column.name}`" in sections[table] or "*" in str(named(table, column.name)), (table, column)


@pytest.mark.usefixtures("known")
def test_a_pattern_describes_what_no_name_does() -> None:
    assert named("cell", "value") == "value"
    assert named("cell", "t3_new_np") == "t3_*"
    assert named("cell", "other") is None
    assert list(faults({"cell": columns("value", "t3_new_np", "t3_new_tt")})) == []


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"cell": columns("value", "t3_new_np", "other")}, ["[cell] other has no meaning"]),
        ({"cell": columns("t3_new_np")}, ["[cell] value fits no column"]),
        ({"cell": columns("value")}, ["[cell] t3_* fits no column"]),
        (
            {"cell": columns("value", "t3_a"), "new": columns("x")},
            ["[new] does not say what a row is", "[new] x has no meaning"],
        ),
        ({}, ["[cell] is no table or view"]),
    ],
)
def test_what_is_lacking_or_belongs_to_nothing_is_said(found: dict[str, list[Column]], said: list[str]) -> None:
    assert list(faults(found)) == said


def test_the_schema_holds_views_and_leaves_out_what_sqlite_keeps() -> None:
    db = Database(memory=True)
    db.execute("create table a (id text primary key, n integer)")
    db.execute("create view b as select n + 1 as more from a")
    db.execute("create virtual table c using fts5 (words, content='')")
    db.execute("create table _sqlite_migrations (id integer)")
    assert schema(db) == {
        "a": [Column("id", "text", True), Column("n", "integer", False)],
        "b": [Column("more", "", False)],
        "c": [Column("words", "", False)],
    }
