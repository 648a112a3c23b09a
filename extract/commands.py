"""`nianbao text` and `nianbao parse`: one file in, canonical text or the report as JSON out. No archive is touched."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("text")
@click.argument("file", type=FILE)
def text_command(file: Path) -> None:
    """Print FILE as canonical text: one table row per line, cells joined by tabs."""
    from .canonical import write
    from .formats import read
    from .model import Hint, Unreadable

    try:
        text = read(file.read_bytes(), Hint(name=file.name))
    except Unreadable as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from error
    click.echo(write(text), nl=False)


@click.command("parse")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file and line (the shape is in docs/json.md).")
def parse_command(files: tuple[Path, ...], as_json: bool) -> None:
    """Read the statutory figures of each FILE and print them."""
    failed = 0
    for file in files:
        try:
            parsed = parse_file(file.read_bytes(), file.name)
        except click.ClickException as error:
            failed += 1
            click.echo(f"Error: {error.format_message()}", err=True)
            continue
        if as_json:
            click.echo(json.dumps(parsed, ensure_ascii=False))
        else:
            _print(parsed)
    if failed:
        sys.exit(1)


def parse_file(data: bytes, name: str) -> dict[str, object]:
    """The JSON object of DESIGN.md for one document; several reports stand under `reports`.

    Raises click.ClickException, with what to do, for bytes that cannot be read or hold no report.
    """
    from .formats import read
    from .model import Hint, NoReport, Unreadable
    from .reader import parse
    from .records import report_json

    try:
        text = read(data, Hint(name=name))
        reports = parse(text)
    except Unreadable as error:
        raise click.ClickException(f"{name} cannot be read: {error}") from error
    except NoReport as error:
        raise click.ClickException(f"{name} is not an annual report: {error}") from error
    head: dict[str, object] = {
        "source": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": text.format,
        "reader": text.reader,
    }
    if len(reports) == 1:
        return head | report_json(reports[0])
    return head | {"reports": [report_json(report) for report in reports]}


def _print(parsed: dict[str, object]) -> None:
    """A report for people: what it is, then each figure that is not zero, then what failed."""
    from rich.console import Console

    from .show import report_table

    console = Console()
    reports = parsed.get("reports", [parsed])
    for report in reports if isinstance(reports, list) else []:
        console.print(report_table(report))
