"""Whose report it is, of which year: what the column, the page, the title and the text say, and what a person has decided.

Trusted in this order: a person, the column's unit, the title, 发布机构 of the page, 来源, each inside the portal's county. A
name that only the page's head says and that the report's own sentences contradict (我局 under 发布机构：人民政府办公室) is
no answer: many systems print the website's own office there. What is not clear is asked (`review.py`), never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from extract import credit_code, selfsaid, titles
from extract.titles import squeeze

from . import identity, review, statements
from .pages import Page, Showing
from .reading import Reading
from .together import Candidate

BY_HEAD = ("publisher", "source")  # who says it, where the report itself and its column say nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """The unit of a report, or None with the reason why it is not clear; who says what, and what it may be.

    `note`: a disagreement that does not stand in the way, or the reason.
    """

    unit: identity.Unit | None
    note: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


def of_report(
    db: Database,
    page: Page,
    showing: Showing,
    candidates: Sequence[Candidate],
    head: Reading | None,
    decided: review.Decision | None,
) -> Answer:
    """The unit, from what names it (DESIGN.md, Identity); `candidates`: the best document first, the others are asked where
    it names no publisher.
    """
    region, region_name = page.county
    said = _said(page, showing, candidates, head)
    if decided and decided.unit:
        return Answer(_of_id(db, region, decided.unit), said=said)
    choice = identity.choose(region, region_name, said)
    if choice.unit and choice.by not in BY_HEAD:
        return Answer(known_as(db, choice.unit), choice.note, said)
    word = selfsaid.organ_word(candidates[0].reading.written) if len(candidates[0].reading.reports) == 1 else ""
    if choice.unit and not selfsaid.speaks_as(choice.unit.name, word):
        why = f"only the page's {choice.by} names {choice.unit.name}, and the report says 我{word}"
        return Answer(None, why, said | {review.SPEAKS: word})
    if choice.unit is None:
        return Answer(None, "nothing names its unit", said | ({review.SPEAKS: word} if word else {}))
    return Answer(known_as(db, choice.unit), choice.note, said)


def _said(page: Page, showing: Showing, candidates: Sequence[Candidate], head: Reading | None) -> dict[str, str]:
    """The names as printed, by who says them: column, publisher, title, source; of one of many in a bundle, what it says itself."""
    if candidates[0].unit is not None:  # what the page says is not said of it
        return {"title": candidates[0].unit}
    metadata = head.text.metadata if head and head.text else {}
    linked = titles.parse(str(showing.members[0].capture["link_text"]))
    titled = titles.parse(metadata.get("title", ""))
    beside = next((other.report.publisher for other in candidates if other.report.publisher), "")
    title = candidates[0].report.publisher or (titled.unit if titled else "") or (linked.unit if linked else "")
    said = {
        "column": page.unit,
        "publisher": metadata.get("publisher", ""),
        "title": title or beside or "",
        "source": metadata.get("source", ""),
    }
    return {who: name for who, name in said.items() if name}


def known_as(db: Database, unit: identity.Unit) -> identity.Unit:
    """The unit that an alias of the county says a name means."""
    alias = statements.first(db, "select unit from alias where region = ? and alias = ?", [unit.region, unit.name])
    return _of_id(db, unit.region, str(alias[0])) if alias else unit


def _of_id(db: Database, region: str, id: str) -> identity.Unit:
    """The unit of an id, in the county of the page: a portal whose code was corrected takes its units along."""
    name = id.partition("/")[2]
    row = next(db.query("select full_name, type from unit where id = ?", [f"{region}/{name}"]), None)
    full, kind = (row["full_name"], row["type"]) if row else (name, identity.type_of(name))
    return identity.Unit(f"{region}/{name}", region, name, full, kind)


def year_questions(year: int, best: Candidate, titles_: Sequence[str], link: str) -> Iterator[tuple[str, int]]:
    """What speaks against a report's year, in words, each with the other year: the document's own, that under which the
    list names it (`link`), a title of two years, a title line in its text, the period that the text says it covers.
    """
    linked = titles.parse(link)
    if linked and linked.year != year and best.unit is None and len(best.reading.reports) < 2:
        yield f"year_mismatch: the list calls it {linked.year}, the page {year}", linked.year
    if best.report.year not in (None, year):
        yield (
            f"year_mismatch: the page is titled {year}, the document says {best.report.year}",
            int(best.report.year or 0),
        )
    for title in dict.fromkeys(titles_):
        for other in selfsaid.years_of(title):
            if other != year:
                yield f"year_mismatch: its title names two years, {year} is taken, {other} too", other
    for other in best.report.other_years:
        if other != year:
            yield f"year_mismatch: the page is titled {year}, the text says {other}", other
    alone = len(best.reading.reports) == 1
    if alone and (period := selfsaid.period_year(best.reading.written)) not in (
        None,
        year,
        best.report.year,
        *best.report.other_years,
    ):
        yield f"year_mismatch: the title says {year}, the text that it covers {period}", int(period or 0)


def write_credit(db: Database, page: Page, report: str, head: Reading | None) -> None:
    """The 统一社会信用代码 in the 索引号 beside a report, with the unit that the page calls its 发布机构: the code is that unit's."""
    metadata = head.text.metadata if head and head.text else {}
    code = credit_code.find(metadata.get("index", ""))
    if not code:
        return
    printed = metadata.get("publisher", "")
    made = identity.unit(*page.county, printed) if printed else None
    publisher = known_as(db, made).name if made else squeeze(printed)
    db.execute("insert or replace into credit values (?, ?, ?, ?)", [page.key, report, code, publisher])
