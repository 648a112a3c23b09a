"""Every table of a catalogue by natural keys, for holding one catalogue against another.

The tables are those of the schema, so that a new one is compared as soon as it is there. What may differ is named here, with the reason.
"""

import sqlite3
from pathlib import Path
from typing import Any

from archive.contents import OF_VERSION

Table = list[tuple[Any, ...]]
LOCAL = {  # column or table → why it is not compared
    "untold": "what is to be told to the WARC next: empty after a rebuild, not before",
    "told": "how far an open segment is stored",
    "similar_due": "reports to be compared with others at the next occasion, those that are gone too",
    "document.read_at": "the time of the build",
    "report.n": "row number; what refers to it is the index, which is compared by searching",
    "version.n": "row number; what refers to it is compared by the version's id",
    "sketched.n": "row number; what refers to it is compared by the report's id",
    "indexed.n": "row number of the report",
    "indexed.in_order": "year and row number of the report",
    "url.id": "row number; rows are compared by fingerprint, spider and portal",
}
POINTS = {  # columns that hold row numbers, as natural keys
    **{
        f"{table}.version_n": f"(select id from version v where v.n = {table}.version_n)"
        for table in OF_VERSION.values()
    },
    "band.sketched_n": "(select report from sketched s where s.n = band.sketched_n)",
    "url.found_on": "(select hex(u.fingerprint) || ' ' || u.spider || ' ' || u.portal from url u where u.id = url.found_on)",
    "capture.row": "(select hex(u.fingerprint) || ' ' || u.spider || ' ' || u.portal from url u where u.id = capture.row)",
}


def tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of the schema, without SQLite's own and the shadows of the full-text index."""
    rows = connection.execute(
        "select name from pragma_table_list where type = 'table' and schema = 'main' order by name"
    )
    return [name for (name,) in rows if not name.startswith(("sqlite_", "_sqlite"))]


def everything(catalogue: Path, but: frozenset[str] = frozenset()) -> dict[str, Table]:
    """All rows by table; `but` names more columns or tables that are not compared."""
    connection = sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)
    left_out = LOCAL.keys() | but
    found: dict[str, Table] = {}
    try:
        for table in tables(connection):
            names = [name for (name,) in connection.execute(f"select name from pragma_table_info('{table}')")]
            kept = [POINTS.get(f"{table}.{name}", name) for name in names if f"{table}.{name}" not in left_out]
            if table not in left_out and kept:
                found[table] = sorted(connection.execute(f"select {', '.join(kept)} from {table}"), key=repr)
    finally:
        connection.close()
    return found
