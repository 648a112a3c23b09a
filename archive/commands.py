"""The commands that write an archive or hold it to account: import, build, verify, serve."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.listing import output_options, show

if TYPE_CHECKING:
    from sqlite_utils import Database

    from .build import Summary

from .options import Damage, archive_option, open_archive, owned, progress


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--region", default="", help="Code of the county of the files; units are told apart within it.")
@click.option("--region-name", default="", help="Name of that county, with or without its city.")
@archive_option
def import_command(paths: tuple[Path, ...], region: str, region_name: str, archive: Path) -> None:
    """Take files or folders into the archive.

    They are kept as evidence with their origin, and built.
    """
    from .captures import Recorder
    from .identity import import_origin
    from .imports import files_in, import_files

    with owned(archive, "import") as (db, run):
        recorder = Recorder(archive, db, run.id)
        whole = False
        try:
            recorded, known = import_files(recorder, db, paths, import_origin(region, region_name))
            whole = True
        finally:
            recorder.close() if whole else recorder.abandon()
        click.echo(f"{recorded} files recorded, {known} were there already")
        run.counts["files"] = recorded
        summary = run_build(archive, db, None)
        run.counts["reports"] = summary.reports
    _say_failures(archive, [path.resolve().as_uri() for path in files_in(paths)])


def _say_failures(archive: Path, urls: list[str]) -> None:
    """Name the files that gave no report, those in bundles too; exit status 1 where there are any."""
    from extract.bundles import BETWEEN

    rows = list(open_archive(archive).query("select url, reason from failure order by url"))
    wanted = set(urls)
    failed = [row for row in rows if row["url"].partition(BETWEEN)[0] in wanted]
    for row in failed:
        click.echo(f"no report in {row['url']}: {row['reason']}", err=True)
    if failed:
        files = len({row["url"].partition(BETWEEN)[0] for row in failed})
        click.echo(f"{files} of {len(urls)} files gave no report, or not all; they are kept in the archive", err=True)
        sys.exit(1)


def run_build(archive: Path, db: Database, jobs: int | None) -> Summary:
    """Build with a progress bar and say what came of it."""
    from .build import build

    with progress("reading documents") as advance:
        summary = build(archive, db, jobs, advance)
    click.echo(f"{summary.pages} pages built: {summary.documents} documents read, {summary.failures} failed")
    return summary


@click.command("build")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes [the number of cores].")
@archive_option
def build_command(jobs: int | None, archive: Path) -> None:
    """Turn captures into reports and figures.

    What is built already stays as it is.
    """
    open_archive(archive).close()
    with owned(archive, "build") as (db, run):
        summary = run_build(archive, db, jobs)
        run.counts.update(pages=summary.pages, documents=summary.documents, failures=summary.failures)


@click.command("verify")
@output_options
@archive_option
def verify_command(output: str | None, archive: Path) -> None:
    """Hold the WARC files against the catalogue.

    Each record is re-read by offset, length and sha256; exit status 3 where anything differs.
    """
    from .verifying import verify

    db = open_archive(archive)
    total = next(db.query("select count(*) as n from capture"))["n"]
    verdicts = []
    with progress("captures re-read") as advance:
        for verdict in verify(archive, db):
            verdicts.append(verdict)
            advance(sum(each.captures for each in verdicts), total)
    rows = [
        {
            "segment": each.segment,
            "captures": each.captures,
            "state": "open" if each.open else "; ".join(each.wrong) or "ok",
        }
        for each in verdicts
    ]
    damaged = [row for row in rows if row["state"] not in ("ok", "open")]
    if output or damaged:
        columns = {"segment": "segment", "captures": "captures", "state": "what is wrong"}
        show(rows if output else damaged, output, columns)
    if damaged:
        raise Damage(
            f"{len(damaged)} of {len(rows)} segments differ from the catalogue. Keep them as they are, restore them from a copy."
        )
    if not output:
        open_ones = sum(each.open for each in verdicts)
        read = sum(each.captures for each in verdicts)
        click.echo(f"{len(rows) - open_ones} segments, {read} captures: every one re-read and as catalogued")
        if open_ones:
            click.echo(f"{open_ones} segments are being written, or wait for the next run to close them after a kill")


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@archive_option
def serve_command(port: int, archive: Path) -> None:
    """Show the archive in a browser.

    With Datasette, on this machine only; its search finds words of two characters.
    """
    from .database import NAME
    from .web.serve import serve

    open_archive(archive).close()
    serve(archive / NAME, port)
