"""What can be told of a crawl whose segments tell no rows: those of archives from before rows were told, without a catalogue.

From captures and the notes of that time (column-check, column-read, links, round-ended, not-a-report, refused, fetch-failed). What
they do not say (counties, units of columns, settings, rosters) a person must enter again; it is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database
from w3lib.url import canonicalize_url

from . import health, notes
from .warc import Record

Row = dict[str, Any]
NUMBERS = ("round", "entries", "reports", "ok", "whole")
TABLES = {"column-check": "column_check", "links": "link", "column-read": "reading"}
REPORTS = "('column', 'detail', 'attachment', 'missing', 'probe')"


def derive(db: Database, records: Iterable[Record]) -> list[str]:
    """Fill the tables of the crawl from captures and old notes; what cannot be told, in words."""
    said: dict[str, list[Row]] = {}
    for record in records:
        about = notes.fields(record)
        numbers = {name: int(about[name]) for name in NUMBERS if name in about}
        said.setdefault(about.pop("event", ""), []).append(
            {"subject": record.headers["WARC-Target-URI"], **about, **numbers}
        )
    for kind, table in TABLES.items():
        _store(db, table, said.get(kind, []))
    for row in said.get("refused", []):
        db.execute("update capture set refused = ? where id = ?", [row["kind"], row["capture"]])
    lost = [
        _portal(db, str(row["portal"]))
        for row in list(
            db.query("select distinct portal from capture where portal not like 'import:%' and portal <> ''")
        )
    ]
    _columns(db, said.get("round-ended", []), said.get("column-read", []))
    _frontier(db, {(row["portal"], row["subject"]) for row in said.get("not-a-report", [])})
    _listed(db)
    _failures(db, said.get("fetch-failed", []))
    for row in sorted(said.get("round-ended", []), key=lambda row: str(row["at"])):
        _end_round(db, row, said.get("column-read", []))
    return lost


def _store(db: Database, table: str, rows: Sequence[Row]) -> None:
    names = [row["name"] for row in db.query(f"select name from pragma_table_info('{table}')")]
    for row in rows:
        db.table(table).insert({name: row[name] for name in names if name in row}, replace=True)


def _portal(db: Database, id: str) -> str:
    """The row of a portal, as far as its captures tell; what they do not."""
    mine = "from capture where portal = ?"
    home = next(
        db.query(f"select url {mine} and kind = 'survey' and found_on = '' order by fetched_at limit 1", [id]), None
    )
    first = next(db.query(f"select url, fetched_at {mine} order by fetched_at limit 1", [id]))
    parts = urlsplit(str(first["url"]))
    number = next(db.query(f"select coalesce(max(round), 0) as n {mine} and kind in {REPORTS}", [id]))["n"]
    surveys = next(
        db.query(f"select coalesce(max(round), 0) as n, max(fetched_at) as at {mine} and kind = 'survey'", [id])
    )
    began = next(db.query(f"select min(fetched_at) as at {mine} and round = ? and kind in {REPORTS}", [id, number]))[
        "at"
    ]
    row = {
        "id": id, "home": home["url"] if home else f"{parts.scheme}://{parts.netloc}/", "added_at": first["fetched_at"], "round": number,
        "survey_round": surveys["n"], "surveyed_at": surveys["at"], "round_at": began, "round_done": 0 if number else 1,
    }  # fmt: skip
    db.table("portal").insert(row)
    return (
        f"portal {id}: its county and settings, the units of its columns; say `nianbao portals edit {id} --region CODE --region-name NAME` "
        "(and --allow-private, --hosts where it had them), or import the list of portals that you have, then `nianbao build`"
    )


def _columns(db: Database, rounds: Sequence[Row], readings: Sequence[Row]) -> None:
    """The columns that were read; each has its baseline from the end of the first round in which all of it was, for all years."""
    db.execute(
        "insert into column_page (portal, url, family, evidence, found_at) select portal, column_url, 'plain', 'told by its readings', "
        "min(checked_at) from column_check group by portal, column_url"
    )
    some = {(row["portal"], row["round"]) for row in readings if row.get("why") == "years"}
    ended = {
        (row["portal"], row["round"]): str(row["at"]) for row in rounds if (row["portal"], row["round"]) not in some
    }
    whole = "select portal, column_url, round from column_check group by 1, 2, 3 having min(ok) = 1 order by round desc"
    for row in list(db.query(whole)):
        if at := ended.get((row["portal"], row["round"])):
            sql = "update column_page set baseline_at = ? where portal = ? and url = ?"
            db.execute(sql, [at, row["portal"], row["column_url"]])
    db.execute(
        "update portal set baseline_at = (select max(baseline_at) from column_page c where c.portal = portal.id)"
    )


def _frontier(db: Database, none: set[tuple[str, str]]) -> None:
    """A row for each address that answered, with the validators of its last content."""
    columns = {
        (row["portal"], row["page"]): row["column_url"]
        for row in db.query("select portal, page, column_url from column_check")
    }
    of_page: dict[tuple[str, str], str] = {}
    sql = "select * from capture where portal in (select id from portal) and kind <> 'robots' order by fetched_at, id"
    found: dict[tuple[str, str, str], Row] = {}
    for capture in db.query(sql):
        spider = "survey" if capture["kind"] == "survey" else "reports"
        key = (capture["portal"], capture["url"], spider)
        about = (capture["portal"], capture["found_on"])
        column = columns.get((capture["portal"], capture["url"])) or columns.get(about) or of_page.get(about, "")
        of_page.setdefault((capture["portal"], capture["url"]), column)
        row = found.setdefault(key, _row(capture, spider, column))
        row |= {name: capture[name] for name in ("status", "round", "kind", "link_text", "stated_date")}
        row |= {"capture": capture["id"], "ended_at": capture["fetched_at"]} | _validators(capture)
        fine = capture["status"] in (200, 304) and not capture["refused"]
        row["state"] = (
            "not_report" if key[:2] in none else "done" if fine or capture["status"] in range(300, 400) else "failed"
        )
    for row in found.values():
        number = db.table("url").insert(row).last_pk
        same = [number, row["portal"], row["url"], row["spider"]]
        db.execute(
            "update capture set row = ? where portal = ? and url = ? and (kind = 'survey') = (? = 'survey') and kind <> 'robots'",
            same,
        )


def _row(capture: Row, spider: str, column: str) -> Row:
    return {
        "fingerprint": fingerprint(str(capture["url"])), "url": capture["url"], "spider": spider, "portal": capture["portal"],
        "host": urlsplit(str(capture["url"])).hostname or "", "request": '{"meta": {}}', "column_url": column if spider == "reports" else "",
        "added_at": capture["fetched_at"], "etag": None, "last_modified": None,
    }  # fmt: skip


def fingerprint(url: str) -> bytes:
    """The key of a GET request in the frontier: what Scrapy's RequestFingerprinter gives for it."""
    said = {"method": "GET", "url": canonicalize_url(url), "body": "", "headers": {}}
    return hashlib.sha1(json.dumps(said, sort_keys=True).encode(), usedforsecurity=False).digest()


def _validators(capture: Row) -> Row:
    if capture["status"] != 200 or capture["refused"]:
        return {}
    headers = {name.lower(): value for name, value in json.loads(capture["headers"]).items()}
    return {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}


def _listed(db: Database) -> None:
    """Each entry that a list names is asked for in every round: so the rounds of its captures are those in which it was listed."""
    found: dict[tuple[str, str, str], list[int]] = {}
    sql = (
        "select distinct c.portal, c.url, u.column_url, c.round from capture c join url u on u.id = c.row "
        "where c.kind = 'detail' and u.state <> 'not_report' order by c.round"
    )
    for row in db.query(sql):
        found.setdefault((row["portal"], row["url"], row["column_url"]), []).append(row["round"])
    for (portal, url, column), numbers in found.items():
        first = last = numbers[0]
        for number in [*numbers[1:], numbers[-1] + 2]:
            if number > last + 1:
                db.execute("insert into listed values (?, ?, ?, ?, ?)", [portal, url, column, first, last])
                first = number
            last = number


def _failures(db: Database, rows: Sequence[Row]) -> None:
    for row in rows:
        portal = next(db.query("select round from portal where id = ?", [row["portal"]]), None)
        answered = next(
            db.query("select 1 from capture where portal = ? and url = ?", [row["portal"], row["subject"]]), None
        )
        if portal and not answered:
            said = {
                "subject": row["subject"],
                "kind": "unreachable",
                "reason": row["reason"],
                "url": row["subject"],
                "portal": row["portal"],
            }
            db.table("failure").insert({**said, "round": portal["round"], "at": ""}, replace=True)


def _end_round(db: Database, ended: Row, readings: Sequence[Row]) -> None:
    """The end of a round as it was told: what it read of its columns, and the state that it left."""
    portal, number = ended["portal"], ended["round"]
    known = next(db.query("select round, round_at from portal where id = ?", [portal]), None)
    if known is None:
        return
    mine = [row for row in readings if row["portal"] == portal and row["round"] == number]
    began = next(
        db.query(
            f"select min(fetched_at) as at from capture where portal = ? and round = ? and kind in {REPORTS}",
            [portal, number],
        )
    )["at"]
    db.execute("update portal set round_at = ? where id = ?", [began or known["round_at"], portal])
    health.close_round(db, portal, number, "", ended["at"])
    _store(db, "reading", mine)
    db.execute(
        "update portal set round_at = ?, round_done = round_done or round = ? where id = ?",
        [known["round_at"], number, portal],
    )
