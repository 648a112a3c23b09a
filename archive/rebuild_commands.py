"""The commands that make a catalogue from WARC segments: rebuild, merge."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from .options import Damage, archive_option, go_on, progress


@contextmanager
def _plain_errors(archive: Path) -> Iterator[None]:
    """What may stop a rebuild or a merge, as errors that say what to do; the archive is as it was then."""
    from .database import Newer
    from .lock import Locked
    from .merge import NoArchive
    from .segments import Broken
    from .swapping import InUse

    try:
        yield
    except (Locked, Newer, InUse, NoArchive) as error:
        raise click.ClickException(str(error)) from error
    except Broken as error:
        for name, reason in error.wrong.items():
            click.echo(f"{name}: {reason}", err=True)
        raise Damage(
            f"{len(error.wrong)} segments are not whole, or not ours; nothing was changed. Restore them from a copy, or move them out "
            "of the folder warc to go on without them."
        ) from error
    except (OSError, sqlite3.Error) as error:
        free = shutil.disk_usage(archive).free // 2**20
        raise click.ClickException(
            f"the new catalogue could not be made: {error} ({free} MB are free). The archive is as it was; run it again when that is mended."
        ) from error


@click.command("rebuild")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes for reading [the number of cores].")
@archive_option
def rebuild_command(jobs: int | None, archive: Path) -> None:
    """Make the catalogue anew from the WARC files alone.

    The archive is as it was until the new catalogue is whole; the old one is kept as nianbao.db.before-rebuild. Exit status 3
    where a segment is damaged or not ours: nothing is changed then.
    """
    from .captures import FOLDER
    from .rebuild import rebuild
    from .swapping import BEFORE

    if not (archive / FOLDER).is_dir():
        raise click.ClickException(f"there are no segments in {archive / FOLDER}; name another archive with --archive")
    go_on(archive, "rebuild")
    with _plain_errors(archive), progress("segments, bytes") as reading, progress("reading documents") as building:
        done = rebuild(archive, jobs, lambda line: click.echo(line, err=True), reading, building)
    before = f" ({done.before} before)" if done.before not in (None, done.reports) else ""
    click.echo(
        f"{done.segments} segments, {done.captures} captures, {done.rows} rows of the crawl, {done.reports} reports{before}, "
        f"{done.failures} documents failed"
    )
    for line in done.lost:
        click.echo(f"not told by the WARC: {line}", err=True)
    if (archive / BEFORE).exists():
        click.echo(f"the old catalogue is kept as {BEFORE}")


@click.command("merge")
@click.argument("archives", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--jobs", type=click.IntRange(1), help="Worker processes for reading [the number of cores].")
@archive_option
def merge_command(archives: tuple[Path, ...], jobs: int | None, archive: Path) -> None:
    """Join ARCHIVES to the one that --archive names.

    Nothing is doubled, and the same merge again changes nothing; ARCHIVES stay as they are. Where people have said different
    things, what was said in --archive holds, and the others are listed.
    """
    from .merge import merge

    with _plain_errors(archive), progress("segments, bytes") as reading, progress("reading documents") as building:
        done = merge(archive, archives, jobs, lambda line: click.echo(line, err=True), reading, building)
    for line in done.said:
        click.echo(line, err=True)
    if done.rebuilt is None:
        click.echo("everything was there already")
        return
    for line in done.rebuilt.lost:
        click.echo(f"not told by the WARC: {line}", err=True)
    click.echo(
        f"{done.segments} segments came, {done.rebuilt.captures} captures and {done.rebuilt.reports} reports are there now "
        f"({done.before} reports before), {done.rebuilt.failures} documents failed"
    )
