"""What the commands of an archive share: where it is, who may write it, progress, and errors that say what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sqlite_utils import Database

    from .lock import Run

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT = "nianbao-archive"


class Damage(click.ClickException):
    """The archive is damaged: exit status 3."""

    status = 3


def archive_option(command: F) -> F:
    """The option --archive; the command gets `archive` as a Path."""
    return click.option(
        "--archive",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: Path(os.environ.get("NIANBAO_ARCHIVE", DEFAULT)),
        help=f"Folder of the archive [NIANBAO_ARCHIVE, else ./{DEFAULT}].",
    )(command)


def open_archive(archive: Path, create: bool = False) -> Database:
    """The catalogue of an archive, or an error that says how to begin one."""
    import sqlite3

    from . import database, lock

    try:
        return database.connect(archive, create, say=lambda line: click.echo(line, err=True))
    except FileNotFoundError as error:
        raise click.ClickException(
            f"there is no archive in {archive}. Begin one with `nianbao portals add URL` or `nianbao import FILE`, "
            "or name another with --archive."
        ) from error
    except (database.Newer, lock.Locked) as error:
        raise click.ClickException(str(error)) from error
    except sqlite3.DatabaseError as error:
        if database.is_busy(error):
            raise
        raise Damage(
            f"{archive / database.NAME} cannot be opened: {error}. The WARC files hold everything: `nianbao rebuild` makes it anew."
        ) from error


@contextmanager
def owned(archive: Path, command: str) -> Iterator[tuple[Database, Run]]:
    """Own the archive for a command: lock, run row, and the repair of what a killed run left open."""
    from . import lock
    from .cataloguing import repair

    go_on(archive, command)
    db = open_archive(archive, create=True)
    try:
        with lock.run(archive, db, command) as run:
            for line in repair(archive, db):
                click.echo(f"repaired: {line}", err=True)
            yield db, run
    except lock.Locked as error:
        raise click.ClickException(str(error)) from error
    finally:
        db.close()


def go_on(archive: Path, command: str) -> None:
    """Finish a merge that a kill has left decided; say of a rebuild or merge that it left undone."""
    from . import lock

    if (archive / "merge.ready").exists():
        from .merge import finish

        try:
            with lock.hold(archive, command):
                finish(archive)
        except lock.Locked as error:
            raise click.ClickException(str(error)) from error
        click.echo("a merge that was interrupted is finished", err=True)
    elif any((archive / name).exists() for name in ("nianbao.db.new", "merge.new")):
        click.echo("a rebuild or merge was interrupted; nothing is lost: run it again", err=True)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, called with (done, total); silent where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def rows_of_csv(file: Path, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers, in whatever encoding a spreadsheet wrote it.

    `needed`: columns of which it must have one.
    """
    import csv
    import io

    from extract.charsets import decode

    data = file.read_bytes()
    text = None if data.startswith(b"PK") or b"\x00\x00" in data[:400] else decode(data)
    if text is None:
        raise click.ClickException(f"{file} is no text (a spreadsheet?); save it as CSV in UTF-8")
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    separator = max(",;\t", key=lines.readline().count)  # spreadsheets part cells by what the country uses
    lines.seek(0)
    reader = csv.DictReader(lines, delimiter=separator)
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    if not set(needed) & set(names):
        raise click.ClickException(
            f"{file} has no column {' or '.join(map(repr, needed))} in its first line, only {', '.join(names)}"
        )
    for row in _rows(reader, file):
        cells = {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(value, str)}
        if any(cells.values()):
            yield reader.line_num, cells


def _rows(reader: Any, file: Path) -> Iterator[dict[str, Any]]:
    """The rows, with a clear word where the file is no CSV any more."""
    import csv

    try:
        yield from reader
    except csv.Error as error:
        raise click.ClickException(f"{file}:{reader.line_num}: no CSV from here on: {error}") from error


def ask_unit(db: Database, name: str) -> str:
    """The id of the unit a person names: region/name, a part that only one has, or one of its reports."""
    rows = list(db.query("select id from unit where id = ?", [name]))
    rows = rows or list(db.query("select id from unit where name = ?", [name]))
    rows = rows or list(db.query("select id from unit where id like ? or full_name like ? limit 11", [f"%{name}%"] * 2))
    if len(rows) > 1:
        raise click.ClickException(
            f"{name!r} could be any of these units; name one:\n  " + "\n  ".join(row["id"] for row in rows[:10])
        )
    if rows:
        return str(rows[0]["id"])
    try:
        return str(ask_report(db, name)["unit"])
    except click.ClickException as error:
        raise click.ClickException(f"{error.message} Units are named by `nianbao units list`.") from error


def ask_report(db: Database, name: str) -> dict[str, Any]:
    """The report a person names: its whole id, or a part that only one has. Raises click.ClickException otherwise."""
    rows = list(db.query("select * from report where id = ?", [name]))
    if not rows:
        parts = [part for part in name.replace("/", " ").split() if part]
        where = " and ".join("(id like ? or title like ?)" for _ in parts) or "0"
        values = [value for part in parts for value in (f"%{part}%", f"%{part}%")]
        rows = list(db.query(f"select * from report where {where} order by id limit 11", values))
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise click.ClickException(
            f"no report is named {name!r}. `nianbao search WORDS` and `nianbao news` print names."
        )
    names = "\n  ".join(str(row["id"]) for row in rows[:10])
    raise click.ClickException(
        f"{name!r} could be any of these; name one:\n  {names}{chr(10) + '  …' if len(rows) > 10 else ''}"
    )
