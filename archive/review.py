"""What a person has to decide, and what was decided: whose report a document is, of which year, or that it is none.

Questions are made by `build` (table `review`); answers are a person's (table `decision`), kept by page, document and
title, so that they hold after every rebuild, and when the bytes of a page change but not its title.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]
ID_LENGTH = 8  # characters: 10,000 questions share one with a chance of 1 %
FIELDS = ("page", "document", "title", "unit", "year", "is_report", "remark", "entered_at")


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
    rows = db.query("select * from decision where page = ? order by document, title", [page])
    return [Decision(r["document"], r["title"], r["unit"], r["year"], bool(r["is_report"])) for r in rows]


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
        "id": hashlib.sha256(f"{kind}\n{page}\n{document}\n{title}".encode()).hexdigest()[:ID_LENGTH],
        "kind": kind, "page": page, "document": document, "title": title, "region": region, "report": report,
        "said": json.dumps(dict(said), ensure_ascii=False), "candidates": json.dumps(list(candidates), ensure_ascii=False),
        "why": why, "at": at,
    }  # fmt: skip
    db.table("review").insert(row, pk="id", replace=True)
