"""`nianbao review`: what a person has to decide, and what was decided."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from extract.listing import output_options, show

from .options import archive_option, open_archive, owned, rows_of_csv
from .questions import limit_option, listed

KINDS = ("unit", "year", "credit_code")
NEXT = "The next `nianbao build` or `update` files it so."


@click.group("review", invoke_without_command=True)
@click.pass_context
def review_command(context: click.Context) -> None:
    """Review: whose report, of which year, where that is not clear."""
    if context.invoked_subcommand is None:
        context.invoke(review_list)


@review_command.command("list")
@click.option("--kind", type=click.Choice(KINDS), help="Only questions of this kind.")
@click.option("--region", help="Only counties whose code begins with this.")
@limit_option
@output_options
@archive_option
def review_list(kind: str | None, region: str | None, limit: int | None, output: str | None, archive: Path) -> None:
    """List what is to be decided, with what speaks for what."""
    from .review import open_items

    rows = open_items(open_archive(archive), kind or "", region or "")
    columns = {"id": "item", "kind": "kind", "why": "question", "may_be": "may be", "url": "page"}
    shown = rows if output else [{**row, "may_be": "\n".join(map(str, row["candidates"]))} for row in rows]
    show(listed(shown, limit, output), output, columns, empty="nothing is left to decide")


@review_command.command("show")
@click.argument("item")
@output_options
@archive_option
def review_show(item: str, output: str | None, archive: Path) -> None:
    """Show all that is known of ITEM: who says what, and what it may be."""
    from .review import Unknown, find

    try:
        row = find(open_archive(archive), item)
    except Unknown as error:
        raise click.ClickException(str(error)) from error
    if output:
        show([row], output, {name: name for name in row})
        return
    for name, value in row.items():
        if value not in (None, "", [], {}):
            click.echo(f"{name:12} {json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value}")


@review_command.command("settle")
@click.argument("item")
@click.option("--unit", help="The unit whose report it is: a name in its county, or region/name.")
@click.option("--year", type=click.IntRange(2000, 2099), help="The report year.")
@click.option("--not-a-report", is_flag=True, help="It is none.")
@click.option("--remark", default="", help="Why, for those who come later.")
@archive_option
def review_settle(
    item: str, unit: str | None, year: int | None, not_a_report: bool, remark: str, archive: Path
) -> None:
    """Decide ITEM: an id of `review list`, or a REPORT that is filed wrongly.

    The decision holds for the document, and for the same title on its page, after every rebuild.
    """
    from .review import Unknown, settle

    if bool(unit or year) is not_a_report:
        raise click.ClickException("say --unit, --year, or both; or --not-a-report")
    with owned(archive, "review settle") as (db, _):
        try:
            done = settle(db, item, unit or "", year, not not_a_report, remark)
        except Unknown as error:
            raise click.ClickException(str(error)) from error
    said = "no report" if not_a_report else " ".join(str(part) for part in (unit, year) if part)
    click.echo(f"{', '.join(done)}: {said}. {NEXT}")


@review_command.command("undo")
@click.argument("item")
@archive_option
def review_undo(item: str, archive: Path) -> None:
    """Take back the decision ITEM: its id, or a part of its page's address (`review decisions` lists them)."""
    from .review import Unknown, undo

    with owned(archive, "review undo") as (db, _):
        try:
            undo(db, item)
        except Unknown as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{item}: taken back. {NEXT}")


@review_command.command("decisions")
@output_options
@archive_option
def review_decisions(output: str | None, archive: Path) -> None:
    """List what was decided; --csv is what `review import` takes."""
    from .review import decided_items

    rows = decided_items(open_archive(archive))
    columns = {
        "id": "item",
        "title": "title",
        "unit": "unit",
        "year": "year",
        "is_report": "is a report",
        "remark": "remark",
        "page": "page",
    }
    show(rows, output, columns, empty="nothing was decided yet")


@review_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@archive_option
def review_import(file: Path, archive: Path) -> None:
    """Take decisions from a CSV file, as `review decisions --csv` prints it."""
    from .review import Unknown, take

    bad: list[str] = []
    taken = 0
    with owned(archive, "review import") as (db, _), db.atomic():
        for line, row in rows_of_csv(file, "page"):
            try:
                take(db, row)
                taken += 1
            except Unknown as error:
                bad.append(f"{file}:{line}: {error}")
    for said in bad:
        click.echo(said, err=True)
    click.echo(f"decisions taken: {taken}, lines refused: {len(bad)}.{f' {NEXT}' if taken else ''}")
    if bad:
        sys.exit(1)
