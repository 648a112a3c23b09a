"""What people ask of an archive, as rows: portals and their state, news, checks, figures over the years, citations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from extract.forms import label_of

from .filenames import file_name
from .search import Filter

Row = dict[str, Any]
SHRUNK = 0.8  # of the entries before: portals add reports, so fewer means that a list is cut or moved
MANY, SOME = 0.5, 0.05  # of the detail pages: a crawl that lost some passes for whole if nobody says so


def portal_status(db: Database) -> list[Row]:
    """One row a portal: state, last success, entries now and before, reports, failures (the crawl operator's view).

    State: `new` (never crawled), `down` (no column, or not half of the details, could be fetched), `blocked` (the same, and
    the portal refused), `needs_browser` (a list that only scripts build), `empty` (columns read, no entry), `shrunk` (fewer entries than before), `partial` (some
    columns, details or files could not be had, or a list goes on beyond what is read), `unfinished` (a crawl was
    interrupted), `paused`, `ok`.
    """
    return [
        _status(db, portal) for portal in list(db.query("select * from portal where state <> 'removed' order by id"))
    ]


def _status(db: Database, portal: Row) -> Row:
    rounds = list(
        db.query(
            "select round, sum(reports) as entries, min(ok) as ok from (select round, max(reports) as reports, min(ok) as ok "
            "from column_check where portal = ? group by round, column_url, iif(digest = '', page, digest)) "
            "group by round order by round desc",
            [portal["id"]],
        )
    )
    current = next((row for row in rounds if row["round"] == portal["round"]), None)
    before = next((row for row in rounds if row["round"] < portal["round"] and row["entries"]), None)
    if current:
        current["whole"] = next(
            db.query(
                "select count(*) as n from (select 1 from column_check where portal = ? and round = ? group by column_url "
                "having min(ok) = 1 and sum(reports) > 0)",
                [portal["id"], portal["round"]],
            )
        )["n"]
    failures = list(
        db.query(
            "select kind, count(*) as n from failure where portal = ? and round in (0, ?, ?) group by kind order by n desc",
            [portal["id"], portal["round"], portal["survey_round"] if not portal["round"] else -1],
        )
    )
    one = "select {} as x from {} where {} = ?"
    count = next(db.query(one.format("count(*)", "report", "region"), [portal["region"] or portal["id"]]))["x"]
    success = next(db.query(one.format("max(checked_at)", "column_check", "ok = 1 and portal"), [portal["id"]]))["x"]
    return {
        "portal": portal["id"],
        "name": portal["name"] or portal["region_name"],
        "family": portal["family"],
        "state": _state(portal, current, before, {row["kind"] for row in failures}, _refused_share(db, portal)),
        "last_success": success,
        "entries": current["entries"] if current else None,
        "entries_before": before["entries"] if before else None,
        "reports": count,
        "failures": ", ".join(f"{row['n']} {row['kind']}" for row in failures),
    }


def _refused_share(db: Database, portal: Row) -> float:
    """The share of this round's detail pages that could not be had."""
    row = next(
        db.query(
            "select count(*) as n, sum(state in ('failed', 'dropped')) as bad from url where portal = ? and round = ? "
            "and kind = 'detail' and state <> 'not_report'",
            [portal["id"], portal["round"]],
        )
    )
    return row["bad"] / row["n"] if row["n"] else 0.0


def _state(portal: Row, current: Row | None, before: Row | None, kinds: set[str], refused: float) -> str:
    blocked = any(kind.startswith("blocked") for kind in kinds)
    if portal["state"] == "paused":
        return "paused"
    if "needs_browser" in kinds and (current is None or not current["ok"]):
        return "needs_browser"
    if current is None or not current["ok"] or refused >= MANY:
        if current is None and portal["round"] == 0 and not kinds:
            return "new"
        if current and current["whole"] and refused < MANY and portal["round_done"]:
            return "partial"
        return "blocked" if blocked else "down" if portal["round_done"] else "unfinished"
    if not portal["round_done"]:
        return "unfinished"
    if not current["entries"]:
        return "empty"
    if refused >= SOME or "cut" in kinds or "not-a-file" in kinds:
        return "partial"
    if before and current["entries"] < before["entries"] * SHRUNK:
        return "shrunk"
    return "ok"


def news(
    db: Database, narrow: Filter, since: str | None, after: int | None, kinds: tuple[str, ...], limit: int
) -> list[Row]:
    """Events, newest first; `since` is a date or time, `after` the number of an event (for --since-last)."""
    where, parameters = narrow.where()
    where += " and (:since is null or e.at >= :since) and (:after is null or e.n > :after)"
    if kinds:
        where += f" and e.kind in ({', '.join(f':kind{index}' for index in range(len(kinds)))})"
        parameters |= {f"kind{index}": kind for index, kind in enumerate(kinds)}
    rows = db.query(
        "select e.n, e.at, e.kind, r.id as report, coalesce(nullif(u.full_name, ''), u.name) as unit, r.year, r.title, "
        "r.first_seen, v.stated_date, e.detail, "
        "(select url from sighting s where s.version = v.id order by role, url limit 1) as url "
        "from event e join report r on r.id = e.report join unit u on u.id = r.unit join version v on v.id = coalesce(e.version, r.current) "
        f"where {where} order by e.at desc, e.n desc limit :limit",
        {**parameters, "since": since, "after": after, "limit": limit},
    )
    return [{**row, "detail": json.loads(row["detail"])} for row in rows]


def checks(db: Database, narrow: Filter, results: tuple[str, ...], limit: int) -> list[Row]:
    """Check results of current versions, by default the failed ones."""
    where, parameters = narrow.where()
    marks = ", ".join(f":result{index}" for index in range(len(results)))
    rows = db.query(
        "select r.id as report, r.year, coalesce(nullif(u.full_name, ''), u.name) as unit, c.id as 'check', c.scope, c.result, c.expected, c.found "
        "from check_result c join report r on r.current = c.version join unit u on u.id = r.unit "
        f"where {where} and c.result in ({marks}) order by r.id, c.id, c.scope limit :limit",
        {**parameters, **{f"result{index}": result for index, result in enumerate(results)}, "limit": limit},
    )
    return list(rows)


def figures(db: Database, report: Row) -> list[Row]:
    """All figures of a report's current version in the form's order, with their labels."""
    rows = db.query("select * from figure where version = ?", [report["current"]])
    return sorted(({**_whole(row), "label": label_of(row["path"], row["form"])} for row in rows), key=_order)


def _order(row: Row) -> tuple[int, int, str]:
    from extract.forms import all_forms

    paths = [path for table in ("t2", "t3", "t4") for path in all_forms()[row["form"]].paths(table)]
    return 0, paths.index(row["path"]) if row["path"] in paths else len(paths), row["path"]


def over_years(db: Database, unit: str, path: str) -> list[Row]:
    """One figure of one unit over the years, from current versions; scopes are never mixed."""
    rows = db.query(
        "select r.year, r.scope, f.path, f.value, f.state, f.written, f.unit, f.form, r.id as report from report r "
        "left join figure f on f.version = r.current and f.path = ? where r.unit = ? order by r.scope, r.year",
        [path, unit],
    )
    return [_whole(row) for row in rows]


def _whole(row: Row) -> Row:
    """A row whose value is an integer where it is a whole number, as it was printed."""
    value = row.get("value")
    return {**row, "value": int(value)} if isinstance(value, float) and value.is_integer() else row


# The capture that holds a version's own document, of which the places of its figures speak: never that of a sibling,
# and also where no page shows that document any more but another with the same text.
_OWN = (
    "from version v join document d on d.sha256 = v.document join capture c on c.document = v.document and c.revisit_of is null "
    "left join sighting s on s.version = v.id and s.capture = c.id where v.id = ? "
    "order by coalesce(s.role, 'none') = 'best' desc, s.role is null, c.fetched_at, c.id limit 1"
)


def cite(db: Database, report: Row, path: str | None) -> Row:
    """Everything that leads from a figure (or a whole report) back to the bytes it came from."""
    row: Row = next(
        db.query(
            "select c.url, c.headers, c.link_text, c.fetched_at, c.sha256, c.segment, c.start as offset, c.length, c.media_type, "
            "v.id as version, v.seq, v.stated_date, v.first_seen, d.format, d.reader, v.document, v.missing, v.inferred, v.notes "
            f"{_OWN}",
            [report["current"]],
        )
    )
    missing, inferred, notes = (json.loads(row.pop(key)) for key in ("missing", "inferred", "notes"))
    name = file_name({"url": row["url"], "headers": row.pop("headers"), "link_text": row.pop("link_text")})
    result: Row = {"report": report["id"], "title": report["title"], **row, "file_name": name}
    if not path:
        result["notes"] = notes
    else:
        result["figure"] = path
        figure = next(db.query("select * from figure where version = ? and path = ?", [report["current"], path]), None)
        if figure:
            result |= {key: _whole(figure)[key] for key in ("value", "state", "written", "unit", "form")}
            result |= {"label": label_of(path, figure["form"]), "place": json.loads(figure["place"])}
        elif any(path == name or path.startswith(name + ".") for name in missing):
            result |= {"value": None, "state": "not printed", "inferred": inferred.get(path)}
        elif number := next(
            db.query("select * from number where version = ? and key = ?", [report["current"], path]), None
        ):
            result |= {
                "value": _whole(number)["value"],
                "state": "number" if number["value"] is not None else "ambiguous",
                "sentence": number["text"],
            }
        else:
            result["state"] = "not in its form"
        result["notes"] = [note for note in notes if f"{path}.".startswith(f"{note.partition(': ')[0]}.")]
    return result


def capture_of(db: Database, report: Row) -> Row:
    """The capture row that holds the bytes of a report's current version."""
    rows: Iterator[Row] = db.query(f"select c.* {_OWN}", [report["current"]])
    return next(rows)


def failed_documents(db: Database, limit: int) -> list[Row]:
    """Documents that could not be read, and pages without the report they promised."""
    return list(
        db.query("select url, kind, reason, portal, reader, at, subject from failure order by at desc limit ?", [limit])
    )
