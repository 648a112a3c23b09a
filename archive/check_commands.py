"""`nianbao checks`: which checks fail, and what a person says of them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from extract.listing import output_options, show

from .options import archive_option, ask_report, open_archive, owned, rows_of_csv
from .questions import filter_options, limit_option, listed

RESULTS = ("pass", "fail", "not_assessable", "not_applicable")
SEVERITIES = ("error", "warning", "info")
VERDICTS = ("none", "confirmed", "dismissed", "stale")
COLUMNS = {
    "report": "report", "check": "check", "scope": "scope", "expected": "expected", "found": "found", "result": "result",
    "severity": "severity", "verdict": "verdict",
}  # fmt: skip


@click.group("checks", invoke_without_command=True)
@click.option(
    "--result", "results", multiple=True, default=("fail",), show_default=True, type=click.Choice(RESULTS),
    help="Which results. May be repeated.",
)  # fmt: skip
@click.option(
    "--check", "ids", multiple=True, help="Only this check, or those whose id begins so: T3. May be repeated."
)
@click.option(
    "--severity", "severities", multiple=True, type=click.Choice(SEVERITIES), help="Only these. May be repeated."
)
@click.option(
    "--verdict", "said", multiple=True, type=click.Choice(VERDICTS),
    help="Only those that people said this of; stale: of other numbers. May be repeated.",
)  # fmt: skip
@click.option("--between", is_flag=True, help="Only checks between years, and between a county and its units.")
@filter_options
@limit_option
@output_options
@archive_option
@click.pass_context
def checks_command(
    context: click.Context, results: tuple[str, ...], ids: tuple[str, ...], severities: tuple[str, ...], said: tuple[str, ...],
    between: bool, region: str | None, unit: str | None, year: int | None, limit: int | None, output: str | None, archive: Path,
) -> None:  # fmt: skip
    """List the checks that failed, or say what comes of them.

    The form's own arithmetic, its sentences against its tables, a year against the year before, a county against its
    units. `nianbao checks rules` says what each means.
    """
    if context.invoked_subcommand is not None:
        return
    from .search import Filter
    from .verdicts import Which, checks

    verdicts = tuple("" if verdict == "none" else verdict for verdict in said)
    rows = checks(open_archive(archive), Filter(region, unit, year), Which(results, ids, severities, verdicts, between))
    show(listed(rows, limit, output), output, COLUMNS, empty="no check like that, as far as reports are built")


@checks_command.command("rules")
@output_options
def rules_command(output: str | None) -> None:
    """List every check with its severity and its meaning."""
    from extract.identities import all_rules

    rows = [
        {"check": rule.id, "severity": rule.severity, "forms": " ".join(rule.forms), "scope": rule.scope, "meaning": rule.meaning}
        for rule in all_rules().values()
    ]  # fmt: skip
    show(rows, output, {"check": "check", "severity": "severity", "scope": "scope", "meaning": "meaning"})


def _verdict_command(name: str, verdict: str, help: str) -> None:
    """`confirm` and `dismiss` differ in a word."""

    @checks_command.command(name, help=help)
    @click.argument("report")
    @click.argument("check")
    @click.option("--remark", default="", help="Why: kept with the verdict.")
    @click.option("--all", "every", is_flag=True, help="All scopes of CHECK that fail.")
    @archive_option
    def command(report: str, check: str, remark: str, every: bool, archive: Path) -> None:
        from .verdicts import failing, give

        with owned(archive, f"checks {name}") as (db, _), db.atomic():
            row, (id, scope) = ask_report(db, report), _id_and_scope(check)
            found = failing(db, row["id"], id, scope)
            if not found:
                raise click.ClickException(f"{check} does not fail in {row['id']}; `nianbao checks` lists what does")
            if len(found) > 1 and not every:
                names = "\n  ".join(f"{one['id']}:{one['scope']}" for one in found)
                raise click.ClickException(f"{id} fails in several scopes; name one, or add --all:\n  {names}")
            give(db, found, verdict, remark)
        for one in found:
            click.echo(f"{row['id']} {id}:{one['scope']} {verdict}: {one['expected']} expected, {one['found']} found")


_verdict_command(
    "confirm",
    "confirmed",
    "Say that a check is right: REPORT prints what does not hold.\n\nCHECK is an id with its scope, T3.BAL:total; the scope may be left out where one scope fails.",
)
_verdict_command(
    "dismiss",
    "dismissed",
    "Say that a check means nothing here: REPORT is right as it is.\n\nCHECK is an id with its scope, N.NEW:total; the scope may be left out where one scope fails.",
)


@checks_command.command("withdraw-verdict")
@click.argument("report")
@click.argument("check")
@archive_option
def withdraw_command(report: str, check: str, archive: Path) -> None:
    """Take back what was said of CHECK[:SCOPE] of REPORT."""
    from .verdicts import withdraw

    id, scope = _id_and_scope(check)
    with owned(archive, "checks withdraw-verdict") as (db, _), db.atomic():
        name = report if _has_verdict(db, report) else str(ask_report(db, report)["id"])
        count = withdraw(db, name, id, scope)
    if not count:
        raise click.ClickException(f"nothing was said of {check} of {name}; `nianbao checks verdicts` lists what was")
    click.echo(f"{count} taken back")


@checks_command.command("verdicts")
@output_options
@archive_option
def verdicts_command(output: str | None, archive: Path) -> None:
    """List what people said, also of numbers that are others now.

    With --csv it is a file that `nianbao checks import` takes.
    """
    from .verdicts import given

    columns = {key: key for key in ("report", "check", "scope", "expected", "found", "verdict", "state", "remark")}
    every = {
        "report": "",
        "check": "",
        "scope": "",
        "expected": "",
        "found": "",
        "verdict": "",
        "remark": "",
        "at": "",
        "state": "",
    }
    show(
        given(open_archive(archive)),
        output,
        columns if output != "csv" else every,
        empty="nobody said anything yet: `nianbao checks confirm`",
    )


@checks_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@archive_option
def import_command(file: Path, archive: Path) -> None:
    """Take verdicts from a CSV file as `checks verdicts --csv` prints it.

    Of two verdicts on one check the later one stays.
    """
    from extract.identities import all_rules

    from . import verdicts

    taken, bad = [], 0
    for line, row in rows_of_csv(file, "verdict"):
        said = {key: row.get(key, "") for key in ("report", "scope", "expected", "found", "verdict", "remark", "at")}
        said["id"] = row.get("check", "")
        if (
            said["verdict"] not in verdicts.VERDICTS
            or said["id"] not in all_rules()
            or not (said["report"] and said["scope"])
        ):
            click.echo(
                f"{file}:{line}: needs report, check, scope, and confirmed or dismissed as verdict: {row}", err=True
            )
            bad += 1
        else:
            taken.append(said)
    with owned(archive, "checks import") as (db, _), db.atomic():
        verdicts.take(db, taken)
    click.echo(f"{len(taken)} verdicts taken, {bad} lines refused")
    if bad:
        sys.exit(1)


def _id_and_scope(check: str) -> tuple[str, str]:
    """T3.BAL:total → T3.BAL, total. Raises click.ClickException for an id that no check has."""
    from extract.identities import all_rules

    id, _, scope = check.partition(":")
    if id not in all_rules():
        raise click.ClickException(f"no check is called {id!r}; `nianbao checks rules` lists them")
    return id, scope


def _has_verdict(db: object, report: str) -> bool:
    """Whether somebody said something of a report of exactly this name, which may be gone."""
    rows = db.query("select 1 from verdict where report = ? limit 1", [report])  # type: ignore[attr-defined]
    return next(rows, None) is not None
