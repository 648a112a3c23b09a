"""One way to print rows: a table for people, one JSON array or CSV for programs. Every listing command uses it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

NAMES = ("report", "portal", "path")  # what a person copies into the next command stays on one line
SHORT = 12  # columns of the terminal: what is no longer is not broken
PIPED = 80  # what rich takes for the width where there is neither a terminal nor COLUMNS
WIDE = 100  # columns: in a narrower terminal everything may wrap
# How figures are listed for people: key → heading.
FIGURES = {
    "path": "path",
    "label": "label",
    "written": "printed",
    "value": "value",
    "unit": "unit",
    "state": "state",
}
F = TypeVar("F", bound=Callable[..., Any])


def output_options(command: F) -> F:
    """The options --json and --csv; the command gets `output` as "table", "json" or "csv"."""
    command = click.option("--csv", "output", flag_value="csv", help="Print CSV (UTF-8, header line).")(command)
    return click.option(
        "--json", "output", flag_value="json", default=None, help="Print one JSON array."
    )(command)  # fmt: skip


def show(
    rows: Sequence[Mapping[str, Any]], output: str | None, columns: Mapping[str, str], title: str = "", empty: str = ""
) -> None:
    """Print rows: in a table the given columns (key → heading), in JSON and CSV every key.

    `empty` is what a person reads where there is no row; JSON prints [], CSV the header line.
    """
    if output == "json":
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1))
    elif output == "csv":
        click.echo(_csv(rows, list(rows[0]) if rows else list(columns)), nl=False)
    elif not rows:
        click.echo(empty or "nothing found")
    else:
        _table(rows, columns, title)


def _csv(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, keys, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _plain(row.get(key)) for key in keys})
    return file.getvalue()


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], title: str) -> None:
    """A table that fits: columns without any value are left out, short ones stay whole, only long ones fold."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    texts = {key: ["" if row.get(key) is None else str(_plain(row[key])) for row in rows] for key in columns}
    wide = console().width >= WIDE
    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    shown = [key for key in columns if any(texts[key])]
    for key in shown:
        numeric = all(isinstance(row.get(key), int | float) or row.get(key) is None for row in rows)
        whole = max(map(cell_len, [columns[key], *texts[key]])) <= SHORT or (key in NAMES and wide)
        table.add_column(columns[key], justify="right" if numeric else "left", overflow="fold", no_wrap=whole)
    for cells in zip(*(texts[key] for key in shown), strict=True):
        table.add_row(*map(Text, cells))
    console().print(table)


def console() -> Any:
    """Standard output for tables: as wide as the terminal or as COLUMNS says, else 120 columns."""
    import sys

    from rich.console import Console

    made = Console(highlight=False)
    return made if sys.stdout.isatty() or made.width != PIPED else Console(width=120, highlight=False)
