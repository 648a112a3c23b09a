"""The commands that tell what happened: news of reports and columns, the state of portals."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from extract.listing import output_options, show

from .kinds import KINDS, words
from .options import archive_option, open_archive
from .questions import ALL, filter_options, first, limit_option


@click.command("news")
@click.option("--since", help="From this date on (2026-01-20).")
@click.option(
    "--since-last", "name", metavar="NAME", help="What came since NAME was last used; remembers it under NAME."
)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind. May be repeated.",
)  # fmt: skip
@filter_options
@limit_option
@output_options
@archive_option
def news_command(
    since: str | None, name: str | None, kinds: tuple[str, ...], region: str | None, unit: str | None, year: int | None,
    limit: int | None, output: str | None, archive: Path,
) -> None:  # fmt: skip
    """List what happened to reports and columns: new, revised, withdrawn, overdue, in conflict and the rest.

    When the crawler first saw it and the date that the page states stand side by side.
    """
    from . import query
    from .search import Filter

    _check_date(since)
    if name is not None and limit:
        raise click.UsageError("--since-last shows all that came, or the rest would never be shown: leave out --limit")
    db = open_archive(archive)
    bookmark = " ".join(str(part) for part in (name, region, unit, year, *kinds) if part)
    newest = next(db.query("select coalesce(max(n), 0) as n from event"))["n"]  # a build may add events meanwhile
    narrow = Filter(region, unit, year)
    after = _bookmark(db, name, bookmark)
    if name is not None:
        rows = [row for row in query.news(db, narrow, since, after, kinds, ALL) if row["n"] <= newest]
    else:
        rows = first(lambda most: query.news(db, narrow, since, after, kinds, most), limit, output, "newest first")
    columns = {"kind": "kind", "seen": "first seen", "stated_date": "stated", "report": "report", "what": "what"}
    shown = [{**row, **_brief(row)} for row in rows] if not output else rows
    show(shown, output, columns, empty="nothing new")
    if name is not None:
        db.execute(
            "insert into bookmark values (?, ?) on conflict (name) do update set n = excluded.n", [bookmark, newest]
        )


def _check_date(text: str | None) -> None:
    """A year, a month, or a day that exists. Raises click.ClickException."""
    padded = (text or "2026") + "-01-01"[len(text or "2026") - 4 :]
    try:
        date.fromisoformat(padded)
    except ValueError as error:
        raise click.ClickException(f"{text!r} is no date such as 2026-01-20") from error


def _brief(event: dict[str, Any]) -> dict[str, Any]:
    """What a table shows of an event: the day in China, the report or the portal, and what happened."""
    from .clock import china_day

    return {"seen": str(china_day(event["at"])), "report": event["report"] or event["portal"], "what": words(event)}


def _bookmark(db: Any, name: str | None, bookmark: str) -> int | None:
    """The last event that was shown under a name and its filters; 0 at first, None without a name."""
    if name is None:
        return None
    row = next(db.query("select n from bookmark where name = ?", [bookmark]), None)
    return row["n"] if row else 0


@click.command("status")
@click.argument("portal", required=False)
@click.option("--failures", is_flag=True, help="List the documents and pages that failed, with their reasons.")
@output_options
@archive_option
def status_command(portal: str | None, failures: bool, output: str | None, archive: Path) -> None:
    """Show the state of each portal, or all that is known of PORTAL.

    State and since when, last success, entries now and before, when it is due next (dates of China).
    """
    from . import query

    db = open_archive(archive)
    id = _portal(db, portal) if portal else None
    if failures:
        columns = {"kind": "kind", "url": "url", "reason": "reason", "at": "at"}
        rows = [row for row in query.failed_documents(db, 1000) if id in (None, row["portal"])]
        show(rows, output, columns, empty="nothing failed")
        return
    rows = query.portal_status(db, id)
    if id and not output:
        _whole(db, rows[0])
        return
    if not output:
        rows = [{**row, **_days(row)} for row in rows]
    columns = {
        "portal": "portal", "state": "state", "since": "since", "last_success": "last success", "last_new": "last new", "entries": "now",
        "entries_before": "before", "next_due": "next due",
    }  # fmt: skip
    show(rows, output, columns, empty="no portals yet: `nianbao portals add URL`")
    if not output:
        for row in rows:
            if row["reason"]:
                click.echo(f"{row['portal']}: {row['reason']}")
            if row["notes"]:
                click.echo(f"{row['portal']}: not now: {row['notes']}")


def _portal(db: Any, name: str) -> str:
    """The portal a person names: its id, or a part of its id or name that only one has."""
    known = "select portal from portal_status where portal = ?1"
    parts = "select portal from portal_status where portal like ?1 or name like ?1 or region_name like ?1"
    rows = list(db.query(known, [name])) or list(db.query(parts, [f"%{name}%"]))
    if len(rows) != 1:
        said = (
            f"{name!r} could be {', '.join(row['portal'] for row in rows[:5])}"
            if rows
            else f"no portal is named {name!r}"
        )
        raise click.ClickException(f"{said}; `nianbao status` names them")
    return str(rows[0]["portal"])


def _days(row: dict[str, Any]) -> dict[str, Any]:
    """The times of a row as days of China."""
    from .clock import china_day

    return {name: str(china_day(row[name])) if row[name] else "" for name in ("since", "last_success", "last_new")}


def _whole(db: Any, row: dict[str, Any]) -> None:
    """Everything that is known of a portal, a line each; then its columns, as its last round read them."""
    from .readings import latest

    for name, value in {**row, **_days(row)}.items():
        if value not in (None, "", {}):
            click.echo(f"{name:14} {value}")
    states = list(
        db.query("select since, state from portal_state where portal = ? order by since desc limit 6", [row["portal"]])
    )
    before = [f"{each['state']} from {each['since'][:10]}" for each in states[1:]]
    click.echo(f"{'before that':14} {', '.join(before) or 'nothing'}")
    columns = {"unit": "unit", "entries": "entries", "why": "not whole", "column_url": "column"}
    show(latest(db, row["portal"]), None, columns, empty="no column has been read yet")
