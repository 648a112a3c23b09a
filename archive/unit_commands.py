"""`nianbao units`: the units of counties, by hand and as CSV; their names over time, and until when they must publish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extract.listing import output_options, show

from .options import archive_option, ask_unit, open_archive, owned, rows_of_csv

if TYPE_CHECKING:
    from sqlite_utils import Database

COLUMNS = {
    "region": "region", "name": "unit", "type": "type", "credit_code": "credit code", "names": "names over time", "owed": "owes",
    "reports": "reports", "held": "of years",
}  # fmt: skip
REFILE = "Reports are filed accordingly by the next `nianbao build` or `update`."


@click.group("units", invoke_without_command=True)
@click.pass_context
def units_command(context: click.Context) -> None:
    """Units: government, departments, towns; their rosters, names and deadlines."""
    if context.invoked_subcommand is None:
        context.invoke(units_list)


@units_command.command("list")
@click.option("--region", help="Only counties whose code begins with this.")
@output_options
@archive_option
def units_list(region: str | None, output: str | None, archive: Path) -> None:
    """List the units that are known, with their names over time and the years of their reports."""
    from .units import LISTED, listing, told

    rows = listing(open_archive(archive), region or "")
    show(
        rows if output else [told(row) for row in rows],
        output,
        {key: key for key in LISTED} if output else COLUMNS,
        empty="no units yet: crawl a portal, or `nianbao units import CSV`",
    )


@units_command.command("export")
@click.option(
    "-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), help="CSV file [standard output]."
)
@click.option("--region", help="Only counties whose code begins with this.")
@archive_option
def units_export(file: Path | None, region: str | None, archive: Path) -> None:
    """Write the units as a roster that `units import` takes."""
    import csv
    import io

    from .units import FIELDS, listing

    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    rows = listing(open_archive(archive), region or "")
    writer.writerows(rows)
    if file is None:
        click.echo(text.getvalue(), nl=False)
        return
    try:
        file.write_text(text.getvalue(), encoding="utf-8-sig")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{len(rows)} units written to {file}")


@units_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@archive_option
def units_import(file: Path, archive: Path) -> None:
    """Take the roster of a county from a CSV file.

    Columns: region and name (or unit), and any of type, credit_code, from_year, to_year (report years that it owes), aliases,
    formerly (its name before from_year). A county that has a roster owes the reports of its roster and no others.
    """
    from .units import BadUnit, enter

    taken, bad = 0, []
    with owned(archive, "units import") as (db, _):
        with db.atomic():
            for line, row in rows_of_csv(file, "name", "unit"):
                try:
                    with db.atomic():
                        enter(db, row)
                    taken += 1
                except BadUnit as error:
                    bad.append(f"{file}:{line}: {error}")
        _settle(db)
    for said in bad:
        click.echo(said, err=True)
    click.echo(f"{taken} units taken, {len(bad)} lines refused")
    if bad:
        sys.exit(1)


def _settle(db: Database) -> None:
    """Bring what is derived from people's entries in line with them."""
    from . import chains, expected

    chains.settle(db)
    expected.settle(db)


@units_command.command("alias")
@click.argument("unit")
@click.argument("alias")
@click.option("--remove", is_flag=True, help="It is no name of the unit.")
@archive_option
def units_alias(unit: str, alias: str, remove: bool, archive: Path) -> None:
    """Say that ALIAS is another spelling of the name of UNIT."""
    from .units import BadUnit, named
    from .units import alias as enter

    with owned(archive, "units alias") as (db, _):
        id = ask_unit(db, unit)
        try:
            if remove:
                other = named(db, id.partition("/")[0], alias)
                key = [other.region, other.name, id]
                if not db.execute("delete from alias where region = ? and alias = ? and unit = ?", key).rowcount:
                    raise BadUnit(f"{alias!r} is no alias of {id}; `nianbao units list` shows them")
                entered = True
            else:
                entered = enter(db, id, alias)
        except BadUnit as error:
            raise click.ClickException(str(error)) from error
        _settle(db)
    if entered:
        click.echo(f"{alias} {'is not' if remove else 'is'} {id}. {REFILE}")
    else:
        click.echo(f"{alias} is how the name of {id} is spelt already: nothing changes")


@units_command.command("rename")
@click.argument("old")
@click.argument("new")
@click.option("--from", "from_year", type=click.IntRange(2000, 2099), help="First report year under the new name.")
@click.option("--remove", is_flag=True, help="Take it back.")
@archive_option
def units_rename(old: str, new: str, from_year: int | None, remove: bool, archive: Path) -> None:
    """Say that the unit OLD goes on under the name NEW.

    Reports stay under the names that they print; years are compared across the names. NEW may be a unit of another
    county (region/name) where a county's code has changed.
    """
    from .units import BadUnit, named, rename

    if not remove and from_year is None:
        raise click.ClickException("say from which report year on: --from 2019")
    with owned(archive, "units rename") as (db, _):
        before = ask_unit(db, old)
        try:
            after = new if "/" in new else named(db, before.partition("/")[0], new).id
            if not remove:
                rename(db, before, after, from_year or 0)
            elif not db.execute("delete from renaming where old = ? and new = ?", [before, after]).rowcount:
                raise BadUnit(f"nobody has said that {before} goes on as {after}")
        except BadUnit as error:
            raise click.ClickException(str(error)) from error
        _settle(db)
    click.echo(f"{before} and {after} are two organs" if remove else f"{before} goes on as {after} from {from_year} on")


@units_command.command("end")
@click.argument("unit")
@click.option("--to", "to_year", type=click.IntRange(2000, 2099), help="Last report year that it owes.")
@click.option("--remove", is_flag=True, help="Take it back: the unit goes on.")
@archive_option
def units_end(unit: str, to_year: int | None, remove: bool, archive: Path) -> None:
    """Say that UNIT was dissolved or merged into another and owes no report after a year."""
    from .units import end

    if (to_year is None) is not remove:
        raise click.ClickException("say until which report year: --to 2018; or --remove")
    with owned(archive, "units end") as (db, _):
        id = ask_unit(db, unit)
        end(db, id, to_year)
        _settle(db)
    click.echo(f"{id} goes on" if remove else f"{id} owes no report after that of {to_year}")


@units_command.command("deadlines")
@click.option("--region", help="Only those that hold for this county (a code, or a portal).")
@output_options
@archive_option
def units_deadlines(region: str | None, output: str | None, archive: Path) -> None:
    """List until when which kind of unit has to publish, by law, local rule or convention."""
    from .units import BadUnit, region_of

    db = open_archive(archive)
    rows: list[dict[str, Any]] = list(
        db.query("select * from deadline order by region, from_year desc, basis, month_day, unit_type")
    )
    if region:
        try:
            code = region_of(db, region)
        except BadUnit as error:
            raise click.ClickException(str(error)) from error
        rows = [row for row in rows if code.startswith(row["region"])]
    names = "region unit_type from_year to_year month_day basis source".split()
    show(rows, output, {name: name.replace("_", " ") for name in names})


@units_command.command("deadline")
@click.argument("region")
@click.argument("unit_type")
@click.argument("month_day", required=False)
@click.option(
    "--basis",
    type=click.Choice(["local", "convention", "statute"]),
    default="local",
    show_default=True,
    help="What it rests on.",
)
@click.option(
    "--from", "from_year", type=click.IntRange(2000, 2099), default=2008, show_default=True, help="First report year."
)
@click.option("--to", "to_year", type=click.IntRange(2000, 2099), help="Last report year.")
@click.option("--source", default="", help="The notice or rule that says so.")
@click.option("--remove", is_flag=True, help="Take it away.")
@archive_option
def units_deadline(
    region: str, unit_type: str, month_day: str | None, basis: str, from_year: int, to_year: int | None, source: str, remove: bool, archive: Path,
) -> None:  # fmt: skip
    """Say that in REGION units of UNIT_TYPE publish until MONTH_DAY (02-28) of the following year.

    REGION is the code of a county, the beginning of codes (34 for a province), or a portal; the nearest rule holds. Only
    what rests on a statute makes a report overdue.
    """
    from . import expected
    from .deadlines import BadDeadline, enter, remove_rule
    from .units import BadUnit, region_of

    if not (month_day or remove):
        raise click.ClickException(
            "say until which day: `units deadline REGION UNIT_TYPE 02-28`, or take the rule away with --remove"
        )
    with owned(archive, "units deadline") as (db, _):
        try:
            code = region_of(db, region)
            if remove:
                remove_rule(db, code, unit_type, basis, from_year)
            else:
                enter(db, code, unit_type, from_year, to_year, month_day or "", basis, source)
        except (BadDeadline, BadUnit) as error:
            raise click.ClickException(str(error)) from error
        expected.settle(db)
    click.echo(f"{code} {unit_type}: {'taken away' if remove else f'until {month_day} from {from_year} on ({basis})'}")
