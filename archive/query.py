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


def portal_status(db: Database, portal: str | None = None) -> list[Row]:
    """One row a portal, or that of one: the view `portal_status` (state, since, last success, entries then and now …).

    `notes`: what waits and why: a host that asked for time, a robots.txt that does not answer, a budget, the night.
    """
    where = "where portal = ? " if portal else ""
    rows = list(db.query(f"select * from portal_status {where}order by portal", [portal] if portal else []))
    return [{**row, "moved": json.loads(row["moved"]) if row["moved"] else {}} for row in rows]


def news(
    db: Database, narrow: Filter, since: str | None, after: int | None, kinds: tuple[str, ...], limit: int
) -> list[Row]:
    """Events, newest first; `since` is a date or time, `after` the number of an event (for --since-last)."""
    where, parameters = narrow.where()
    if not (narrow.unit or narrow.year):  # events of columns have a county, no unit and no year
        region = "and p.region like :region || '%'" if narrow.region else ""
        where = f"(({where}) or (r.id is null {region}))"
    where += " and (:since is null or e.at >= :since) and (:after is null or e.n > :after)"
    if kinds:
        where += f" and e.kind in ({', '.join(f':kind{index}' for index in range(len(kinds)))})"
        parameters |= {f"kind{index}": kind for index, kind in enumerate(kinds)}
    rows = db.query(
        "select e.n, e.at, e.kind, r.id as report, coalesce(nullif(u.full_name, ''), u.name) as unit, r.year, r.title, "
        "r.first_seen, v.stated_date, e.detail, e.portal, "
        "coalesce((select url from sighting s where s.version = v.id order by role, url limit 1), e.url) as url "
        "from event e left join report r on r.id = e.report left join unit u on u.id = r.unit "
        "left join version v on v.id = coalesce(e.version, r.current) left join portal p on p.id = e.portal "
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
