"""The commands that tell what is there and what is not: coverage, overdue."""

from __future__ import annotations

from pathlib import Path

import click

from extract.listing import output_options, show

from .coverage import STATES
from .options import archive_option, open_archive
from .questions import filter_options, limit_option, listed

NOBODY = "no unit and year of the archive is what was asked for; `nianbao units list` names the units"
NOTHING = "no unit owes a report yet: crawl a portal, or `nianbao units import CSV`"


@click.command("coverage")
@filter_options
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only this state. May be repeated.")
@limit_option
@output_options
@archive_option
def coverage_command(
    region: str | None, unit: str | None, year: int | None, states: tuple[str, ...], limit: int | None, output: str | None, archive: Path,
) -> None:  # fmt: skip
    """Show what is archived, late, missing or unknown, unit by unit and year by year.

    A report is missing only where its unit's columns were read whole after the last day without it. --json and --csv print
    a row for each unit and year, with the proof.
    """
    from .coverage import coverage, legend, matrix

    db = open_archive(archive)
    rows = coverage(db, region or "", unit or "", year, states)
    if output:
        show(listed(rows, limit, output), output, {column.name: column.name for column in db["coverage"].columns})
        return
    lines, heading = matrix(rows)
    counties = {"region": "region"} if len({line["region"] for line in lines}) > 1 else {}
    columns = {**counties, "name": "unit", "years": heading}
    narrowed = region or unit or year or states
    show(listed(lines, limit, output), output, columns, empty=NOBODY if narrowed else NOTHING)
    for line in legend(rows):
        click.echo(line)


@click.command("overdue")
@filter_options
@click.option("--all", "every", is_flag=True, help="By local rules and conventions too, not by law alone.")
@limit_option
@output_options
@archive_option
def overdue_command(
    region: str | None, unit: str | None, year: int | None, every: bool, limit: int | None, output: str | None, archive: Path,
) -> None:  # fmt: skip
    """List the reports that are missing though the last day has passed, the newest year first.

    By law departments and the government's office publish by 31 January, governments by 31 March; towns by convention. `seen
    missing` is the first reading of their columns after it.
    """
    from .clock import china_day
    from .coverage import overdue

    rows = overdue(open_archive(archive), region or "", unit or "", year, every)
    counties = {"region": "region"} if len({row["region"] for row in rows}) > 1 else {}
    columns = {
        **counties,
        "name": "unit",
        "year": "year",
        "due": "due",
        "basis": "basis",
        "days": "days",
        "seen": "seen missing",
        "source": "owed because",
    }
    shown = (
        [{**row, "seen": str(china_day(row["proved_at"] or row["absent_at"]))} for row in rows] if not output else rows
    )
    show(listed(shown, limit, output), output, columns, empty="nothing is overdue, as far as columns were read")
