"""`nianbao text` and `nianbao parse`: files in, canonical text or reports as JSON out. No archive is touched."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extract.forms import label_of
from extract.listing import FIGURES, show

if TYPE_CHECKING:
    from extract.model import Report, Text

    from .reading import Job

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


INSIDE = "The document at this path in FILE, a bundle (ZIP, RAR); !/ stands between bundles inside one another."


@click.command("text")
@click.argument("file", type=FILE)
@click.option("--inside", "path", default="", metavar="PATH", help=INSIDE)
def text_command(file: Path, path: str) -> None:
    """Print FILE as canonical text.

    One table row per line, cells joined by tabs. Of a bundle, the one document in it, or the one that is named.
    """
    from extract.canonical import write
    from extract.model import Unreadable

    from .opening import Ambiguous, one_of
    from .reading import text_of

    try:
        text = text_of(one_of(next(_jobs([file])), path))
    except Unreadable as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from error
    except Ambiguous as error:
        raise click.ClickException(f"{file} {error}; name one with --inside PATH") from error
    click.echo(write(text), nl=False)


@click.command("parse")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object per file and line (the shape is in docs/json.md)."
)
@click.option("--inside", "path", default="", metavar="PATH", help=INSIDE)
def parse_command(files: tuple[Path, ...], as_json: bool, path: str) -> None:
    """Print the statutory figures of each FILE.

    Of a bundle (ZIP, RAR), those of each report in it.
    """
    failed = 0
    for parsed in (each for job in _jobs(files) for each in _parsed(job, path)):
        if isinstance(parsed, click.ClickException):
            failed += 1
            click.echo(f"Error: {parsed.format_message()}", err=True)
        elif as_json:
            click.echo(json.dumps(parsed, ensure_ascii=False))
        else:
            _print(parsed)
    if failed:
        sys.exit(1)


def _parsed(job: Job, path: str) -> Iterator[dict[str, Any] | click.ClickException]:
    """What a file gives: its JSON object, one for each report of a bundle, or the reason why there is none."""
    from extract import bundles
    from extract.model import Unreadable

    from .opening import one_of, reports_in
    from .reading import read_one

    try:
        if path:
            yield parse_file(one_of(job, path))
        elif not (bundles.kind(job.data) or read_one(job).inside):
            yield parse_file(job)
        else:
            found, reasons = reports_in(job)
            yield from (_head(source, sha256, text) | _body(reports) for source, sha256, text, reports in found)
            yield from (click.ClickException(reason) for reason in reasons)
    except Unreadable as error:
        yield click.ClickException(f"{job.hint.name} cannot be read: {error}")
    except click.ClickException as error:
        yield error


def _jobs(files: Sequence[Path]) -> Iterator[Job]:
    """The files in their order, those that need it converted, many by one call."""
    from extract.model import Hint

    from .reading import Job, converted

    for some in _groups(files):
        jobs = [Job(str(n), file.read_bytes(), Hint(name=file.name)) for n, file in enumerate(some)]
        done = {job.key: job for job in converted(jobs)}
        yield from (done[job.key] for job in jobs)


def _groups(files: Sequence[Path]) -> Iterator[list[Path]]:
    """As many files as one call converts: so many are in memory at a time."""
    from .reading import BATCH, BATCH_BYTES

    group: list[Path] = []
    for file in files:
        group.append(file)
        if len(group) >= BATCH or sum(each.stat().st_size for each in group) >= BATCH_BYTES:
            yield group
            group = []
    if group:
        yield group


def parse_file(job: Job) -> dict[str, Any]:
    """The JSON object of DESIGN.md for one document; several reports stand under `reports`.

    Raises click.ClickException, with what to do, for bytes that cannot be read or hold no report.
    """
    from extract.model import NoReport, Unreadable
    from extract.reader import parse

    from .reading import text_of

    name = job.hint.name
    try:
        text = text_of(job)
        reports = parse(text)
    except Unreadable as error:
        raise click.ClickException(f"{name} cannot be read: {error}") from error
    except NoReport as error:
        raise click.ClickException(f"{name} is not an annual report: {error}") from error
    return _head(name or "", hashlib.sha256(job.data).hexdigest(), text) | _body(reports)


def _head(source: str, sha256: str, text: Text) -> dict[str, Any]:
    return {"source": source, "sha256": sha256, "format": text.format, "reader": text.reader}


def _body(reports: Sequence[Report]) -> dict[str, Any]:
    from extract.records import report_json

    if len(reports) == 1:
        return report_json(reports[0])
    return {"reports": [report_json(report) for report in reports]}


def _print(parsed: dict[str, Any]) -> None:
    """A report for people: what it is, the figures that are not zero, what is missing and what failed."""
    for report in parsed.get("reports", [parsed]):
        click.echo(f"{parsed['source']}: {report['title']}")
        click.echo(f"  publisher {report['publisher'] or '-'}, year {report['year'] or '-'}, {report['scope']}")
        click.echo(
            "  forms " + ", ".join(f"{table} {form or 'not printed'}" for table, form in report["forms"].items())
        )
        states = Counter(figure["state"] for figure in report["figures"].values())
        zeros = sum(1 for figure in report["figures"].values() if figure["value"] == 0)
        counted = ", ".join(f"{count} {state}" for state, count in states.items())
        click.echo(f"  {len(report['figures'])} figures: {counted or 'none'} ({zeros} of them 0, not listed)")
        rows = [
            {"path": path, "label": label_of(path, figure["form"]), **figure}
            for path, figure in report["figures"].items()
            if figure["value"] != 0
        ]
        show(rows, None, FIGURES, empty="  every printed figure is 0")
        for line in (*(f"not printed: {path}" for path in report["missing"]), *report["notes"]):
            click.echo(f"  {line}")
        for check in report["checks"]:
            if check["result"] == "fail":
                click.echo(
                    f"  {check['id']} fails for {check['scope']}: {check['expected']} expected, {check['found']} found"
                )
