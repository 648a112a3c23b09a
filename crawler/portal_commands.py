"""`nianbao portals`: the list of portals, by hand and as CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.options import archive_option, open_archive
from extract.listing import output_options, show

F = TypeVar("F", bound=Callable[..., Any])


def portal_options(command: F) -> F:
    """What a person may say of a portal."""
    for option in (
        click.option("--note", help="A remark."),
        click.option(
            "--report-url", help="Address of an annual report that you know: the survey looks from there too."
        ),
        click.option("--allow-private/--no-allow-private", default=None, help="Allow loopback and private addresses."),
        click.option(
            "--every", help="How often it is read: season [the default], daily, monthly, or a number of days."
        ),
        click.option(
            "--budget", type=int, help="Requests in one run, at most [5000]; what is left waits for the next."
        ),
        click.option(
            "--night", help="Hours of China's time in which it is asked: 22:00-07:00; `always` [the default] for any."
        ),
        click.option("--delay", type=float, help="Seconds between two requests [2]."),
        click.option("--hosts", help="Further hosts of the portal, separated by spaces."),
        click.option("--region-name", help="The county's name, with or without its city: 淮北市杜集区."),
        click.option("--region", help="The county's code: 340602."),
        click.option("--name", help="The site's name."),
    ):
        command = option(command)
    return command


@click.group("portals", invoke_without_command=True)
@click.pass_context
def portals_command(context: click.Context) -> None:
    """Portals: list, add, confirm, edit, pause …"""
    if context.invoked_subcommand is None:
        context.invoke(portals_list, portals=())


@portals_command.command("list")
@click.argument("portals", nargs=-1)
@click.option("--columns", is_flag=True, help="List the columns that the survey found, with the evidence for each.")
@click.option("--rejected", is_flag=True, help="List what was called a column and is none, with the reason.")
@output_options
@archive_option
def portals_list(portals: tuple[str, ...], columns: bool, rejected: bool, output: str | None, archive: Path) -> None:
    """List PORTALS, or all; with --columns where each keeps its reports."""
    from .portals import BadPortal, find, listing

    db = open_archive(archive)
    try:
        ids = [find(db, name)["id"] for name in portals]
    except BadPortal as error:
        raise click.ClickException(str(error)) from error
    if rejected:
        rows = list(db.query("select portal, title, reason, url, found_on, at from rejected order by portal, url"))
        names, empty = "portal title reason url", "the survey has rejected nothing"
    elif columns:
        rows = list(
            db.query(
                "select portal, unit, title, family, state, needs_browser, evidence, url from column_page order by portal, unit, url"
            )
        )
        names, empty = "portal unit family state evidence url", "no columns yet: `nianbao survey`"
    else:
        rows = listing(db)
        names, empty = (
            "portal name family state columns units delay every next_due",
            "no portals yet: `nianbao portals add URL`",
        )
    shown = [row for row in rows if not ids or row["portal"] in ids]
    show(shown, output, {name: name for name in names.split()}, empty=empty)


@portals_command.command("add")
@click.argument("url")
@portal_options
@archive_option
def portals_add(url: str, archive: Path, **said: Any) -> None:
    """Add the portal whose home page is URL."""
    from .portals import BadPortal, add

    db = open_archive(archive, create=True)
    try:
        id = add(db, url, **said)
    except BadPortal as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{id} added. Next: `nianbao update`, or `nianbao survey {id}` to see first where it keeps its reports.")


def _one(archive: Path, name: str) -> tuple[Any, dict[str, Any]]:
    from .portals import BadPortal, find

    db = open_archive(archive)
    try:
        return db, find(db, name)
    except BadPortal as error:
        raise click.ClickException(str(error)) from error


@portals_command.command("confirm")
@click.argument("portal")
@click.option("--column", help="Address of a column: confirm (or add) just this one.")
@click.option("--unit", help="With --column: the organ whose reports alone it lists.")
@click.option("--family", help="With --column: its content system, where its pages do not tell.")
@archive_option
def portals_confirm(portal: str, column: str | None, unit: str | None, family: str | None, archive: Path) -> None:
    """Confirm what the survey found for PORTAL, or say yourself where a column is."""
    from .accepting import accept_lists
    from .portals import BadPortal
    from .portals import column as say

    db, row = _one(archive, portal)
    if column:
        try:
            say(db, row, column, unit=unit, family=family, state="confirmed")
        except BadPortal as error:
            raise click.ClickException(str(error)) from error
    elif unit or family:
        raise click.ClickException("--unit and --family say something of one column: name it with --column")
    else:
        db.execute("update column_page set state = 'confirmed' where portal = ? and state = 'found'", [row["id"]])
    db.execute("update portal set state = 'confirmed' where id = ? and state <> 'paused'", [row["id"]])
    accept_lists(db, row["id"])
    count = next(
        db.query("select count(*) as n from column_page where portal = ? and state = 'confirmed'", [row["id"]])
    )["n"]
    if not count:
        raise click.ClickException(
            f"no column of {row['id']} is known: `nianbao survey {row['id']}`, or say where one is with --column URL"
        )
    click.echo(f"{row['id']}: {f'column {column} confirmed, ' if column else ''}{count} columns confirmed in all")


@portals_command.command("edit")
@click.argument("portal")
@portal_options
@click.option("--remove-column", help="Address of a column that is none; it is not read again.")
@click.option(
    "--accept-move", is_flag=True, help="The portal or a column has moved to where `status` says: read it there."
)
@archive_option
def portals_edit(portal: str, remove_column: str | None, accept_move: bool, archive: Path, **said: Any) -> None:
    """Change what is known of PORTAL."""
    from . import accepting, portals
    from .portals import BadPortal, checked

    db, row = _one(archive, portal)
    try:
        changes = checked(said)
        moved = accepting.accept_move(db, row) if accept_move else []
    except BadPortal as error:
        raise click.ClickException(str(error)) from error
    if not changes and not remove_column and not moved:
        raise click.ClickException("nothing to change: name an option such as --region or --delay (see --help)")
    if changes:
        portals.edit(db, row["id"], changes)
    if remove_column:
        done = db.execute(
            "update column_page set state = 'removed' where portal = ? and url = ?", [row["id"], remove_column]
        ).rowcount
        if not done:
            raise click.ClickException(
                f"{row['id']} has no column {remove_column}; `nianbao portals list --columns` lists them"
            )
    said_of = [*changes, *(["column removed"] if remove_column else []), *(f"now at {url}" for url in moved)]
    click.echo(f"{row['id']} changed: {', '.join(said_of)}")
    if {"region", "region_name"} & set(changes):
        click.echo("Its reports are filed under the new county by the next `nianbao build` or `update`.")


@portals_command.command("pause")
@click.argument("portal")
@click.option("--off", is_flag=True, help="Take it up again.")
@archive_option
def portals_pause(portal: str, off: bool, archive: Path) -> None:
    """Do not crawl PORTAL until further notice."""
    from archive.health import pause

    db, row = _one(archive, portal)
    confirmed = "select iif(count(*), 'confirmed', 'new') from column_page where portal = ? and state = 'confirmed'"
    state = next(iter(db.execute(confirmed, [row["id"]]).fetchone())) if off else "paused"
    db.execute("update portal set state = ? where id = ?", [state, row["id"]])
    pause(db, row["id"], not off)
    click.echo(f"{row['id']} {'is crawled again' if off else 'is paused'}")


@portals_command.command("remove")
@click.argument("portal")
@archive_option
def portals_remove(portal: str, archive: Path) -> None:
    """Remove PORTAL from the list.

    What was fetched from it, its reports and its history stay; `portals add` takes it up again.
    """
    db, row = _one(archive, portal)
    db.execute("update portal set state = 'removed' where id = ?", [row["id"]])
    click.echo(f"{row['id']} removed; its captures and reports stay in the archive")


@portals_command.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--columns", is_flag=True, help="FILE says where columns are: portal, url, and unit, family, state.")
@archive_option
def portals_import(file: Path | None, columns: bool, archive: Path) -> None:
    """Take the portals of a CSV FILE; without one, the list that comes with nianbao.

    Columns: url, and any of name, region, region_name, family, hosts, delay, night, budget, every, allow_private, report_url, state, note. New
    portals are added, known ones changed, each bad row is named by its line. `portals list --csv` writes such a file.
    """
    from .portals import SHIPPED, BadPortal, NotPortals, import_columns, import_csv

    if columns and file is None:
        raise click.ClickException("--columns needs a FILE; `nianbao portals list --columns --csv` writes one")
    db = open_archive(archive, create=True)
    source = file or SHIPPED
    try:
        with db.atomic():
            results = list((import_columns if columns else import_csv)(db, source))
    except NotPortals as error:
        raise click.ClickException(str(error)) from error
    bad = [(line, said) for line, said in results if isinstance(said, BadPortal)]
    for line, said in bad:
        click.echo(f"{source}:{line}: {said}", err=True)
    click.echo(f"{len(results) - len(bad)} {'columns' if columns else 'portals'} taken, {len(bad)} lines refused")
    if bad:
        sys.exit(1)
