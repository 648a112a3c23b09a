"""The commands that ask an archive and change nothing: search, show, export."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from extract.listing import FIGURES, output_options, show

from .options import Damage, archive_option, ask_report, ask_unit, open_archive

F = TypeVar("F", bound=Callable[..., Any])
LIMIT, ALL = 50, -1  # rows of a table; of a query
NOTES = 12  # of a report, before its figures


def listed(rows: list[dict[str, Any]], limit: int | None, output: str | None) -> list[dict[str, Any]]:
    """The rows that are printed: as many as asked for; without being asked, a table shows LIMIT and says so."""
    most = _most(limit, output)
    if most != ALL and len(rows) > most:
        click.echo(f"{most} of {len(rows)} rows; more with --limit", err=True)
        return rows[:most]
    return rows


def first(
    ask: Callable[[int], list[dict[str, Any]]], limit: int | None, output: str | None, order: str
) -> list[dict[str, Any]]:
    """As `listed`, for what can be asked for so many rows: one more shows that there are more."""
    most = _most(limit, output)
    rows = ask(most if most == ALL else most + 1)
    if most == ALL or len(rows) <= most:
        return rows
    click.echo(f"the first {most}, {order}; more with --limit", err=True)
    return rows[:most]


def _most(limit: int | None, output: str | None) -> int:
    return limit or (ALL if output else LIMIT)


def filter_options(command: F) -> F:
    """--region, --unit, --year: which reports."""
    command = click.option("--year", type=int, help="Only reports for this year.")(command)
    command = click.option("--unit", help="Only units whose name holds this.")(command)
    return click.option("--region", help="Only counties whose code begins with this.")(command)


def limit_option(command: F) -> F:
    """--limit: how many rows."""
    return click.option("--limit", type=click.IntRange(1), help=f"At most so many rows [{LIMIT} in a table].")(command)


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@filter_options
@limit_option
@output_options
@archive_option
def search_command(
    words: tuple[str, ...],
    region: str | None,
    unit: str | None,
    year: int | None,
    limit: int | None,
    output: str | None,
    archive: Path,
) -> None:
    """Find reports whose text holds all WORDS.

    A phrase in quotes counts as one word.
    """
    from .search import Filter, search

    db = open_archive(archive)
    try:
        narrow = Filter(region, unit, year)
        rows = first(lambda most: list(search(db, " ".join(words), narrow, most)), limit, output, "newest years first")
    except ValueError as error:
        raise click.ClickException(f"{error}; give at least one word") from error
    columns = {"report": "report", "snippet": "where"}
    show(rows, output, columns, empty=f"no report holds {' '.join(words)}")


@click.command("show")
@click.argument("report")
@click.option("--figure", "path", help="One figure by its path, such as t3.granted.total.")
@click.option("--years", is_flag=True, help="With --figure: the figure in all years of the unit.")
@click.option("--cite", is_flag=True, help="With URL, time, sha256, segment and offset: down to the bytes.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the snapshot itself, byte for byte, to this file.",
)
@click.option(
    "--image",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --figure: draw the page of the PDF that prints it, its place outlined, into this .png file.",
)
@output_options
@archive_option
def show_command(
    report: str, path: str | None, years: bool, cite: bool, save: Path | None, image: Path | None, output: str | None,
    archive: Path,
) -> None:  # fmt: skip
    """Show REPORT, or one figure of it.

    REPORT is region/unit/scope/year, or a part of it that only one report has; with --years a unit is enough.
    """
    from . import pictures, query, warc

    if image:
        _check_image(image, path, years)
    db = open_archive(archive)
    if years and not path:
        raise click.ClickException("--years needs --figure PATH, such as t3.new_received.total")
    if path and years:
        _years(db, ask_unit(db, report), path, output)
        return
    row = ask_report(db, report)
    try:
        fact = query.cite(db, row, path) if path or cite else {}
        part = str(fact.get("part", ""))
        if save:
            _save(archive, db, row, part, save)
        if not output or image:
            _check_form(fact)
        if image:
            _write(image, pictures.of_figure(archive, query.source_of(db, row, part), fact))
            click.echo(f"{row['id']}: {path} outlined on page {fact['place']['page']}, drawn into {image}", err=True)
    except warc.Damaged as error:
        raise Damage(f"the snapshot cannot be read back: {error}. `nianbao verify` tells more.") from error
    except pictures.NoPicture as error:
        raise click.ClickException(str(error)) from error
    if fact:
        _facts(fact, output, brief=not cite)
    elif not save:
        _report(db, row, output)


def _save(archive: Path, db: Any, row: dict[str, Any], part: str, file: Path) -> None:
    """Write the bytes of a report's document, or of one part of it; all its parts into a .zip file."""
    from . import holding, query

    parts = query.parts_of(db, row)
    if not parts or part:
        _write(file, holding.bytes_of(archive, query.source_of(db, row, part)))
        click.echo(f"{row['id']}: {part or 'snapshot'} written to {file}", err=True)
    elif file.suffix.lower() == ".zip":
        _write(file, holding.bundle_of(archive, db, parts))
        click.echo(f"{row['id']}: {len(parts)} documents written to {file}", err=True)
    else:
        raise click.ClickException(
            f"this report is put together from {len(parts)} documents: name a file that ends in .zip for all of them, "
            "or add --figure PATH for the one that prints it"
        )


def _check_image(image: Path, path: str | None, years: bool) -> None:
    """Whether --image can be meant as it is given. Raises click.ClickException."""
    if not path:
        raise click.ClickException("--image draws the place of one figure: add --figure PATH, such as t3.granted.total")
    if years:
        raise click.ClickException("--image draws one figure of one report: name the report and leave out --years")
    if image.suffix.lower() != ".png":
        raise click.ClickException(f"--image writes PNG: name the file {image.with_suffix('.png')}, not {image}")


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise click.ClickException(
            f"{file} cannot be written: {error.strerror}. Name a file in a folder that is there and is yours."
        ) from error


def _years(db: Any, unit: str, path: str, output: str | None) -> None:
    """One figure in all years of a unit; a year whose report does not print it says so."""
    from extract.forms import is_local, paths

    from . import query

    if path not in paths() and not (path.count(".") == 2 and any(map(is_local, path.split(".")))):
        raise click.ClickException(f"no form has a figure {path!r}; `nianbao show REPORT` lists the paths of a report")

    columns = {
        "year": "year", "scope": "scope", "written": "printed", "value": "value", "unit": "unit", "state": "state", "form": "form",
    }  # fmt: skip
    rows = [{**found, "state": found["state"] or "not printed"} for found in query.over_years(db, unit, path)]
    show(rows, output, columns, title=f"{unit} {path}")


def _check_form(fact: dict[str, Any]) -> None:
    """Raises click.ClickException where the report's form has no such figure."""
    if fact.get("state") == "not in its form":
        raise click.ClickException(
            f"the form of this report has no figure {fact['figure']!r}; `nianbao show {fact['report']}` lists its paths"
        )


def _facts(fact: dict[str, Any], output: str | None, brief: bool) -> None:
    """One record, a line per key."""
    if output:
        show([fact], output, {key: key for key in fact})
        return
    order = ("figure", "label", "value", "unit", "state", "written", "sentence", "inferred", "form", "place")
    where = (
        "title",
        "url",
        "inside",
        "part",
        "parts",
        "document",
        "fetched_at",
        "sha256",
        "segment",
        "offset",
        "length",
        "media_type",
        "format",
        "reader",
        "stated_date",
        "first_seen",
        "version",
    )
    for key in ("report", *order, *(() if brief else where), "notes"):
        if fact.get(key) not in (None, "", [], {}):
            click.echo(f"{key:12} {fact[key]}")


def _report(db: Any, row: dict[str, Any], output: str | None) -> None:
    from . import query

    rows = query.figures(db, row)
    if not output:
        version = next(db.query("select * from version where id = ?", [row["current"]]))
        click.echo(f"{row['id']}  {row['title']}")
        click.echo(
            f"publisher {row['publisher'] or '-'}; first seen {version['first_seen'][:10]}; stated {version['stated_date'] or '-'}; version {version['seq']}"
        )
        _notes(json.loads(version["notes"]))
        if not rows:
            click.echo("it prints no figure that was read")
            return
        zeros = sum(1 for figure in rows if figure["value"] == 0)
        click.echo(f"{len(rows)} figures, {zeros} of them 0 (not listed)")
        rows = [figure for figure in rows if figure["value"] != 0]
    show(rows, output, FIGURES, empty="every printed figure is 0")


def _notes(notes: list[str]) -> None:
    """What was noted while the report was read and put together, a line each."""
    for note in notes[:NOTES]:
        click.echo(f"note: {note}")
    if len(notes) > NOTES:
        click.echo(f"note: {len(notes) - NOTES} more; all of them with --cite")


@click.command("export")
@click.option("--format", "kind", type=click.Choice(["csv"]), default="csv", show_default=True, help="File format.")
@click.option(
    "--output",
    "-o",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write [exports/nianbao.csv of the archive].",
)
@filter_options
@archive_option
def export_command(
    kind: str, file: Path | None, region: str | None, unit: str | None, year: int | None, archive: Path
) -> None:
    """Write all figures as one long table.

    One row per figure, with its state: a blank cell has no value, a zero has 0.
    """
    from .export import write_csv
    from .search import Filter

    db = open_archive(archive)
    target = file or archive / "exports" / f"nianbao.{kind}"
    target.parent.mkdir(parents=True, exist_ok=True)
    count = write_csv(target, db, Filter(region, unit, year))
    click.echo(f"{count} figures written to {target}")
