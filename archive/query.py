"""What people ask of an archive, as rows: portals and their state, news, figures over the years, citations."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from extract import forms
from extract.forms import label_of

from . import holding
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
    # events of columns have a county, no unit and no year; what is overdue says its unit and year
    unit, year = "json_extract(e.detail, '$.unit')", "json_extract(e.detail, '$.year')"
    other = ["r.id is null", f"(:region is null or p.region like :region || '%' or {unit} like :region || '%')"]
    other += [f"{unit} like '%' || :unit || '%'"] if narrow.unit else []
    other += [f"{year} = :year"] if narrow.year else []
    where = f"((r.id is not null and {where}) or ({' and '.join(other)}))"
    where += " and (:since is null or e.at >= :since) and (:after is null or e.n > :after)"
    if kinds:
        where += f" and e.kind in ({', '.join(f':kind{index}' for index in range(len(kinds)))})"
        parameters |= {f"kind{index}": kind for index, kind in enumerate(kinds)}
    rows = db.query(
        "select e.n, e.at, e.kind, r.id as report, coalesce(nullif(u.full_name, ''), u.name, iif(r.id is null, json_extract(e.detail, '$.name'), null)) as unit, "
        "coalesce(r.year, iif(r.id is null, json_extract(e.detail, '$.year'), null)) as year, r.title, "
        "r.first_seen, v.stated_date, e.detail, e.portal, "
        "coalesce((select url from sighting s where s.version = v.id order by role, url limit 1), e.url) as url "
        "from event e left join report r on r.id = e.report left join unit u on u.id = r.unit "
        "left join version v on v.id = coalesce(e.version, r.current) left join portal p on p.id = e.portal "
        f"where {where} order by e.at desc, e.n desc limit :limit",
        {**parameters, "since": since, "after": after, "limit": limit},
    )
    return [{**row, "detail": json.loads(row["detail"])} for row in rows]


def figures(db: Database, report: Row) -> list[Row]:
    """All figures of a report's current version in the form's order, with their labels."""
    rows = db.query("select * from figure where version = ?", [report["current"]])
    return sorted(({**_whole(row), "label": label_of(row["path"], row["form"])} for row in rows), key=_order)


def _order(row: Row) -> tuple[int, int, str]:
    paths = forms.paths(row["form"])
    return 0, paths.index(row["path"]) if row["path"] in paths else len(paths), row["path"]


def over_years(db: Database, unit: str, path: str) -> list[Row]:
    """One figure of one unit over the years, from current versions; scopes are never mixed."""
    rows = db.query(
        "select r.year, r.scope, f.path, f.value, f.state, f.written, f.unit, f.form, r.id as report from report r "
        "left join version v on v.id = r.current left join version_figure f on f.version_n = v.n and f.path = ? where r.unit = ? order by r.scope, r.year",
        [path, unit],
    )
    return [_whole(row) for row in rows]


def _whole(row: Row) -> Row:
    """A row whose value is an integer where it is a whole number, as it was printed."""
    value = row.get("value")
    return {**row, "value": int(value)} if isinstance(value, float) and value.is_integer() else row


def cite(db: Database, report: Row, path: str | None) -> Row:
    """Everything that leads from a figure (or a whole report) back to the bytes it came from.

    `inside`: the path in the bundle that the capture is. Of a report that is put together, a figure leads to the `part`
    that prints it, the whole to all `parts`.
    """
    version = _version(db, report)
    missing, inferred, notes = (json.loads(version[key]) for key in ("missing", "inferred", "notes"))
    figure = next(
        db.query("select * from figure where version = ? and path = ?", [report["current"], path or ""]), None
    )
    place = json.loads(figure["place"]) if figure else {}
    result: Row = {"report": report["id"], "title": report["title"], **_source(db, version, place.get("part", ""))}
    if not path:
        return {**result, "notes": notes}
    result["figure"] = path
    if figure:
        result |= {key: _whole(figure)[key] for key in ("value", "state", "written", "unit", "form")}
        result |= {"label": label_of(path, figure["form"]), "place": place}
        if figure["confidence"] is not None:
            result["confidence"] = figure["confidence"]
        if figure["matched"]:
            result["matched"] = figure["matched"]
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


def _version(db: Database, report: Row) -> Row:
    return next(db.query("select * from version where id = ?", [report["current"]]))


def _source(db: Database, version: Row, part: str) -> Row:
    """Where the bytes of a version's document are, or of the part of it that is asked for."""
    where = holding.of_version(db, version, part)
    parts = holding.parts(db, version["document"])
    own = where.document if part else version["document"]
    made = next(db.query("select format, reader from document where sha256 = ?", [own]), {"format": "", "reader": ""})
    row = {key: where.capture[key] for key in ("url", "fetched_at", "sha256", "segment", "length", "media_type")}
    row |= {"offset": where.capture["start"], "version": version["id"], **made, "document": own}
    row |= {key: version[key] for key in ("seq", "stated_date", "first_seen")}
    if where.path:
        row["inside"] = where.path
    if parts:
        row |= {"part": part} if part else {"parts": parts}
    return {**row, "file_name": where.path.rpartition("/")[2] or file_name(where.capture)}


def source_of(db: Database, report: Row, part: str = "") -> holding.Held:
    """Where the bytes of a report's current version are; of one put together, those of a part, else of the first."""
    return holding.of_version(db, _version(db, report), part)


def parts_of(db: Database, report: Row) -> list[Row]:
    """What a report's current version is put together from: path and sha256; none where it is one document."""
    return holding.parts(db, _version(db, report)["document"])


def failed_documents(db: Database, limit: int) -> list[Row]:
    """Documents that could not be read, and pages without the report they promised."""
    return list(
        db.query("select url, kind, reason, portal, reader, at, subject from failure order by at desc limit ?", [limit])
    )
