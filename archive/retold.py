"""Events after a rebuild: what was told once stays told, under the number by which people's bookmarks know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database


def put_history(db: Database, told: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Put told events back among those that the build found; what could not be, in words.

    `told`: by id, the columns of the table `event`. An event that the build found too is as it was told; those that only the build
    knows come behind all others, in the order of time.
    """
    lost = []
    with db.atomic():
        found = {row["id"] for row in db.query("select id from event")}
        reports = {row["id"] for row in db.query("select id from report")}
        db.execute("update event set n = -n")  # so that no number is given twice on the way
        for id, row in told.items():
            if row["report"] is not None and row["report"] not in reports:
                lost.append(f"the event {id}: no document gives its report any more")
                continue
            _put(db, row, id in found)
            db.execute("delete from untold where tab = 'event' and key = json_array(?)", [id])
        last = next(db.query("select max(n) as n from event"))["n"] or 0
        fresh = [row["id"] for row in db.query("select id from event where n < 0 order by at, id")]
        numbers = ((max(last, 0) + n, id) for n, id in enumerate(fresh, 1))
        db.conn.executemany("update event set n = ? where id = ?", list(numbers))
    return lost


def _put(db: Database, row: Mapping[str, Any], is_there: bool) -> None:
    names = list(row)
    if is_there:
        pairs = ", ".join(f"{name} = :{name}" for name in names)
        db.execute(f"update event set {pairs} where id = :id", dict(row))
    else:
        db.execute(
            f"insert into event ({', '.join(names)}) values ({', '.join(':' + name for name in names)})", dict(row)
        )
