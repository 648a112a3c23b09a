"""Search over the text of reports: bigram index for words, the plain text for single characters; what was found, where.

The index is in the order of years (`report.in_order`), and holds region and unit beside the text. So a search reads the newest
years first and stops when it has enough, and a filter is one more word that must occur.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from .bigrams import is_run, is_single, query, tokens

CONTEXT = 18  # characters before and after the first hit in a snippet
TEXT = "{title text}"  # the columns of the index that words are searched in; `about` is for filters
JOINED = 2_000  # pages of the index, of 4 KB, that are joined in one transaction
SAID = 10_000  # reports after which a long indexing says how far it is
BETWEEN = " 0x0 "  # a word that no name has: phrases do not go from one name of a unit to the other
_CODE = re.compile(r"[0-9]{1,12}")
_SOURCE = (
    "report r join unit u on u.id = r.unit join version v on v.id = r.current join document d on d.sha256 = v.document"
)


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

    def match(self) -> str:
        """What the index can say of region and unit, as part of a query: nothing that `where` would not let through is lost."""
        words = []
        if self.region and _CODE.fullmatch(self.region):
            words.append(f"about : r{self.region}")
        if self.unit and is_run(self.unit):
            words.append(f"about : {query(self.unit)}")
        return " AND ".join(words)


def index_report(db: Database, report: str) -> None:
    """Note that a report's row in the index may not be that of its current version. `index_noted` brings it in line."""
    db.execute("create temp table if not exists noted (report text primary key)")
    db.execute("insert or ignore into temp.noted values (?)", [report])


def index_noted(db: Database) -> None:
    """Bring the index in line for all reports that were noted. Call it at the end of their transaction, for many at once.

    In the order of the index, and with nothing between: every savepoint and every step back makes FTS5 write a segment.
    The index holds no text of its own (content=''), so an old row is taken out by saying what was in it.
    """
    db.execute("create temp table if not exists noted (report text primary key)")
    rows = db.execute(
        "select r.in_order, r.n, r.current, d.title, d.text, r.region, u.name, u.full_name, b.in_order from temp.noted t "
        "cross join report r on r.id = t.report join unit u on u.id = r.unit join version v on v.id = r.current join document d on d.sha256 = v.document "
        "left join indexed b on b.n = r.n where b.version is not r.current or b.about is not r.region || ' ' || u.name || ' ' || u.full_name "
        "order by r.in_order"
    ).fetchall()
    for row in rows:
        if row[-1] is not None:
            _take_out(db, "b.in_order = ?", [row[-1]])
    db.conn.executemany(
        "insert into report_fts (rowid, title, text, about) values (?, ?, ?, ?)",
        (
            (at, tokens(title), tokens(text), _about(f"{region} {name} {full}"))
            for at, _, _, title, text, region, name, full, _ in rows
        ),
    )
    db.conn.executemany(
        "insert into indexed (in_order, n, version, about) values (?, ?, ?, ?)",
        ((at, n, version, f"{region} {name} {full}") for at, n, version, _, _, region, name, full, _ in rows),
    )
    db.execute("delete from temp.noted")


def join_segments(db: Database) -> None:
    """Join the segments of the index where eight or more of one size have come together, a few MB in a transaction."""
    joined = True
    while joined:
        before = db.conn.total_changes
        with db.atomic():
            db.execute("insert into report_fts (report_fts, rank) values ('merge', ?)", [JOINED])
        joined = db.conn.total_changes - before > 1  # the statement itself is one (SQLite, FTS5, "merge")


def unindex(db: Database, which: str, value: object) -> None:
    """Take rows out of the index, before their report or the text of their document goes; `which` is over indexed b."""
    _take_out(db, which, [value])


def _take_out(db: Database, which: str, values: list[object]) -> None:
    rows = db.execute(
        "select b.in_order, d.title, d.text, b.about from indexed b join version v on v.id = b.version join document d on d.sha256 = v.document "
        f"where {which} order by b.in_order",
        values,
    ).fetchall()
    if rows:
        db.conn.executemany(
            "insert into report_fts (report_fts, rowid, title, text, about) values ('delete', ?, ?, ?, ?)",
            [(at, tokens(title), tokens(text), _about(about)) for at, title, text, about in rows],
        )
        db.conn.executemany("delete from indexed where in_order = ?", [(row[0],) for row in rows])


def catch_up(db: Database, some: int = 500, say: Callable[[str], None] = lambda line: None) -> None:
    """Index every report that is not, and those whose unit has another name than when they were indexed; `some` at a time."""
    stale = db.execute(
        "select r.id from report r join unit u on u.id = r.unit left join indexed b on b.n = r.n where r.current is not null "
        "and b.about is not r.region || ' ' || u.name || ' ' || u.full_name order by r.in_order"
    ).fetchall()
    for start in range(0, len(stale), some):
        with db.atomic():
            for (report,) in stale[start : start + some]:
                index_report(db, report)
            index_noted(db)
        if (start + some) % SAID == 0:
            say(f"  {min(start + some, len(stale))} of {len(stale)} reports")


def _about(about: str) -> str:
    """The words for region (each beginning of its code) and unit."""
    region, name, full = about.split(" ", 2)
    codes = [f"r{region[:length]}" for length in range(1, len(region) + 1)] if _CODE.fullmatch(region) else []
    return " ".join([*codes, tokens(name)]) + BETWEEN + tokens(full)


def search(db: Database, words: str, narrow: Filter, limit: int) -> Iterator[dict[str, Any]]:
    """Reports whose current version holds every word, newest year first; raises ValueError for words without a letter."""
    terms = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', words)]
    long = [term for term in terms if not is_single(term)]
    long = [term for term in long if tokens(term)]
    match = query(" ".join(f'"{term}"' for term in long)) if long else ""
    if not match and not any(is_single(term) for term in terms):
        raise ValueError(f"{words!r} holds no word to search for")
    where, parameters = narrow.where()
    for index, term in enumerate(term for term in terms if is_single(term)):
        where += f" and d.text like :single{index}"
        parameters[f"single{index}"] = f"%{term}%"
    columns = "r.id as report, r.year, coalesce(nullif(u.full_name, ''), u.name) as unit, d.title, d.text"
    if match:
        parameters |= _in_index(match, narrow)
        # A cross join keeps the order of the tables: the index says which reports, in its order, until there are enough.
        sql = (
            f"select {columns} from report_fts f cross join {_SOURCE} where f.report_fts match :match and f.rowid >= :low and f.rowid < :high "
            f"and r.n = (f.rowid & 4294967295) and {where} order by f.rowid desc limit :limit"
        )
    else:
        sql = f"select {columns} from {_SOURCE} where {where} order by r.in_order desc limit :limit"
    rows = list(db.query(sql, {**parameters, "limit": limit}))
    for row in sorted(rows, key=lambda row: (-row["year"], row["report"])):
        text = row.pop("text")
        yield {**row, "snippet": snippet(text, terms)}


def _in_index(match: str, narrow: Filter) -> dict[str, Any]:
    """The parameters of a search in the index: the query, and between which rows."""
    also = narrow.match()
    words = f"{TEXT} : ({match})" + (f" AND {also}" if also else "")
    low, high = (narrow.year, narrow.year + 1) if narrow.year else (0, 1 << 16)
    return {"match": words, "low": low << 32, "high": high << 32}


def snippet(text: str, terms: list[str]) -> str:
    """The words around the first term that occurs, on one line, the term in brackets 【】."""
    for term in terms:
        spaced = r"[ \u00a0\u3000]*".join(re.escape(character) for character in term.strip())
        if match := re.search(spaced, text, re.IGNORECASE):
            before = " ".join(text[max(0, match.start() - CONTEXT) : match.start()].split())
            after = " ".join(text[match.end() : match.end() + CONTEXT].split())
            return f"…{before}【{' '.join(match[0].split())}】{after}…"
    return ""
