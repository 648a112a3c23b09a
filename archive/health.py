"""How a portal is, told when a round of it ends, and since when: the tables `portal_round` and `portal_state`.

The view `portal_status` shows the last of it, and what changes between rounds: paused, unfinished.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlite_utils import Database

from . import readings
from .clock import now

Row = dict[str, Any]
MANY, SOME = 0.5, 0.05  # of the detail pages: a crawl that lost some passes for whole if nobody says so
FOR_GOOD = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
# The states, the first that holds:
#   paused         by a person                           unfinished     a round was interrupted
#   moved          for good to another host, or the column is found elsewhere
#   needs_browser  a list that only scripts build        blocked, down  no column, or not half of the details, could be had
#   empty          columns read, no entry                partial        some columns, details or files could not be had
#   shrunk         fewer entries than before             ok             new: never crawled


def close_round(db: Database, portal: str, number: int, years: str, ended: str) -> list[Row]:
    """What a round came to: its readings, its state, and when it began; gives the readings. Repeatable."""
    with db.atomic():
        found = readings.take(db, portal, number, years, ended)
        row = next(db.query("select * from portal where id = ?", [portal]))
        row["moved"] = moved_to(db, row, number)
        db.execute("update portal set moved = ? where id = ?", [row["moved"], portal])
        entries, before = sum(reading["entries"] for reading in found), _entries_before(db, portal, number)
        state, reason = _state(db, row, number, found, before)
        done = {
            "portal": portal, "round": number, "began_at": row["round_at"] or ended, "ended_at": ended, "years": years,
            "state": state, "entries": entries, "entries_before": before, "reason": reason,
        }  # fmt: skip
        db.table("portal_round").insert(done, pk=("portal", "round"), replace=True)
        say(db, portal, state, ended, reason)
    return found


def close_survey(db: Database, portal: str) -> str:
    """The state of a portal that has had no round, after a survey of it; of another, only whether it has moved."""
    row = next(db.query("select * from portal where id = ?", [portal]))
    moved = moved_to(db, row, row["survey_round"])
    kinds = _kinds(db, portal, row["survey_round"])
    with db.atomic():
        db.execute("update portal set moved = ? where id = ?", [moved, portal])
        if row["round"]:
            return str(row["state"])
        if moved:
            state = "moved"
        elif "needs_browser" in kinds:
            state = "needs_browser"
        elif row["surveyed_at"] is None and kinds:
            state = "blocked" if any(kind.startswith("blocked") for kind in kinds) else "down"
        else:
            state = "new"
        say(db, portal, state, now(), _moved_reason(moved) if moved else "")
    return state


def say(db: Database, portal: str, state: str, at: str, reason: str = "") -> None:
    """The state of a portal from a time on; where it is what it was, the time stays."""
    last = next(db.query("select * from portal_state where portal = ? order by since desc limit 1", [portal]), None)
    if last and last["state"] == state:
        db.execute("update portal_state set reason = ? where portal = ? and since = ?", [reason, portal, last["since"]])
    else:
        db.execute("insert or replace into portal_state values (?, ?, ?, ?)", [portal, at, state, reason])


def pause(db: Database, portal: str, on: bool) -> None:
    """A person pauses a portal, or takes it up again: then it is as its last round left it."""
    last = next(
        db.query("select state, reason from portal_round where portal = ? order by round desc limit 1", [portal]), None
    )
    state, reason = (last["state"], last["reason"]) if last else ("new", "")
    say(db, portal, "paused" if on else state, now(), "" if on else reason)


def accept(db: Database, portal: str) -> None:
    """A person has accepted shorter lists: the last round is judged anew."""
    last = next(db.query("select * from portal_round where portal = ? order by round desc limit 1", [portal]))
    if last["state"] == "shrunk":
        db.execute(
            "update portal_round set state = 'ok', reason = '', entries_before = entries where portal = ? and round = ?",
            [portal, last["round"]],
        )
        say(db, portal, "ok", now())


def adopt(db: Database) -> None:
    """The last round of each portal of an archive that was made before rounds were told."""
    for row in list(db.query("select id, round, round_years, round_at from portal where round > 0 and round_done")):
        ended = next(
            db.query(
                "select max(checked_at) as at from column_check where portal = ? and round = ?",
                [row["id"], row["round"]],
            )
        )
        close_round(db, row["id"], row["round"], row["round_years"], ended["at"] or row["round_at"] or now())


def _entries_before(db: Database, portal: str, number: int) -> int | None:
    """The entries of the last good round before this one."""
    row = next(
        db.query(
            "select entries from portal_round where portal = ? and round < ? and entries > 0 "
            "order by state not in ('empty', 'shrunk', 'down', 'blocked') desc, round desc limit 1",
            [portal, number],
        ),
        None,
    )
    return int(row["entries"]) if row else None


def _kinds(db: Database, portal: str, number: int) -> set[str]:
    rows = db.query("select distinct kind from failure where portal = ? and round in (0, ?)", [portal, number])
    return {str(row["kind"]) for row in rows}


def _refused_share(db: Database, portal: str, number: int) -> float:
    """The share of a round's detail pages that could not be had."""
    row = next(
        db.query(
            "select count(*) as n, sum(state in ('failed', 'dropped')) as bad from url where portal = ? and round = ? "
            "and kind = 'detail' and state <> 'not_report' and note not like 'to http%'",  # the end of a chain counts
            [portal, number],
        )
    )
    return float(row["bad"] / row["n"]) if row["n"] else 0.0


def _lost_files(db: Database, portal: str, number: int) -> int:
    """The files of a round that were refused or did not come whole; one that is gone (404) is no trouble of the crawl."""
    row = next(
        db.query(
            "select count(*) as n from url u join failure f on f.subject = u.url and f.portal = u.portal where u.portal = ? "
            "and u.round = ? and u.kind = 'attachment' and u.state = 'failed' and f.kind not in ('gone', 'not-allowed')",
            [portal, number],
        )
    )
    return int(row["n"])


def _state(db: Database, portal: Row, number: int, found: Sequence[Row], before: int | None) -> tuple[str, str]:
    """The state that a round leaves, and the reason in a sentence where it is not `ok`."""
    kinds, refused = _kinds(db, portal["id"], number), _refused_share(db, portal["id"], number)
    read = [row for row in found if row["whole"] or row["why"] in ("years", "shrunk", "cut", readings.NOTHING)]
    alarms = readings.alarms(db, portal["id"])
    if portal["moved"]:
        return "moved", _moved_reason(portal["moved"])
    if "needs_browser" in kinds and len(read) < len(found):
        return "needs_browser", "only a browser sees its list: install the extra `browser`"
    bad = [f"{row['column_url']}: {row['why']}" for row in found if row not in read]
    bad += [f"{url}: not asked" for url in _unasked(db, portal["id"], found)]
    if (not any(row["entries"] for row in read) and bad) or refused >= MANY:
        reason = bad[0] if bad else f"{refused:.0%} of its reports could not be had"
        gone = any(row["why"] in readings.BROKEN for row in found)
        if gone and alarms and refused < MANY and not any(kind.startswith("blocked") for kind in kinds):
            return "empty", _alarm_reason(alarms)
        return ("blocked" if any(kind.startswith("blocked") for kind in kinds) else "down"), reason
    entries = sum(row["entries"] for row in read)
    if not entries:
        return "empty", _alarm_reason(alarms) if alarms else "its columns list no report"
    if alarms or bad:
        return "partial", _alarm_reason(alarms) if alarms else bad[0]
    if refused >= SOME or {"cut", "budget"} & kinds or _lost_files(db, portal["id"], number):
        return "partial", ", ".join(sorted(kinds))
    short = [row["column_url"] for row in found if row["why"] == "shrunk"]
    if short or (before and readings.has_shrunk(entries, before)):
        return (
            "shrunk",
            f"{entries} entries, {before} before: {short[0] if short else 'a column is gone'}; `portals confirm` accepts it",
        )
    return "ok", ""


def _unasked(db: Database, portal: str, found: Sequence[Row]) -> list[str]:
    """The columns that a round did not come to: its hosts did not want to be asked."""
    asked = {row["column_url"] for row in found}
    rows = db.query("select url from column_page where portal = ? and state in ('found', 'confirmed')", [portal])
    return [str(row["url"]) for row in rows if row["url"] not in asked]


def _alarm_reason(alarms: Sequence[Row]) -> str:
    first = alarms[0]
    return f"{first['column']} had {first['before']} entries and gives none ({first['why']}) since {first['at'][:10]}"


def _moved_reason(moved: str) -> str:
    said = "; ".join(f"{old} → {new}" for old, new in json.loads(moved).items())
    return f"{said}; `portals edit --accept-move` takes it"


def moved_to(db: Database, portal: Row, number: int) -> str:
    """Where the home page or columns are now, as JSON {old: new}; nothing where all are where they were.

    An address has moved where it leads to another host for good (301, 308), as last seen; a column too, where it is gone
    and a later survey found another one.
    """
    columns = [
        row["url"]
        for row in db.query(
            "select url from column_page where portal = ? and state in ('found', 'confirmed')", [portal["id"]]
        )
    ]
    found: dict[str, str] = {}
    for url in dict.fromkeys([portal["home"], *columns]):
        row = next(
            db.query(
                "select status, headers from capture where portal = ? and url = ? order by fetched_at desc limit 1",
                [portal["id"], url],
            ),
            None,
        )
        if row and row["status"] in FOR_GOOD:
            headers = {name.lower(): value for name, value in json.loads(row["headers"]).items()}
            target = urljoin(url, headers.get("location", ""))
            if _host(target) != _host(url):
                found[url] = target
    for row in db.query(
        "select old.url, (select new.url from column_page new where new.portal = old.portal and new.unit = old.unit "
        "and new.state = 'found' and new.found_at > old.found_at order by new.found_at desc limit 1) as new "
        "from column_page old where old.portal = ? and old.state = 'gone'",
        [portal["id"]],
    ):
        if row["new"]:
            found[row["url"]] = row["new"]
    return json.dumps(found, ensure_ascii=False) if found else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
