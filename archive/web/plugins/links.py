"""Datasette plugin: links between rows go by the column that a foreign key refers to.

Datasette takes it for the primary key. A report's is `n`, as the full-text index wants it, while all else names the report by `id`: its links
led to nothing, and its page said "0 rows" of each table that has some. What a version says is linked as the views that have its id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils import escape_sqlite, tilde_decode
from markupsafe import Markup

from archive.contents import OF_VERSION

REFER = {
    "report": ("report", "id"),
    "version": ("version", "id"),
    "version_n": ("version", "n"),
}  # column → table, its column
VIEWS = {table: view for view, table in OF_VERSION.items()}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Datasette) -> Markup | None:
    """A report or version that a cell names, as a link to it."""
    other, key = REFER.get(column, ("", ""))
    if not other or table == other or not value:
        return None
    known, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    link = f"{datasette.urls.table(database, other)}?{urlencode({key: known})}"
    also = Markup("&nbsp;<em>{}</em>").format(known) if label != known else ""
    return Markup('<a href="{}">{}</a>{}').format(link, label, also)


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(view_name: str, request: Any, datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]]:
    """On the page of a row, the tables whose rows refer to it, with how many do."""

    async def tables() -> dict[str, Any]:
        if view_name != "row":
            return {}
        database, table = (tilde_decode(request.url_vars[name]) for name in ("database", "table"))
        db = datasette.get_database(database)
        keys = await db.primary_keys(table)
        if len(keys) != 1:
            return {}
        own = f"select * from {escape_sqlite(table)} where {escape_sqlite(keys[0])} = ?"
        row = (await db.execute(own, [tilde_decode(request.url_vars["pks"])])).first()
        found: list[dict[str, Any]] = []
        for key in (await db.get_all_foreign_keys())[table]["incoming"] if row else ():
            value, other, column = row[key["column"]], key["other_table"], key["other_column"]
            if other in VIEWS:
                value, other, column = row["id"], VIEWS[other], "version"
            counted = f"select count(*) from {escape_sqlite(other)} where {escape_sqlite(column)} = ?"
            link = f"{datasette.urls.table(database, other)}?{urlencode({column: value})}"
            try:
                count = (await db.execute(counted, [value])).first()[0]
            except QueryInterrupted:  # longer than Datasette lets a query take: as it does itself, none are shown
                return {"foreign_key_tables": []}
            found.append({**key, "other_table": other, "other_column": column, "count": count, "link": link})
        return {"foreign_key_tables": found}

    return tables
