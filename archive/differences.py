"""What differs between two versions of a report: cells of its tables, sentences by section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlite_utils import Database

from extract import sections
from extract.forms import label_of

Row = dict[str, Any]
_SENTENCE = re.compile(r"[^。！？；]+[。！？；]?[”』）)]*")


def versions(db: Database, report: str) -> list[Row]:
    """The versions of a report in order: seq, first and last seen, stated date, title, pages, document, url, current."""
    return list(
        db.query(
            "select v.seq, v.first_seen, v.last_seen, v.stated_date, v.title, v.pages, v.document, v.id as version, "
            "(select s.url from sighting s join version w on w.id = s.version where w.id = v.id and s.role = 'best' order by s.document = w.document desc, s.first_seen, s.url limit 1) as url, "
            "(select count(*) from version_figure f where f.version_n = v.n) as figures, v.id = r.current as current "
            "from version v join report r on r.id = v.report where v.report = ? order by v.seq",
            [report],
        )
    )


def cells(db: Database, before: str, after: str) -> dict[str, list[str | None]]:
    """The cells that differ by path: old and new as printed, null where it is not printed."""
    return {row["path"]: [row["old"], row["new"]] for row in cell_rows(db, before, after)}


def cell_rows(db: Database, before: str, after: str) -> list[Row]:
    """The cells whose value or state differs: path, label, old and new as printed, their states (None: not printed)."""
    parameters = {"before": before, "after": after}
    rows = db.query(
        "select path, n.form, o.written as old, n.written as new, o.state as old_state, n.state as new_state "
        "from figure o join figure n using (path) "
        "where o.version = :before and n.version = :after and (o.value is not n.value or o.state <> n.state) "
        "union all select path, form, written, null, state, null from figure where version = :before "
        "and path not in (select path from figure where version = :after) "
        "union all select path, form, null, written, null, state from figure where version = :after "
        "and path not in (select path from figure where version = :before)",
        parameters,
    )
    found = [{"path": row["path"], "label": label_of(row["path"], row["form"]), **row} for row in list(rows)]
    return [{key: row[key] for key in row if key != "form"} for row in sorted(found, key=lambda row: str(row["path"]))]


def text_rows(db: Database, before: str, after: str) -> list[Row]:
    """The sentences outside of the tables that only one of two versions has: section (0 before the first), change, text.

    A sentence that changed is one removed and one added.
    """
    old, new = _sentences(db, before), _sentences(db, after)
    rows: list[Row] = []
    for what, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            rows += [{"section": n, "change": "removed", "text": text} for n, text in old[start:end]]
            rows += [{"section": n, "change": "added", "text": text} for n, text in new[begin:stop]]
    return rows


def _sentences(db: Database, version: str) -> list[tuple[int, str]]:
    """The sentences of a version with their sections; of a document that carries several reports, those of its own."""
    row = next(
        db.query(
            "select d.text, (select count(distinct report) from version w where w.document = v.document) as reports "
            "from version v join document d on d.sha256 = v.document where v.id = ?",
            [version],
        )
    )
    if row["reports"] == 1:
        return list(_numbered(row["text"].splitlines()))
    own = db.query("select n, heading, text from section where version = ? order by n", [version])
    return [
        (each["n"], sentence) for each in list(own) for line in (each["heading"], *each["text"].splitlines())
        for sentence in split(line)
    ]  # fmt: skip


def _numbered(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    section = 0
    for line in lines:
        if found := sections.heading(line):
            section = found[0]
        yield from ((section, sentence) for sentence in split(line))


def split(line: str) -> list[str]:
    """The sentences of a paragraph; none of a row of a table, whose cells are parted by tabs."""
    if "\t" in line:
        return []
    return [sentence.strip() for sentence in _SENTENCE.findall(line) if sentence.strip()]
