"""Datasette plugin: its own `escape_fts` would send 复议 to the index as one word; this one sends it as its pairs."""

import sqlite3

from datasette import hookimpl

from archive.bigrams import query
from archive.search import TEXT


# last, because Datasette registers its own function of this name
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register the bigram rule under the name that Datasette's table search calls."""
    conn.create_function("escape_fts", 1, lambda words: f"{TEXT} : ({query(words)})")
