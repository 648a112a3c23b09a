"""What a person has to decide, and what was decided: whose report a document is, of which year, or that it is none.

Questions are made by `build` (table `review`); answers are a person's (table `decision`), kept by page, document and
title, so that they hold after every rebuild, and when the bytes of a page change but not its title.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from extract.selfsaid import speaks_as
from extract.titles import squeeze

from . import statements
from .clock import now

Row = dict[str, Any]
ID_LENGTH = 8  # characters: 10,000 questions share one with a chance of 1 %
FIELDS = ("page", "document", "title", "unit", "year", "is_report", "remark", "entered_at")
KEY = ("page", "document", "title")
SPEAKS = "text"  # in what was said: how the report calls its organ (局 for 我局)
MOST = 12  # candidates that a person is shown


class Unknown(ValueError):
    """No such item, or no such unit; the message says what to do. Raised by what a person asks for."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a document; an empty unit and no year: nothing was said of these."""

    document: str
    title: str
    unit: str
    year: int | None
    is_report: bool


def decisions(db: Database, page: str) -> list[Decision]:
    """All that was said of a page's documents."""
    said = "select document, title, unit, year, is_report from decision where page = ? order by document, title"
    rows = statements.rows(db, said, [page])
    return [Decision(document, title, unit, year, bool(is_report)) for document, title, unit, year, is_report in rows]


def decided(known: Sequence[Decision], documents: Sequence[tuple[str, str]]) -> Decision | None:
    """The decision that holds for a report, by its documents (sha256, title): of the document, else of the same title.

    Of a document that holds several reports the title tells which is meant.
    """
    for sha256, title in documents:
        of_it = [each for each in known if each.document == sha256]
        exact = next((each for each in of_it if each.title == title), None)
        if exact or len(of_it) == 1:
            return exact or of_it[0]
    said = {title for _, title in documents if title}
    return next((each for each in known if each.title in said), None)


def digests(db: Database) -> dict[str, str]:
    """By page, what was decided of its documents: pages with another digest are built again."""
    found: dict[str, str] = {}
    for row in db.query("select page, document, title, unit, year, is_report from decision order by 1, 2, 3"):
        found[row["page"]] = found.get(row["page"], "") + json.dumps(list(row.values()), ensure_ascii=False)
    return found


def forget_page(db: Database, page: str) -> None:
    """Take back what an earlier build asked of a page."""
    db.execute("delete from review where page = ?", [page])
    db.execute("delete from credit where page = ?", [page])


def item_id(page: str, document: str, title: str) -> str:
    """What a person types for a question and for its answer."""
    return hashlib.sha256(f"{page}\n{document}\n{title}".encode()).hexdigest()[:ID_LENGTH]


def ask(
    db: Database,
    kind: str,
    key: tuple[str, str, str],
    why: str,
    at: str,
    said: Mapping[str, str],
    candidates: Sequence[object],
    region: str,
    report: str = "",
) -> None:
    """A question of a kind. `key`: page, document, title. What a page asked of the same title before is asked no more."""
    page, document, title = key
    db.execute("delete from review where page = ? and kind = ? and title = ? and title <> ''", [page, kind, title])
    row = {
        "id": item_id(page, document, title),
        "kind": kind, "page": page, "document": document, "title": title, "region": region, "report": report,
        "said": json.dumps(dict(said), ensure_ascii=False), "candidates": json.dumps(list(candidates), ensure_ascii=False),
        "why": why, "at": at,
    }  # fmt: skip
    db.table("review").insert(row, pk="id", replace=True)


def propose(db: Database) -> None:
    """Which units of its county each report without one may be of. Call it when all pages are built."""
    for row in list(db.query("select id, region, said from review where kind = 'unit'")):
        found = _may_be(db, row["region"], json.loads(row["said"]))
        db.table("review").update(row["id"], {"candidates": json.dumps(found, ensure_ascii=False)})


def _may_be(db: Database, region: str, said: Mapping[str, str]) -> list[str]:
    """Units that the words name in part, then those whose reports call themselves so."""
    rows = [
        (row["id"], row["name"]) for row in db.query("select id, name from unit where region = ? order by id", [region])
    ]
    word = said.get(SPEAKS, "")
    names = [re.sub(r"人民政府.*|[（(].*", "", squeeze(name)) for who, name in said.items() if who != SPEAKS]
    parts = [name for name in names if len(name) > 1]
    named = [id for id, name in rows if any(part in name or name in part for part in parts)]
    speaking = [id for id, name in rows if word and speaks_as(name, word)]
    return list(dict.fromkeys([*named, *speaking]))[:MOST]


def open_items(db: Database, kind: str = "", region: str = "") -> list[Row]:
    """The questions that are open, newest first, with who says what and what it may be. A decision that waits for the next
    build leaves none.
    """
    rows = db.query(
        "select id, kind, title, why, candidates, said, report, region, substr(page, instr(page, ' ') + 1) as url, page, document, at "
        "from review v where (?1 = '' or kind = ?1) and region like ?2 || '%' and not exists (select 1 from decision d "
        "where d.page = v.page and d.document = v.document and d.title = v.title) order by at desc, id",
        [kind, region],
    )
    return [{**row, "said": json.loads(row["said"]), "candidates": json.loads(row["candidates"])} for row in rows]


def find(db: Database, item: str) -> Row:
    """The question with this id, or with a part of its page's address that only it has. Raises Unknown."""
    return _one(open_items(db), item, "item", "list")


def _one(every: Sequence[Row], item: str, what: str, listing: str) -> Row:
    found = [row for row in every if row["id"] == item] or [row for row in every if item in row["page"]]
    if len(found) != 1:
        said = f"{item!r} is {len(found)} {what}s" if found else f"no {what} is called {item!r}"
        raise Unknown(f"{said}; `nianbao review {listing}` names them")
    return found[0]


def settle(db: Database, item: str, unit: str, year: int | None, is_report: bool, remark: str) -> list[str]:
    """Decide a question, or a report that is filed wrongly (on every page that shows it); the ids. Raises Unknown."""
    done = []
    for page, document, title, region in _meant(db, item):
        said = {"unit": _unit(db, region, unit), "year": year, "is_report": int(is_report), "remark": remark}
        row = {"page": page, "document": document, "title": title, **said, "entered_at": now()}
        db.table("decision").insert(row, pk=KEY, replace=True)
        done.append(item_id(page, document, title))
    return done


def _meant(db: Database, item: str) -> list[tuple[str, str, str, str]]:
    """Page, document, title and county of what a person names: a question, or a report. Raises Unknown."""
    rows = list(
        db.query(
            "select distinct s.page, s.document, v.title, r.region from report r join version v on v.report = r.id "
            "join sighting s on s.version = v.id and s.role = 'best' where r.id = ? order by 1, 2, 3",
            [item],
        )
    )
    if rows:
        return [(row["page"], row["document"], row["title"], row["region"]) for row in rows]
    row = find(db, item)
    if row["kind"] == "credit_code":
        raise Unknown(
            f"{row['why']} Say it with `nianbao units rename OLD NEW --from YEAR`, or with the column credit_code of a roster (`units import`)"
        )
    return [(row["page"], row["document"], row["title"], row["region"])]


def _unit(db: Database, region: str, name: str) -> str:
    """The id of a unit in the county of a report; empty where none was said. Raises Unknown."""
    from .units import BadUnit, named

    if not name:
        return ""
    try:
        return named(db, region, name.removeprefix(f"{region}/")).id
    except BadUnit as error:
        raise Unknown(str(error)) from error


def decided_items(db: Database) -> list[Row]:
    """What was decided, the newest first."""
    rows = db.query(f"select {', '.join(FIELDS)} from decision order by entered_at desc, page, document, title")
    return [{"id": item_id(row["page"], row["document"], row["title"]), **row} for row in rows]


def undo(db: Database, item: str) -> None:
    """Take back the decision with this id, or with a part of its page's address that only it has. Raises Unknown."""
    row = _one(decided_items(db), item, "decision", "decisions")
    db.table("decision").delete([row[name] for name in KEY])


def take(db: Database, said: Mapping[str, str]) -> None:
    """Take a decision from a line of a CSV file. Raises Unknown where it says nothing."""
    page, unit, year = said.get("page", ""), said.get("unit", ""), said.get("year", "")
    is_report = said.get("is_report", "1") not in ("0", "false", "no", "否")
    if " " not in page or not said.get("document"):
        raise Unknown("needs page (portal and address) and document, as `nianbao review decisions --csv` prints them")
    if year and not (year.isdecimal() and len(year) == 4):
        raise Unknown(f"{year!r} is no report year")
    if is_report and not (unit or year):
        raise Unknown("says neither unit nor year, nor that it is no report (is_report 0)")
    row: Row = {"page": page, "document": said["document"], "title": said.get("title", ""), "unit": unit}
    row |= {"year": int(year) if year else None, "is_report": int(is_report), "remark": said.get("remark", "")}
    db.table("decision").insert({**row, "entered_at": said.get("entered_at") or now()}, pk=KEY, replace=True)
