"""The commands that make a catalogue from WARC segments: rebuild, merge."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import click

from .options import Damage, archive_option, progress


@click.command("rebuild")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes for reading [the number of cores].")
@archive_option
def rebuild_command(jobs: int | None, archive: Path) -> None:
    """Make the catalogue anew from the WARC files alone.

    The archive is as it was until the new catalogue is whole; the old one is kept as nianbao.db.before-rebuild. Exit status 3
    where a segment is damaged or not ours: nothing is changed then.
    """
    from . import lock
    from .captures import FOLDER
    from .database import Newer
    from .rebuild import BEFORE, Broken, InUse, rebuild

    if not (archive / FOLDER).is_dir():
        raise click.ClickException(f"there are no segments in {archive / FOLDER}; name another archive with --archive")
    try:
        with progress("segments, bytes") as reading, progress("reading documents") as building:
            done = rebuild(archive, jobs, lambda line: click.echo(line, err=True), reading, building)
    except (lock.Locked, Newer, InUse) as error:
        raise click.ClickException(str(error)) from error
    except Broken as error:
        for name, reason in error.wrong.items():
            click.echo(f"{name}: {reason}", err=True)
        raise Damage(
            f"{len(error.wrong)} segments are not whole, or not ours; nothing was changed. Restore them from a copy, or move them out of "
            f"{archive / FOLDER} to rebuild without them."
        ) from error
    except (OSError, sqlite3.Error) as error:
        free = shutil.disk_usage(archive).free // 2**20
        raise click.ClickException(
            f"the new catalogue could not be made: {error} ({free} MB are free). The archive is as it was; run it again when that is mended."
        ) from error
    before = f" ({done.before} before)" if done.before not in (None, done.reports) else ""
    click.echo(
        f"{done.segments} segments, {done.captures} captures, {done.rows} rows of the crawl, {done.reports} reports{before}, "
        f"{done.failures} documents failed"
    )
    for line in done.lost:
        click.echo(f"not told by the WARC: {line}", err=True)
    if (archive / BEFORE).exists():
        click.echo(f"the old catalogue is kept as {BEFORE}")
