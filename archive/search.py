"""Search over the text of reports: bigram index for words, the plain text for single characters; what was found, where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from .bigrams import is_single, query, tokens

CONTEXT = 18  # characters before and after the first hit in a snippet


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a listing of reports; None is everything."""

    region: str | None = None
    unit: str | None = None
    year: int | None = None

    def where(self) -> tuple[str, dict[str, Any]]:
        """SQL conditions over the tables report r and unit u, and their parameters."""
        parts = ["1"]
        if self.region:
            parts.append("r.region like :region || '%'")
        if self.unit:
            parts.append("(u.name like '%' || :unit || '%' or u.full_name like '%' || :unit || '%')")
        if self.year:
            parts.append("r.year = :year")
        return " and ".join(parts), {"region": self.region, "unit": self.unit, "year": self.year}


def index_report(db: Database, report: str) -> None:
    """Bring a report's row in the index in line with its current version. Call it in the transaction of that version.

    The index holds no text of its own (content=''), so an old row is taken out by saying what was in it.
    """
    row = next(
        db.query(
            "select r.n, r.current, d.title, d.text, coalesce(b.version, '') as done from report r join version v on v.id = r.current "
            "join document d on d.sha256 = v.document left join indexed b on b.n = r.n where r.id = ?",
            [report],
        )
    )
    if row["done"] == row["current"]:
        return
    if row["done"]:
        unindex(db, "b.n = ?", row["n"])
    db.execute(
        "insert into report_fts (rowid, title, text) values (?, ?, ?)",
        [row["n"], tokens(row["title"]), tokens(row["text"])],
    )
    db.execute("insert or replace into indexed (n, version) values (?, ?)", [row["n"], row["current"]])


def unindex(db: Database, which: str, value: object) -> None:
    """Take rows out of the index, before their report or the text of their document goes; `which` is over indexed b,
    version v and document d.
    """
    rows = db.query(
        "select b.n, d.title, d.text from indexed b join version v on v.id = b.version join document d on d.sha256 = v.document "
        f"where {which}",
        [value],
    )
    for row in list(rows):
        db.execute(
            "insert into report_fts (report_fts, rowid, title, text) values ('delete', ?, ?, ?)",
            [row["n"], tokens(row["title"]), tokens(row["text"])],
        )
        db.execute("delete from indexed where n = ?", [row["n"]])


def search(db: Database, words: str, narrow: Filter, limit: int) -> Iterator[dict[str, Any]]:
    """Reports whose current version holds every word, newest year first; raises ValueError for words without a letter."""
    terms = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', words)]
    long = [term for term in terms if not is_single(term)]
    long = [term for term in long if tokens(term)]
    match = query(" ".join(f'"{term}"' for term in long)) if long else ""
    if not match and not any(is_single(term) for term in terms):
        raise ValueError(f"{words!r} holds no word to search for")
    where, parameters = narrow.where()
    if match:
        where += " and r.n in (select rowid from report_fts where report_fts match :match)"
    for index, term in enumerate(term for term in terms if is_single(term)):
        where += f" and d.text like :single{index}"
        parameters[f"single{index}"] = f"%{term}%"
    rows = db.query(
        "select r.id as report, r.year, coalesce(nullif(u.full_name, ''), u.name) as unit, d.title, d.text from report r "
        "join unit u on u.id = r.unit join version v on v.id = r.current join document d on d.sha256 = v.document "
        f"where {where} order by r.year desc, r.id limit :limit",
        {**parameters, "match": match, "limit": limit},
    )
    for row in rows:
        text = row.pop("text")
        yield {**row, "snippet": snippet(text, terms)}


def snippet(text: str, terms: list[str]) -> str:
    """The words around the first term that occurs, on one line, the term in brackets 【】."""
    for term in terms:
        spaced = r"[ \u00a0\u3000]*".join(re.escape(character) for character in term.strip())
        if match := re.search(spaced, text, re.IGNORECASE):
            before = " ".join(text[max(0, match.start() - CONTEXT) : match.start()].split())
            after = " ".join(text[match.end() : match.end() + CONTEXT].split())
            return f"…{before}【{' '.join(match[0].split())}】{after}…"
    return ""
