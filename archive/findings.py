"""What is noteworthy of a version besides its figures, as rows: another year, documents that disagree, empty tables, OCR.

A row belongs to the page that showed it, so that it goes when the page is built anew. Those of pages that came after
their column's first crawl are told as events, once for a version and a document, at the time when it was first shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from extract.model import State

from . import statements
from .pages import Page, Showing
from .together import Candidate, conflicts


@dataclass(frozen=True, slots=True)
class Finding:
    """One of them: its kind (`kinds.py`), the document (sha256) that gives it, what it says."""

    kind: str
    document: str
    detail: dict[str, Any] = field(default_factory=dict)


def findings(year: int, best: Candidate, others: Sequence[Candidate], years: Sequence[int]) -> Iterator[Finding]:
    """What is noteworthy of a report as a page shows it; `years`: those that the best document says besides its year."""
    if years:
        said = {"titled": year, "says": sorted(set(years)), "url": best.member.url}
        yield Finding("year_mismatch", best.member.payload, said)
    for other in sorted(others, key=lambda candidate: candidate.member.url):
        if other.report.figures and other.report.year not in (None, year):
            said = {"titled": year, "says": [other.report.year], "url": other.member.url}
            yield Finding("year_mismatch", other.member.payload, said)
    for other, cells in conflicts(year, best, others):
        said = {"documents": [best.member.url, other.member.url], "cells": cells}
        yield Finding("conflict", other.member.payload, said)
    figures = best.report.figures.values()
    if figures and not any(figure.state is State.NUMBER for figure in figures) and not _is_unread(best):
        yield Finding("empty_tables", best.member.payload, {"cells": len(best.report.figures)})
    if any(figure.confidence is not None for figure in figures):
        yield Finding("figures", best.member.payload, {"by": "ocr"})


def _is_unread(candidate: Candidate) -> bool:
    """Whether cells hold something that could not be read: then nobody knows that there is no number."""
    unread = (State.UNREADABLE, State.AMBIGUOUS)
    return any(figure.state in unread for figure in candidate.report.figures.values())


def write(db: Database, page: Page, showing: Showing, version: str, found: Sequence[Finding], backfill: bool) -> None:
    """The rows of a version as a page showed it; the first time counts."""
    for one in found:
        db.execute(
            "insert into finding values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            [page.key, version, one.kind, one.document, showing.at, int(backfill), json.dumps(one.detail, ensure_ascii=False)],
        )  # fmt: skip


def told(db: Database, report: str) -> list[dict[str, Any]]:
    """The findings of a report that are events: version, kind, document, at, detail (JSON); each once, by its first page.

    What any page showed while its column was first crawled is none.
    """
    rows = statements.rows(
        db,
        "select f.version, f.kind, f.document, min(f.at) as at, f.detail from finding f join version v on v.id = f.version "
        "where v.report = ? group by f.version, f.kind, f.document having max(f.backfill) = 0 order by at, f.kind, f.document",
        [report],
    )
    return [dict(zip(("version", "kind", "document", "at", "detail"), row, strict=True)) for row in rows]
