"""The commands that fetch: survey, crawl, update."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.options import archive_option, open_archive, owned, progress
from extract.listing import output_options, show

F = TypeVar("F", bound=Callable[..., Any])
INTERRUPTED, SOME_FAILED = 4, 2
BAD_STATES = ("new", "down", "blocked", "moved", "needs_browser", "shrunk", "partial")  # `new` after a crawl: no column


class Stopped(click.ClickException):
    """A crawl that had to stop and goes on when it is run again: exit status 4."""

    status = INTERRUPTED


def contact_option(command: F) -> F:
    """--contact: whom the User-Agent names."""
    return click.option("--contact", help="Mail address or page that the User-Agent names [NIANBAO_CONTACT].")(command)


def _chosen(db: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """The portals that are named, or all that are not paused."""
    from .portals import BadPortal, find

    try:
        rows = (
            [find(db, name) for name in names]
            if names
            else list(db.query("select * from portal where state not in ('paused', 'removed') order by id"))
        )
    except BadPortal as error:
        raise click.ClickException(str(error)) from error
    if not rows:
        raise click.ClickException("there are no portals to visit: `nianbao portals add URL`")
    return rows


def night_option(command: F) -> F:
    """--night: the hours in which the command asks."""
    said = "Hours of China's time outside of which nothing is asked: 22:00-07:00. What is left waits for the next run."
    return click.option("--night", help=said)(command)


def due_option(command: F) -> F:
    """--due: only the portals whose day it is."""
    said = "Only portals that are due today: daily from 10 January to 10 February, every three days to 31 March, else monthly."
    return click.option("--due", is_flag=True, help=said)(command)


def _due(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The portals that are due; where none is, that is said."""
    from archive.clock import today

    from .due import due, nothing

    ids = set(due(rows, today()))
    if not ids:
        click.echo(nothing(rows))
    return [row for row in rows if row["id"] in ids]


def _years(text: str | None) -> range | None:
    if text is None:
        return None
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit() or int(last or first) < int(first):
        raise click.ClickException(f"{text!r} is no range of years, such as 2019-2025 or 2024")
    return range(int(first), int(last or first) + 1)


@click.command("survey")
@click.argument("portals", nargs=-1)
@click.option(
    "--record",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each column page that was found, and what was read from it, as a fixture into this folder.",
)
@contact_option
@output_options
@archive_option
def survey_command(
    portals: tuple[str, ...], record: Path | None, contact: str | None, output: str | None, archive: Path
) -> None:
    """Find where PORTALS keep their reports.

    The family, the columns and the units, from the home page alone; a URL that is not known yet is added; without one,
    all portals are surveyed. What was called a column and is none is remembered: `nianbao portals list --rejected`.
    """
    from .portals import BadPortal, add, find

    db = open_archive(archive, create=True)
    for name in portals:
        try:
            find(db, name)
        except BadPortal:
            if "://" in name:
                try:
                    add(db, name)
                except BadPortal as error:
                    raise click.ClickException(str(error)) from error
    rows = _chosen(db, portals)
    db.close()
    _run(archive, "survey", [row["id"] for row in rows], True, False, contact)
    db = open_archive(archive)
    found = db.query(
        "select p.id as portal, p.family, p.name, count(c.url) as columns, (select count(*) from unit u where u.portal = p.id) as units, "
        "(select count(*) from rejected r where r.portal = p.id) as rejected, sum(c.needs_browser <> '') as needs_browser "
        "from portal p left join column_page c on c.portal = p.id and c.state in ('found', 'confirmed') group by p.id"
    )
    wanted = {row["id"] for row in rows}
    result = [row for row in found if row["portal"] in wanted]
    heads = ("portal", "name", "family", "columns", "units", "rejected", "needs_browser")
    show(result, output, {name: name.replace("_", " ") for name in heads})
    if record:
        _record(archive, db, sorted(wanted), record)
    failed = {
        row["portal"]
        for row in db.query(
            "select distinct portal from url where spider = 'survey' and kind = 'survey' "
            "and found_on is null and (state in ('failed', 'dropped') or state = 'waiting' and "
            "host in (select host from not_now where kind in ('robots', 'busy')))"
        )
    } & wanted
    for id in sorted(failed):
        click.echo(f"{id}: its home page cannot be had; `nianbao status --failures` says why", err=True)
    if any(not row["columns"] for row in result):
        click.echo(
            "A portal without a column: say where it is with `nianbao portals confirm PORTAL --column URL`.", err=True
        )
    if failed or any(not row["columns"] for row in result):
        sys.exit(SOME_FAILED)


def _record(archive: Path, db: Any, portals: Sequence[str], target: Path) -> None:
    """Fixtures of the columns that were found, for a person to read."""
    from .recorded import record

    try:
        cases = [case for id in portals for case in record(archive, db, id, target)]
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error.strerror}") from error
    for case in cases:
        click.echo(f"{case}: page.html and expected.json written; read them before they become a test", err=True)


@click.command("crawl")
@click.argument("portals", nargs=-1)
@due_option
@click.option("--years", help="Only reports for these years: 2019-2025.")
@night_option
@contact_option
@archive_option
def crawl_command(
    portals: tuple[str, ...], due: bool, years: str | None, night: str | None, contact: str | None, archive: Path
) -> None:
    """Fetch the reports of PORTALS, or of all.

    Interrupted, it goes on where it was when it is run again. With --due nothing is asked of a portal before its day.
    """
    if due and years:
        raise click.ClickException("--due reads all years: a round for some of them does not count as one")
    db = open_archive(archive)
    rows = _chosen(db, portals)
    if due and not (rows := _due(rows)):
        return
    known = {
        row["portal"]
        for row in db.query("select distinct portal from column_page where state in ('found', 'confirmed')")
    }
    db.close()
    unknown = [row["id"] for row in rows if row["id"] not in known]
    if len(unknown) == len(rows):
        raise click.ClickException(
            f"no column is known of {', '.join(unknown[:5])}: run `nianbao survey` first, or `nianbao update`"
        )
    ids = [row["id"] for row in rows]
    _run(archive, "crawl", ids, False, True, contact, _years(years), night=night)
    _report(archive, ids)


@click.command("update")
@due_option
@night_option
@contact_option
@click.option("--jobs", type=click.IntRange(1), help="Worker processes for reading [the number of cores].")
@archive_option
def update_command(due: bool, night: str | None, contact: str | None, jobs: int | None, archive: Path) -> None:
    """Survey, crawl and build; with --due the one for cron.

    Portals that were never surveyed are; then everything is crawled and built, and what happened is said. With --due only
    portals whose day it is are asked, so that it can run every day.
    """
    db = open_archive(archive)
    rows = _chosen(db, ())
    rows = _due(rows) if due else rows
    before = next(db.query("select coalesce(max(n), 0) as n from event"))["n"]
    db.close()
    ids = [row["id"] for row in rows]
    _run(archive, "update", ids, True, bool(ids), contact, jobs=jobs, build=True, night=night)
    db = open_archive(archive)
    kinds = db.query("select kind, count(*) as n from event where n > ? group by kind order by kind", [before])
    said = ", ".join(f"{row['n']} {row['kind']}" for row in kinds)
    click.echo(f"events: {said or 'none'}")
    _report(archive, ids)


def _run(
    archive: Path, command: str, ids: list[str], survey: bool, crawl: bool, contact: str | None,
    years: range | None = None, jobs: int | None = None, build: bool = False, night: str | None = None,
) -> None:  # fmt: skip
    """The stages of a command in one run. An update surveys portals that never were, and those of which a column is gone."""
    from archive.commands import run_build

    from .crawling import Closed, NoContact, Stage, moved_columns, run_stages, user_agent

    window = _window(night)
    with owned(archive, command) as (db, run):
        rows = [next(db.query("select * from portal where id = ?", [id])) for id in ids]
        try:
            agent = user_agent(rows, contact)
        except NoContact as error:
            raise click.ClickException(str(error)) from error
        moved = moved_columns(db)
        fresh = [row["id"] for row in rows if command == "survey" or row["surveyed_at"] is None or row["id"] in moved]

        def crawled() -> Stage | None:
            known = {
                row["portal"]
                for row in db.query("select distinct portal from column_page where state in ('found', 'confirmed')")
            }
            return Stage("reports", tuple(id for id in ids if id in known), years) if known & set(ids) else None

        stages: list[Callable[[], Stage | None]] = []
        if survey and fresh:
            stages.append(lambda: Stage("survey", tuple(fresh)))
        if crawl:
            stages.append(crawled)
        with progress("fetching") as advance:
            try:
                finished = not stages or run_stages(archive, db, run, stages, agent, advance, window)
            except Closed as error:
                raise Stopped(
                    f"the crawl stopped: {error}. Nothing is lost; run the same command again when that is mended."
                ) from error
        if not finished:
            raise KeyboardInterrupt
        if build:
            summary = run_build(archive, db, jobs)
            run.counts.update(pages=summary.pages, documents=summary.documents, failures=summary.failures)


def _window(night: str | None) -> Any:
    """The hours that --night names."""
    from .hours import Night

    try:
        return Night.of(night) if night else None
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _report(archive: Path, ids: list[str]) -> None:
    """One line per portal; exit status 2 where one failed, was refused, or gave nothing where it had entries before."""
    from archive.query import portal_status
    from archive.readings import alarm_line, alarms, latest

    db, bad = open_archive(archive), 0
    for row in portal_status(db):
        if row["portal"] in ids:
            alarm = alarms(db, row["portal"])
            waits = row["notes"].startswith(("budget:", "night:"))  # it goes on next time; that is no fault
            read = {each["column_url"] for each in latest(db, row["portal"]) if each["whole"]}
            followed = row["state"] == "moved" and read.issuperset(row["moved"].values())
            fine = followed or (waits and row["state"] == "new")
            bad += bool(alarm) or (row["state"] in BAD_STATES and not fine)
            click.echo(
                f"{row['portal']}: {row['state']}, {row['entries'] or 0} entries"
                + (f" ({row['failures']})" if row["failures"] else "")
                + (f"; {row['notes']}" if row["notes"] else "")
            )
            for each in alarm:
                click.echo(alarm_line(row["portal"], each), err=True)
            for old, new in row["moved"].items():
                click.echo(
                    f"{row['portal']}: {old} is now {new}; `nianbao portals edit {row['portal']} --accept-move`",
                    err=True,
                )
    if bad:
        click.echo(f"{bad} of {len(ids)} portals need a look: `nianbao status`, `nianbao status --failures`", err=True)
        sys.exit(SOME_FAILED)
