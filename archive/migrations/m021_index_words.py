"""The index of words cuts at spaces alone, because `bigrams.tokens` has told the words and their case: FTS5's own table of letters was more than a third of its time.

What is indexed is written anew when the catalogue is next opened.
"""

from __future__ import annotations

from sqlite_utils import Database

from . import run
from .m017_index_writing import HASH_SIZE
from .m019_index_joining import SETTINGS

WORDS = """
drop table report_fts;
create virtual table report_fts using fts5 (title, text, about, content='', tokenize='ascii');
delete from indexed
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, WORDS)
    for option, value in ({"hashsize": HASH_SIZE} | SETTINGS).items():
        db.execute("insert into report_fts (report_fts, rank) values (?, ?)", [option, value])
