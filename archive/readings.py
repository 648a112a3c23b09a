"""What a round read of each column, told when the round is over: how many entries, whether that was all, and if not, why.

Only a whole reading says that an entry is no longer listed. A round for some years only, one that was refused or cut, a
pager that broke off: none of them does. A column is broken where it answers and shows no list: domain.md, 6, case 17.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]
SHRUNK = 0.8  # of the entries before: portals add reports, so fewer means that a list is cut or moved
FEW = 3  # entries: so many may go at once from a list of any length (an organ's own column has five)
CUT = ("cut", "budget")  # failures of a list page that was read: what follows it was not
NOTHING = "no entry"
BROKEN = (NOTHING, "gone", "soft-404", "no-page", "needs_browser", "redirected:home", "redirected:error")
# A column is broken by these: it answers, and shows no list. Every other reason is one of not having been able to ask
# for all of it: the failure of its page (blocked:…, unreachable, http:…), `partial`, `cut`, `years`, `shrunk`.


def take(db: Database, portal: str, round_: int, years: str, at: str) -> list[Row]:
    """Store the reading of each column that a round asked for, and give them. The round's last; again, the same."""
    db.execute("delete from reading where portal = ? and round = ?", [portal, round_])
    rows = [_reading(db, column, years) | {"at": at} for column in _columns(db, portal, round_)]
    for row in rows:
        db.table("reading").insert(row)
    return rows


def _columns(db: Database, portal: str, round_: int) -> Sequence[Row]:
    """The columns of a round with what their list pages showed; pages that showed the same count once."""
    return list(
        db.query(
            "select portal, round, column_url, sum(reports) as entries, min(ok) as ok, sum(bad) as bad, sum(pages) as pages from "
            "(select portal, round, column_url, max(reports) as reports, min(ok) as ok, sum(1 - ok) as bad, count(*) as pages "
            "from column_check where portal = ? and round = ? group by column_url, iif(digest = '', page, digest)) group by column_url",
            [portal, round_],
        )
    )


def _reading(db: Database, column: Mapping[str, Any], years: str) -> Row:
    names = ("portal", "column_url", "round")
    row: Row = {name: column[name] for name in (*names, "entries")}
    why = _why(db, column) or (years and "years")
    return {**row, "whole": int(not why), "why": why}


def _why(db: Database, column: Mapping[str, Any]) -> str:
    """Why a column was not read whole: a word; nothing where it was."""
    key = [column["portal"], column["column_url"], column["round"]]
    pages = "select page from column_check where portal = ?1 and column_url = ?2 and round = ?3"
    kinds = {
        row["subject"]: str(row["kind"])
        for row in db.query(
            f"select subject, kind from failure where portal = ?1 and round = ?3 and (subject = ?2 or subject in ({pages}))",
            key,
        )
    }
    if not column["ok"]:
        own = kinds.get(str(column["column_url"]))
        if column["bad"] < column["pages"] and not (own and not column["entries"]):
            return "partial"
        return own or next(iter(kinds.values()), "unreachable")
    if any(kind in CUT for kind in kinds.values()):
        return "cut"
    if not column["entries"]:
        return NOTHING
    before = next(
        db.query(
            "select entries from reading where portal = ?1 and column_url = ?2 and round < ?3 and whole order by round desc limit 1",
            key,
        ),
        None,
    )
    return "shrunk" if before and has_shrunk(column["entries"], before["entries"]) else ""


def has_shrunk(now: int, before: int) -> bool:
    """Whether a list is so much shorter that it was cut rather than cleared up."""
    return now < before * SHRUNK and before - now > FEW


def accept(db: Database, portal: str) -> int:
    """A person says that the lists are as they should be: short ones count as whole from the last round on. How many."""
    return int(
        db.execute(
            "update reading set whole = 1, why = '' where portal = ? and why = 'shrunk' "
            "and round = (select max(round) from reading r where r.portal = reading.portal)",
            [portal],
        ).rowcount
    )


def spells(db: Database, portal: str) -> list[Row]:
    """When columns of a portal that had entries were broken: column, from round and time, why, entries before, until when.

    In the order in which they began; `until` is None where it still is.
    """
    found: list[Row] = []
    open_: dict[str, Row] = {}
    had: dict[str, int] = {}
    for row in db.query("select * from reading where portal = ? order by round, column_url", [portal]):
        column = str(row["column_url"])
        if row["entries"] and row["why"] not in BROKEN:
            had[column] = int(row["entries"])
            if spell := open_.pop(column, None):
                spell |= {"until": row["at"], "entries": row["entries"]}
        elif row["why"] in BROKEN and had.get(column) and column not in open_:
            open_[column] = {
                "column": column, "at": row["at"], "why": row["why"], "before": had[column], "until": None, "entries": 0,
            }  # fmt: skip
            found.append(open_[column])
    return found


def alarms(db: Database, portal: str) -> list[Row]:
    """The columns of a portal that had entries and are broken now, but for those that are not read any more."""
    read = "select url from column_page where portal = ? and state in ('found', 'confirmed')"
    known = {row["url"] for row in db.query(read, [portal])}
    return [spell for spell in spells(db, portal) if spell["until"] is None and spell["column"] in known]


def latest(db: Database, portal: str) -> list[Row]:
    """What the last round read of each column."""
    return list(
        db.query(
            "select r.column_url, coalesce(c.unit, '') as unit, r.entries, r.whole, r.why, r.at from reading r "
            "left join column_page c on c.portal = r.portal and c.url = r.column_url where r.portal = ?1 "
            "and r.round = (select max(round) from reading where portal = ?1) order by unit, r.column_url",
            [portal],
        )
    )


def alarm_line(portal: str, alarm: Mapping[str, Any]) -> str:
    """An alarm in one line."""
    return (
        f"ALARM {portal}: the column {alarm['column']} had {alarm['before']} entries and gives none "
        f"({alarm['why']}) since {alarm['at'][:10]}; nothing is taken for withdrawn"
    )
