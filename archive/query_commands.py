"""`nianbao query`: the documented queries as commands of their own, each with its parameters as options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from extract.listing import output_options, show

from .options import archive_option, open_archive
from .queries import TYPES, Query, all_queries
from .questions import ALL, limit_option, listed


class Queries(click.Group):
    """A command for every query file, by its name or its id."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(all_queries())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        found = next((query for query in all_queries().values() if name in (query.name, query.id)), None)
        return _command(found) if found else None


@click.group("query", cls=Queries, invoke_without_command=True)
@output_options
@click.pass_context
def query_command(context: click.Context, output: str | None) -> None:
    """Answer a documented question; without a name, list them.

    docs/queries.md has them all with their SQL, for Datasette and other programs.
    """
    if context.invoked_subcommand is None:
        rows = [
            {"id": q.id, "name": q.name, "question": q.en, "zh": q.zh, "parameters": [p.name for p in q.parameters]}
            for q in all_queries().values()
        ]
        show(rows, output, {"id": "id", "name": "name", "question": "question"})


def _command(query: Query) -> click.Command:
    """The command of a query."""

    @limit_option
    @output_options
    @archive_option
    def run(limit: int | None, output: str | None, archive: Path, **given: Any) -> None:
        try:
            rows = query.rows(open_archive(archive), given)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        chosen = listed(rows, limit, output) if limit != ALL else rows
        show([{name: _whole(value) for name, value in row.items()} for row in chosen], output, _columns(rows))

    for parameter in reversed(query.parameters):
        run = click.option(
            f"--{parameter.name}", type=TYPES[parameter.type], required=parameter.needed, help=f"{parameter.meaning}."
        )(run)
    said = "\n".join(f"{line}." for line in query.columns)
    return click.command(query.name, help=f"{query.en}\n\n{query.zh}\n\n\b\n{said}")(run)


def _columns(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The columns for people: all, but where the report's id says the same the region and the unit are left out."""
    names = list(rows[0]) if rows else ["report"]
    doubled = {"region", "unit", "scope", "year", "title"} if "report" in names else set()
    return {name: name for name in ("report", *names) if name in names and name not in doubled}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
