"""Catalogues of every earlier version come to the present with all their rows: made by that version's own code, and made up.

`tests/fixtures/catalogues/<last migration>/` holds archives that the program made when that migration was its last (one invented county):
`nianbao.sql.gz` is the catalogue, `warc/` its segments. They are never made again: what they are worth is that they are old.
"""

import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive import lock
from archive.database import NAME, Newer, connect
from archive.migrations import all_migrations, names
from tests.catalogue import everything, tables
from tests.helpers import Archive, differing

FIXTURES = Path(__file__).parent / "fixtures" / "catalogues"
OLD = sorted(path.name for path in FIXTURES.iterdir())
STEPS = sorted(names())
KILLED = """
import os, signal, sys
from pathlib import Path
from archive import database, migrations

module = __import__(f"archive.migrations.{sys.argv[2]}", fromlist=["apply"])
apply = module.apply
def then_die(db):
    apply(db)
    os.kill(os.getpid(), signal.SIGKILL)
module.apply = then_die
database.connect(Path(sys.argv[1]))
"""


def old_archive(name: str, folder: Path) -> Archive:
    """An archive as an earlier version left it."""
    shutil.copytree(FIXTURES / name / "warc", folder / "warc")
    connection = sqlite3.connect(folder / NAME)
    connection.executescript(gzip.decompress((FIXTURES / name / "nianbao.sql.gz").read_bytes()).decode())
    connection.close()
    return Archive(folder)


def kept(before: dict[str, list[tuple[Any, ...]]], catalogue: Path) -> list[str]:
    """Rows that are not there any more, told by the columns that they had."""
    lost = []
    connection = sqlite3.connect(catalogue)
    for table, (names_, rows) in before.items():
        if table in ANEW:
            continue
        now = set(connection.execute(f"select {', '.join(names_)} from {table}"))
        lost += [f"{table}: {row}" for row in rows if row not in now]
    connection.close()
    return lost


def rows_of(catalogue: Path) -> dict[str, Any]:
    """All rows by table, with the names of their columns."""
    connection = sqlite3.connect(catalogue)
    found = {}
    for table in tables(connection):
        columns = [name for (name,) in connection.execute(f"select name from pragma_table_info('{table}')")]
        found[table] = (columns, list(connection.execute(f"select {', '.join(columns)} from {table}")))
    connection.close()
    return found


def is_sound(catalogue: Path) -> bool:
    connection = sqlite3.connect(catalogue)
    sound = connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    sound = sound and not connection.execute("pragma foreign_key_check").fetchall()
    connection.close()
    return sound


@pytest.mark.parametrize("name", OLD)
def test_what_older_code_made(name: str, tmp_path: Path) -> None:
    """No row is lost; then build, queries, verify and rebuild work as with any archive."""
    archive = old_archive(name, tmp_path / "archive")
    before = rows_of(archive.folder / NAME)
    reports = before["report"][1]
    connect(archive.folder).close()
    assert not kept(before, archive.folder / NAME) and is_sound(archive.folder / NAME)
    archive.run("build", "--jobs", 1)
    assert {row["id"] for row in archive.rows("select id from report")} == {row[1] for row in reports}
    assert {row["kind"] for row in archive.rows("select kind from event")} >= {"backfill"}
    assert archive.json("search", "政府信息公开") and archive.json("status") and archive.json("units", "list")
    archive.run("verify")
    built = everything(archive.folder / NAME, frozenset({"run"}))
    archive.run("rebuild", "--jobs", 1)
    assert not differing(everything(archive.folder / NAME, frozenset({"run"})), built)


@pytest.mark.parametrize("name", OLD)
def test_the_segments_alone_of_older_code(name: str, tmp_path: Path) -> None:
    """Captures and the notes of that time give the reports; what segments cannot say that tell no rows (before m011) is named."""
    archive, whole = old_archive(name, tmp_path / "archive"), old_archive(name, tmp_path / "whole")
    whole.run("build", "--jobs", 1)
    (archive.folder / NAME).unlink()
    said = archive.run("rebuild", "--jobs", 1)
    (portal,) = whole.rows("select * from portal")
    tells = name >= "m011"
    assert (f"portal {portal['id']}: its county and settings" in said.stderr) != tells
    settings = ("--region", portal["region"], "--region-name", portal["region_name"], "--name", portal["name"])
    if not tells:
        archive.run("portals", "edit", portal["id"], *settings)
    archive.run("build", "--jobs", 1)
    for table in ("report", "version", "figure", "sighting", "event"):
        columns = ", ".join(OF_REPORTS[table])
        have, want = (
            {tuple(row.values()) for row in each.rows(f"select {columns} from {table}")} for each in (archive, whole)
        )
        assert have == want, table
    listed = "select url, column_url, last_round from listed order by url"
    if name > "m004":
        assert archive.rows(listed) == whole.rows(listed)
        assert [row["entries"] for row in archive.rows("select * from portal_round")] == [
            row["entries"] for row in whole.rows("select * from portal_round")
        ]
    frontier = "select url, link_text, etag, last_modified from url where kind in ('detail', 'attachment') and state = 'done' order by url"
    assert archive.rows(frontier) == whole.rows(frontier)
    archive.run("verify")
    again = everything(archive.folder / NAME, frozenset({"run"}))
    archive.run("rebuild", "--jobs", 1)  # from now on its rows are told
    assert not differing(everything(archive.folder / NAME, frozenset({"run"})), again)


OF_REPORTS = {
    "report": ("id", "title", "year", "scope", "first_seen", "last_seen"),
    "version": ("id", "report", "document", "seq", "first_seen"),
    "figure": ("version", "path", "value", "state", "written"),
    "sighting": ("page", "url", "version", "role", "backfill"),
    "event": ("kind", "report", "version", "at", "detail"),
}


@pytest.mark.parametrize("name", OLD)
def test_what_has_landed_is_not_edited(name: str, tmp_path: Path) -> None:
    """The steps up to a version give the schema that this version had."""
    archive = old_archive(name, tmp_path / "old")
    db = Database(tmp_path / "now.db")
    for step in [row["name"] for row in archive.rows("select name from _sqlite_migrations order by id")]:
        all_migrations()._migrations[STEPS.index(step)].fn(db)
    shape = "select type, name, tbl_name, sql from sqlite_master where name not like '%sqlite%' order by 1, 2"
    then, now = (
        [row for row in rows if not row["name"].startswith(AT_EVERY_START) and row["name"] not in EDITED.get(name, ())]
        for rows in (archive.rows(shape), db.query(shape))
    )
    assert [{**row, "sql": _plain(row["sql"])} for row in now] == [{**row, "sql": _plain(row["sql"])} for row in then]


AT_EVERY_START = ("panel", "wide_", "untold_")  # views of the forms and triggers of the journal: no step makes them
EDITED = {  # by which m015 stood in another form for a day: its triggers are those that m016_similar_due gives to all
    "m017_index_writing": (
        "unit_renamed_is_like",
        "county_named_is_like",
        "county_renamed_is_like",
        "county_gone_is_like",
    )
}


def _plain(sql: str | None) -> str:
    return " ".join((sql or "").replace('"', "").split())


def filled(connection: sqlite3.Connection) -> None:
    """A row with values in each table: texts say their column, numbers count; keys refer to the row that each table has."""
    connection.execute("pragma foreign_keys = off")
    for table in set(tables(connection)) - INDEX:
        columns = connection.execute(f"select name, type from pragma_table_info('{table}')").fetchall()
        values = [_value(table, name, kind) for name, kind in columns]
        connection.execute(f"insert or ignore into {table} values ({', '.join('?' * len(columns))})", values)
    connection.commit()


ANEW = {
    "band",
    "crosswalk",
    "indexed",
    "sketched",
}  # the program's own data; what is made of the reports, and anew by a step that keeps it otherwise
INDEX = {"indexed"}  # says what the full-text index holds: a row that was made up would say what is not so
KEYS = {
    "portal": "h.example", "unit": "990303/水利局", "version": "v1", "document": "d1", "report": "990303/水利局/own/2024", "capture": "s.warc.gz:1",
}  # fmt: skip
FIXED = {
    "region": "990303", "year": 2024, "current": "v1", "revisit_of": None, "found_on": None, "row": 1, "round_done": 1, "round": 1, "survey_round": 1,
    "detail": "{}", "headers": "{}", "state": "done", "spider": "reports", "kind": "detail",
    "checked_at": "2026-01-10T00:00:00.000000Z", "round_at": "2026-01-10T00:00:00.000000Z", "began_at": "2026-01-10T00:00:00.000000Z",
    "tools": "{}", "key": "[1]", "tab": "run",
}  # fmt: skip
IDS = {
    "portal": "h.example",
    "unit": "990303/水利局",
    "version": "v1",
    "report": "990303/水利局/own/2024",
    "capture": "s.warc.gz:1",
    "url": 1,
}


def _value(table: str, name: str, kind: str) -> Any:
    if name == "id" and table in IDS:
        return IDS[table]
    if name == "sha256" and table == "document":
        return "d1"
    if name in KEYS:
        return KEYS[name]
    if name in FIXED and not (name in ("row", "found_on") and kind.lower() == "text"):
        return FIXED[name]
    return {"integer": 1, "real": 1.5, "blob": b"f" * 20}.get(kind.lower(), f"{table} {name}")


@pytest.mark.parametrize("last", STEPS[:-1])
def test_rows_of_every_table_come_along(last: str, tmp_path: Path) -> None:
    """From each step to the present: every table has a row before, and every value of it is there after."""
    db = Database(sqlite3.connect(tmp_path / NAME, isolation_level=None))
    all_migrations().apply(db, stop_before=STEPS[STEPS.index(last) + 1])
    filled(db.conn)
    db.close()
    before = rows_of(tmp_path / NAME)
    assert {table for table, (_, rows) in before.items() if not rows} <= INDEX
    connect(tmp_path).close()
    assert not kept(before, tmp_path / NAME) and is_sound(tmp_path / NAME)


def test_a_newer_catalogue_is_left_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    connect(archive.folder, create=True).close()
    connection = sqlite3.connect(archive.folder / NAME)
    connection.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('nianbao', 'm999_later', '2030-01-01')"
    )
    connection.execute("pragma journal_mode = delete")
    connection.commit()
    connection.close()
    before = (archive.folder / NAME).read_bytes()
    with pytest.raises(Newer, match="m999_later"):
        connect(archive.folder)
    (archive.folder / "warc").mkdir()
    for words in (("status",), ("build",), ("rebuild",), ("news",)):
        said = archive.run(*words, status=1).stderr
        assert "later version" in said and "Traceback" not in said
    assert (archive.folder / NAME).read_bytes() == before
    assert not list(archive.folder.glob("nianbao.db-*"))


@pytest.mark.parametrize("words", [("status",), ("build", "--jobs", 1), ("news",)], ids=["status", "build", "news"])
def test_not_under_a_run_of_the_version_before(words: tuple[str, ...], tmp_path: Path) -> None:
    """Whoever opens it first brings it to this version and says so; never while a run goes on, which knows the old tables."""
    archive = old_archive("m007", tmp_path / "archive")
    with lock.hold(archive.folder, "crawl"):
        before = rows_of(archive.folder / NAME)
        said = archive.run(*words, status=1).stderr
        assert "in use by `nianbao crawl`" in said and "wait" in said and "Traceback" not in said
        assert rows_of(archive.folder / NAME) == before
    steps = len(STEPS) - sum(step <= "m008" for step in STEPS)
    said = archive.run(*words).stderr
    assert "earlier version" in said and f"step {steps} of {steps}" in said
    assert "version" not in archive.run(*words).stderr


@pytest.mark.parametrize("step", STEPS[2:])
def test_killed_within_a_migration(step: str, tmp_path: Path) -> None:
    """A step is done or not: after a SIGKILL at its end it is not, and the next start goes on."""
    archive = old_archive("m002", tmp_path / "archive")
    before = rows_of(archive.folder / NAME)
    words = [sys.executable, "-c", KILLED, str(archive.folder), step]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent, env=os.environ
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    applied = {row["name"] for row in archive.rows("select name from _sqlite_migrations")}
    assert applied == {each for each in STEPS if each < step} and is_sound(archive.folder / NAME)
    connect(archive.folder).close()
    assert not kept(before, archive.folder / NAME) and is_sound(archive.folder / NAME)


KILLED_BEHIND = """
import os, signal, sys
from pathlib import Path
from archive import database, search

written = search.index_noted
def then_die(db, done=[]):
    written(db)
    done.append(db)
    if len(done) > 1:
        os.kill(os.getpid(), signal.SIGKILL)
search.index_noted = then_die
database.catch_up = lambda db, say: search.catch_up(db, 1)
database.connect(Path(sys.argv[1]))
"""


def test_killed_while_the_index_is_brought_in_line(tmp_path: Path) -> None:
    """Every step is done then, but no search may miss a report: the next start goes on where it was."""
    archive, whole = (old_archive("m002", tmp_path / name) for name in ("archive", "whole"))
    connect(whole.folder).close()
    reports = whole.rows("select n, version from indexed order by n")
    assert len(reports) > 1
    for before in range(len(reports) - 1):
        words = [sys.executable, "-c", KILLED_BEHIND, str(archive.folder)]
        done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert len(archive.rows("select n from indexed")) == before + 1
    assert "index of words" in archive.run("status").stderr
    assert "index of words" not in archive.run("status").stderr
    assert archive.rows("select n, version from indexed order by n") == reports
    assert archive.json("search", "政府信息公开") == whole.json("search", "政府信息公开")
    assert is_sound(archive.folder / NAME)
